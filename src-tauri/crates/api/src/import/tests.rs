use super::*;
use partway_domain::{Addressing, DialectName};

fn one(contents: Contents, name: &str) -> Found {
    let mut found = contents.found.into_iter();
    found.find(|found| found.name == name).unwrap()
}

fn read(kind: ImportKind, text: &str) -> Contents {
    kind.read(text, Path::new("/nonexistent"))
}

#[test]
fn a_profile_takes_its_place_from_the_other_file() {
    let credentials = "[default]\naws_access_key_id = AKIAEXAMPLE000001\naws_secret_access_key=s1\n\
                       ; a note\n[lab]\naws_access_key_id=AKIAEXAMPLE000002\n\
                       aws_secret_access_key=s=2\naws_session_token=t\n[sso]\n";
    let config = "[default]\nregion = eu-central-1\n[profile lab]\nendpoint_url = http://ceph:7480/\n\
                  s3 =\n  addressing_style = path\n";
    let found = aws::read(credentials, config);
    assert_eq!(found.len(), 3);
    assert_eq!(found[0].endpoint, "https://s3.eu-central-1.amazonaws.com");
    assert_eq!(found[0].addressing, Addressing::VirtualHost);
    assert_eq!(found[1].endpoint, "http://ceph:7480");
    assert_eq!(found[1].addressing, Addressing::Path);
    let lab = found[1].credential.as_ref().unwrap();
    assert_eq!(lab.secret_key, "s=2", "a value may hold the sign");
    assert_eq!(lab.token.as_deref(), Some("t"));
    assert_eq!(obstacle(&found[2], &[]), Some(ImportObstacle::NoKey));
}

#[test]
fn buckets_of_one_region_are_one_account() {
    let text = "cos:\n  base:\n    secretid: AKIDexample1234567890\n    secretkey: \"k\"\n    \
                sessiontoken: \"\"\n  buckets:\n  - name: a-1250000000\n    alias: a\n    \
                region: ap-guangzhou\n    endpoint: cos.ap-guangzhou.myqcloud.com\n  \
                - name: b-1250000000\n    endpoint: cos.ap-guangzhou.myqcloud.com\n  \
                - name: c-1250000000\n    endpoint: cos.ap-shanghai.myqcloud.com\n";
    let found = coscli::read(text);
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].named_buckets, ["a-1250000000", "b-1250000000"]);
    assert_eq!(found[1].region, "ap-shanghai");
    assert_eq!(found[1].credential.as_ref().unwrap().token, None);
}

#[test]
fn encrypted_keys_are_said_to_be() {
    let coscli = "cos:\n  base:\n    secretid: 0a1b2c3d\n    secretkey: ffee\n  buckets:\n  \
                  - name: a-125\n    endpoint: cos.ap-guangzhou.myqcloud.com\n";
    let obsutil = "endpoint=obs.eu-de.otc.t-systems.com\nak=Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4cXV4\n\
                   sk=x\n";
    for (kind, text) in [(ImportKind::Coscli, coscli), (ImportKind::Obsutil, obsutil)] {
        let contents = read(kind, text);
        assert_eq!(
            obstacle(&contents.found[0], &[]),
            Some(ImportObstacle::Encrypted),
            "{kind:?}"
        );
    }
    let rclone = "# Encrypted rclone configuration File\n\nRCLONE_ENCRYPT_V0:\nAAAA\n";
    assert!(read(ImportKind::Rclone, rclone).encrypted);
}

#[test]
fn single_accounts_name_their_region_in_the_host() {
    let obs = read(
        ImportKind::Obsutil,
        "endpoint=https://obs.eu-de.otc.t-systems.com\nak=ABCDEFGHIJKLMNOPQRST\nsk=secret\ntoken=\n",
    );
    let obs = one(obs, "obsutil");
    assert_eq!(
        (obs.region.as_str(), obs.dialect),
        ("eu-de", DialectName::Obs)
    );
    assert_eq!(obstacle(&obs, &[]), None);

    let cos = read(
        ImportKind::Coscmd,
        "[common]\nsecret_id = AKIDx\nsecret_key = y\nbucket = logs-1250000000\nregion = ap-beijing\n",
    );
    let cos = one(cos, "coscmd");
    assert_eq!(cos.endpoint, "https://cos.ap-beijing.myqcloud.com");
    assert_eq!(cos.named_buckets, ["logs-1250000000"]);
}

#[test]
fn remotes_speak_what_their_provider_speaks() {
    let text = "[drive]\ntype = drive\n\n[qq]\ntype = s3\nprovider = TencentCOS\n\
                access_key_id = AKIDx\nsecret_access_key = y\n\
                endpoint = cos.ap-chengdu.myqcloud.com\n\n[minio]\ntype = s3\nprovider = Minio\n\
                access_key_id = m\nsecret_access_key = y\nendpoint = http://10.0.0.1:9000\n\n\
                [role]\ntype = s3\nprovider = AWS\nenv_auth = true\nregion = eu-west-1\n";
    let contents = read(ImportKind::Rclone, text);
    assert_eq!(contents.found.len(), 3);
    let qq = &contents.found[0];
    assert_eq!(
        (qq.dialect, qq.region.as_str()),
        (DialectName::Cos, "ap-chengdu")
    );
    assert_eq!(contents.found[1].addressing, Addressing::Path);
    assert_eq!(
        obstacle(&contents.found[2], &[]),
        Some(ImportObstacle::NoKey)
    );
}

#[test]
fn files_are_named_by_being_there() {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(home.path().join(".aws/credentials")).unwrap();
    std::fs::write(home.path().join(".obsutilconfig"), "ak=x\n").unwrap();
    std::fs::write(home.path().join(".rclone.conf"), "").unwrap();
    let files = files_in(home.path());
    let told: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(told, ["~/.obsutilconfig", "~/.rclone.conf"]);
}

#[test]
fn names_become_fit_for_addresses_and_are_never_taken_twice() {
    assert_eq!(free_name("ops@corp/eu", &[]), "ops-corp-eu");
}
