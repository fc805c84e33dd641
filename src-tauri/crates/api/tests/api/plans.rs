//! What a plan says about objects, however they were selected.

use partway_api::contract::*;

use crate::support::{copy_of, open, s3_place};

const GIB: f64 = 1_073_741_824.0;

fn genome(keys: &[&str], prefixes: &[&str], part_size: Option<f64>) -> CopyRequest {
    let copy = copy_of(s3_place("datasets", ""), keys, s3_place("backup", "in/"));
    CopyRequest {
        options: CopyOptions {
            part_size,
            ..copy.options
        },
        prefixes: Some(prefixes.iter().map(|&one| one.to_owned()).collect()),
        on_conflict: Some(ConflictPolicy::Ask),
        ..copy
    }
}

/// An object's parts, their size, and whether it has any.
fn told(plan: &CopyPlan, key: &str) -> (u32, f64, bool) {
    let item = plan.items.iter().find(|item| item.source_key == key);
    let item = item.unwrap_or_else(|| panic!("{key} is not in {:?}", plan.items));
    (item.parts, item.part_size, item.multipart)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_is_planned_with_the_parts_its_objects_have_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let api = open(folder.path()).await;
    api.start_demo(Nothing {}).await.unwrap();
    let key = "genome/sample-0001.bam";
    for (part_size, expected) in [(None, 1.0), (Some(3.0 * GIB), 3.0), (Some(5.0 * GIB), 5.0)] {
        let whole = api.plan_copy(genome(&[], &["genome/"], part_size)).await;
        let named = api.plan_copy(genome(&[key], &[], part_size)).await;
        let (whole, named) = (told(&whole.unwrap(), key), told(&named.unwrap(), key));
        assert_eq!(whole, named);
        assert!((whole.1 / GIB - expected).abs() < 1e-9, "{whole:?}");
    }
}
