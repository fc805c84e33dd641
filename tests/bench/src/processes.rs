//! Processes that go on, seen through `/proc`.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::child::{TICKS, account};

/// A process and all below it: a window is several.
pub(crate) fn family(head: u32) -> Vec<u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    let all: Vec<(u32, u32)> = entries
        .filter_map(|entry| {
            let pid = entry.file_name().to_str()?.parse().ok()?;
            Some((pid, field(pid, 1)?))
        })
        .collect();
    let mut family = vec![head];
    let mut at = 0;
    while at < family.len() {
        let parent = family[at];
        let children = all.iter().filter(|(_, of)| *of == parent);
        family.extend(children.map(|(pid, _)| *pid));
        at += 1;
    }
    family
}

/// Bytes of a process, what it shares with others divided among them.
pub(crate) fn proportional(pid: u32) -> u64 {
    kib(&format!("/proc/{pid}/smaps_rollup"), "Pss:")
}

/// Bytes that are resident now.
pub(crate) fn resident(pid: u32) -> u64 {
    kib(&format!("/proc/{pid}/status"), "VmRSS:")
}

/// Seconds of the processors since it began.
pub(crate) fn processor(pid: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    account(&stat).map_or(0.0, |(_, cpu)| cpu)
}

/// Seconds since 1970 when it began, to 10 ms.
pub(crate) fn begun(pid: u32) -> Option<f64> {
    let since_boot: u64 = field(pid, 19)?;
    let uptime = fs::read_to_string("/proc/uptime").ok()?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    let uptime: f64 = uptime.split(' ').next()?.parse().ok()?;
    Some(now.as_secs_f64() - uptime + since_boot as f64 / TICKS)
}

/// Asks a child to end, and after a while makes it.
pub(crate) fn end(child: &mut Child, signal: &str) {
    let patience = Duration::from_secs(10);
    tell(&child.id().to_string(), signal);
    let asked = Instant::now();
    while asked.elapsed() < patience {
        if !matches!(child.try_wait(), Ok(None)) {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().ok();
    child.wait().ok();
}

/// Sends a signal to a process, or with a minus before it to a group.
pub(crate) fn tell(whom: &str, signal: &str) {
    let mut kill = Command::new("kill");
    kill.args(["-s", signal, "--", whom]);
    // It may be gone already.
    kill.stdin(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .ok();
}

/// A number of `/proc/PID/stat`, counted behind the name in brackets, which may hold anything.
fn field<T: std::str::FromStr>(pid: u32, at: usize) -> Option<T> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(") ")?;
    rest.split(' ').nth(at)?.parse().ok()
}

fn kib(file: &str, name: &str) -> u64 {
    let text = fs::read_to_string(file).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let kib = line.and_then(|line| line.trim().strip_suffix(" kB"));
    kib.and_then(|kib| kib.parse::<u64>().ok()).unwrap_or(0) * 1_024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_and_its_children_are_found() {
        let me = std::process::id();
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        assert!(family(me).contains(&child.id()));
        assert!(resident(me) >= proportional(me).min(1));
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let age = now.as_secs_f64() - begun(child.id()).unwrap();
        assert!((-0.1..30.0).contains(&age), "{age}");
        end(&mut child, "TERM");
        assert!(!family(me).contains(&child.id()));
    }
}
