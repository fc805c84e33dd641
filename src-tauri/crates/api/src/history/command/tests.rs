use partway_domain::{
    Access, AccountId, AtRest, Bucket, CopyOptions, CopyTerms, DailyWindow, Key, Prefix,
    Properties, Replaced,
};
use partway_journal::Journal;
use partway_journal::table::job::{Beginning, NewJob, NewTransfer};
use partway_journal::table::scan::NewScan;

use super::*;

fn transfer(from: &str, to: &str) -> NewTransfer {
    NewTransfer {
        source_key: Key::parse(from.to_owned()).unwrap(),
        source_version: None,
        destination_key: Key::parse(to.to_owned()).unwrap(),
        size: 1,
        pin: None,
        beginning: Beginning::Queued,
    }
}

fn job(transfers: &[(&str, &str)], prefixes: &[&str]) -> NewJob {
    NewJob {
        kind: JobKind::Copy,
        created_ms: 1,
        source_account: AccountId("1".to_owned()),
        source_bucket: Bucket::parse("from-1250000000".to_owned()).unwrap(),
        source_region: String::new(),
        destination_account: AccountId("2".to_owned()),
        destination_bucket: Bucket::parse("to-1250000000".to_owned()).unwrap(),
        destination_region: String::new(),
        destination_prefix: Prefix::parse("in/".to_owned()).unwrap(),
        options: CopyOptions::default(),
        transfers: transfers
            .iter()
            .map(|(from, to)| transfer(from, to))
            .collect(),
        scans: prefixes
            .iter()
            .map(|prefix| NewScan {
                source_prefix: Prefix::parse((*prefix).to_owned()).unwrap(),
                destination_prefix: Prefix::parse("in/".to_owned()).unwrap(),
            })
            .collect(),
    }
}

fn told(job: NewJob) -> CommandLine {
    let folder = tempfile::tempdir().unwrap();
    let journal = Journal::open(folder.path()).unwrap().journal;
    let id = journal.add_job(job).unwrap();
    let asked = again::asked(&journal, id, false).unwrap();
    let side = |account, bucket| Side {
        scheme: "cos",
        account,
        bucket,
    };
    command(
        &asked,
        side("work", "from-1250000000"),
        side("other work", "to-1250000000"),
    )
}

#[test]
fn an_object_that_kept_its_name() {
    let command = told(job(&[("a/b.bin", "in/b.bin")], &[]));
    assert_eq!(
        command.text,
        "partway-cli cp --on-conflict ask --parts-at-once 0 -- \
         cos://work@from-1250000000/a/b.bin 'cos://other work@to-1250000000/in/'"
    );
    assert_eq!(command.lacks, [""; 0]);
}

#[test]
fn no_key_can_become_a_command_of_the_shell() {
    let evil = "a/$(rm -rf ~)'; echo `x` \"y\".bin";
    let command = told(job(&[(evil, "in/new name")], &[]));
    assert!(
        command.text.ends_with(
            r#"'cos://work@from-1250000000/a/$(rm -rf ~)'\''; echo `x` "y".bin' 'cos://other work@to-1250000000/in/new name'"#
        ),
        "{}",
        command.text
    );
}

#[test]
fn a_folder_is_copied_with_what_is_in_it() {
    let command = told(job(&[], &["logs/"]));
    assert!(
        command.text.starts_with("partway-cli cp -r "),
        "{}",
        command.text
    );
    assert!(command.text.contains(" cos://work@from-1250000000/logs/ "));
}

#[test]
fn settings_are_said_and_secrets_only_named() {
    let mut asked = job(&[("a", "in/a"), ("b", "in/c")], &[]);
    asked.kind = JobKind::Move;
    asked.options = CopyOptions {
        part_size: Some(1 << 30),
        parts_at_once: 32,
        storage_class: Some("STANDARD_IA".to_owned()),
        terms: CopyTerms {
            encryption: AtRest::Customer {
                key_md5: "MD5-OF-THE-KEY==".to_owned(),
            },
            access: Access::Canned("private".to_owned()),
            source_key_md5: None,
            replaced: Replaced {
                properties: Some(Properties {
                    headers: vec![("expires".to_owned(), "0".to_owned())],
                    metadata: vec![("a".to_owned(), "b c".to_owned())],
                }),
                tags: Some(Vec::new()),
            },
        },
        on_conflict: ConflictPolicy::KeepBoth,
        priority: Priority::Low,
        schedule: partway_domain::Schedule {
            start_at_ms: None,
            window: Some("22:00-06:00".parse::<DailyWindow>().unwrap()),
        },
        ..CopyOptions::default()
    };
    let command = told(asked);
    assert!(
        command.text.starts_with(
            "partway-cli mv --on-conflict keep-both --part-size 1073741824 --parts-at-once 32 \
             --storage-class STANDARD_IA --acl private --header expires=0 --meta 'a=b c' \
             --no-tags --encryption customer --key-file KEY-FILE \
             --priority low --window 22:00-06:00 -- "
        ),
        "{}",
        command.text
    );
    assert!(!command.text.contains("MD5"));
    // The second of them was renamed, which one command for several cannot say.
    assert_eq!(command.lacks, ["key_file", "names"]);
}
