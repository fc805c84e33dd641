//! Ceph's object gateway on a cluster of one: a monitor, a store in memory and the gateway.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use super::daemon::{Daemon, free_ports, run};
use super::{Running, Wire, probe};

const ACCESS_KEY: &str = "JUDGEACCESS";
const SECRET_KEY: &str = "judge-secret-of-the-gateway";

/// Buckets by name below this domain.
const DOMAIN: &str = "rgw.localhost";

const PATIENCE: Duration = Duration::from_secs(90);

pub(super) fn start(folder: &Path) -> Result<Running, String> {
    let [monitor_port, port] = free_ports()?;
    let cluster = Cluster::make(folder, monitor_port, port)?;
    let mut daemons = vec![cluster.daemon("ceph-mon", &["-i", "a", "-f"])?];
    cluster.ceph(&["auth", "import", "-i", "keyring"])?;
    cluster.add_store()?;
    daemons.push(cluster.daemon("ceph-osd", &["-i", "0", "-f"])?);
    cluster.ceph(&[
        "osd",
        "crush",
        "add",
        "osd.0",
        "1.0",
        "root=default",
        "host=judge",
    ])?;
    let mut gateway = cluster.daemon("radosgw", &["-n", "client.rgw.a", "-f"])?;
    gateway.wait_for(PATIENCE, || probe::get(port, "/"))?;
    daemons.push(gateway);
    run(cluster.command("radosgw-admin").args([
        "-n",
        "client.rgw.a",
        "user",
        "create",
        "--uid=judge",
        "--display-name=judge",
        &format!("--access-key={ACCESS_KEY}"),
        &format!("--secret-key={SECRET_KEY}"),
    ]))?;
    Ok(Running {
        version: cluster.version()?,
        access_key: ACCESS_KEY.to_owned(),
        secret_key: SECRET_KEY.to_owned(),
        region: "us-east-1".to_owned(),
        wires: vec![
            Wire::path("s3", port),
            Wire::virtual_host("s3", DOMAIN, port),
            Wire::path("obs-v2", port),
            Wire::virtual_host("obs-v2", DOMAIN, port),
        ],
        _daemons: daemons,
    })
}

struct Cluster<'a> {
    folder: &'a Path,
}

impl<'a> Cluster<'a> {
    /// Writes the settings and keys and makes the monitor's store.
    fn make(folder: &'a Path, monitor_port: u16, port: u16) -> Result<Self, String> {
        let cluster = Self { folder };
        for name in ["mon", "osd", "rgw"] {
            fs::create_dir_all(folder.join(name)).map_err(|error| error.to_string())?;
        }
        let id = fs::read_to_string("/proc/sys/kernel/random/uuid")
            .map_err(|error| format!("no random id: {error}"))?;
        let id = id.trim();
        let settings = settings(folder, id, monitor_port, port);
        fs::write(folder.join("ceph.conf"), settings).map_err(|error| error.to_string())?;
        for (name, may) in [
            ("mon.", &["mon", "allow *"][..]),
            ("client.admin", &["mon", "allow *", "osd", "allow *"]),
            ("osd.0", &["mon", "allow profile osd", "osd", "allow *"]),
            ("client.rgw.a", &["mon", "allow rw", "osd", "allow rwx"]),
        ] {
            let mut command = cluster.command("ceph-authtool");
            command.args(["keyring", "--gen-key", "-n", name]);
            if name == "mon." {
                command.arg("--create-keyring");
            }
            for pair in may.chunks(2) {
                command.arg("--cap").args(pair);
            }
            run(&mut command)?;
        }
        let address = format!("[v2:127.0.0.1:{monitor_port}]");
        run(cluster
            .command("monmaptool")
            .args(["--create", "--fsid", id, "--addv", "a", &address, "monmap"]))?;
        run(cluster.command("ceph-mon").args([
            "-i",
            "a",
            "--mkfs",
            "--monmap",
            "monmap",
            "--keyring",
            "keyring",
        ]))?;
        Ok(cluster)
    }

    fn add_store(&self) -> Result<(), String> {
        let id = fs::read_to_string("/proc/sys/kernel/random/uuid")
            .map_err(|error| format!("no random id: {error}"))?;
        self.ceph(&["osd", "new", id.trim(), "0"])?;
        run(self
            .command("ceph-osd")
            .args(["-i", "0", "--mkfs", "--osd-uuid", id.trim()]))?;
        Ok(())
    }

    /// Its command line waits for the monitor by itself.
    fn ceph(&self, words: &[&str]) -> Result<String, String> {
        let patience = PATIENCE.as_secs().to_string();
        run(self
            .command("ceph")
            .args(["--connect-timeout", &patience])
            .args(words))
    }

    fn daemon(&self, program: &str, words: &[&str]) -> Result<Daemon, String> {
        let log = self.folder.join(format!("{program}.out"));
        Daemon::start(self.command(program).args(words), log)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(self.folder)
            .env("CEPH_CONF", self.folder.join("ceph.conf"));
        command
    }

    /// `ceph version 16.2.15 (…) pacific (stable)`
    fn version(&self) -> Result<String, String> {
        let printed = run(self.command("radosgw").arg("--version"))?;
        let number = printed.split_whitespace().nth(2);
        Ok(number.unwrap_or("unknown").to_owned())
    }
}

/// Without replicas, without sockets in the folder (their paths have a limit), without any of the
/// comfort that costs time to start.
fn settings(folder: &Path, id: &str, monitor_port: u16, port: u16) -> String {
    let folder = folder.display();
    format!(
        "\
[global]
fsid = {id}
keyring = {folder}/keyring
mon host = v2:127.0.0.1:{monitor_port}/0
mon initial members = a
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv6 = false
auth cluster required = cephx
auth service required = cephx
auth client required = cephx
admin socket =
run dir = {folder}
log file = {folder}/$name.log
mon cluster log file = {folder}/cluster.log
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 1000

[mon.a]
mon data = {folder}/mon
mon data avail warn = 2
mon data avail crit = 1

[osd.0]
osd data = {folder}/osd
osd objectstore = memstore
memstore device bytes = 4294967296
osd max object name len = 1024

[client.rgw.a]
rgw data = {folder}/rgw
rgw frontends = beast endpoint=127.0.0.1:{port}
rgw dns name = {DOMAIN}
rgw enable apis = s3, admin
rgw thread pool size = 64
rgw enable ops log = false
rgw enable usage log = false
rgw crypt require ssl = false
rgw relaxed s3 bucket names = true
debug rgw = 1
"
    )
}
