//! Thawing a cold object.

use super::Scene;
use crate::answer::Answer;
use crate::call::Form;
use crate::options::Provider;
use crate::refusal::Refusal;
use crate::store::object::{Restore, Version};
use crate::xml::Element;

/// How long a thaw takes here unless a switch says otherwise, in milliseconds. The vendors take
/// minutes to days.
const THAW: i64 = 4000;

const DAY: i64 = 24 * 3_600_000;

/// `RestoreObject`: 202 when it begins, 200 when a thawed copy only lives longer.
pub(super) fn begin(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let call = scene.call;
    let (bucket, key) = call.object()?;
    let mut version = Version::clone(&*scene.version(bucket, key)?);
    let body = Element::read(&call.body, "RestoreRequest")?;
    let days: i64 = body
        .text_of("Days")
        .and_then(|text| text.trim().parse().ok())
        .filter(|days| *days >= 1)
        .ok_or_else(Refusal::malformed_xml)?;
    if call.provider == Provider::Obs && days > 30 {
        return Err(Refusal::invalid_argument("Days is a number from 1 to 30."));
    }
    check_tier(call.form, &body)?;
    if !version.attached.is_cold() {
        return Err(match call.provider {
            Provider::Cos => {
                let message = "Only archived objects can be restored.";
                Refusal::new(405, "RestoreNonArchiveObject", message)
            }
            Provider::Obs | Provider::S3 => Refusal::invalid_object_state(),
        });
    }
    let thaw = scene.switches.thaw_millis;
    let thaw = thaw.map_or(THAW, |ms| i64::try_from(ms).unwrap_or(i64::MAX / 4));
    let until = scene.now + thaw + days * DAY;
    let status = match version.restore {
        Some(restore) if scene.now < restore.ready => {
            let message = "Object restore is already in progress.";
            return Err(Refusal::new(409, "RestoreAlreadyInProgress", message));
        }
        Some(restore) if scene.now < restore.expires => {
            if call.provider == Provider::Obs && until < restore.expires {
                let message = "The restored copy already lives longer.";
                return Err(Refusal::new(409, "ObjectHasAlreadyRestored", message));
            }
            version.restore = Some(Restore {
                expires: until,
                ..restore
            });
            200
        }
        _ => {
            version.restore = Some(Restore {
                ready: scene.now + thaw,
                expires: until,
            });
            202
        }
    };
    scene.store.replace(bucket, key, version, scene.library)?;
    Ok(Answer::empty(status))
}

fn check_tier(form: Form, body: &Element) -> Result<(), Refusal> {
    let (element, tiers): (&str, &[&str]) = match form {
        Form::Cos => ("CASJobParameters", &["Expedited", "Standard", "Bulk"]),
        Form::Obs => ("RestoreJob", &["Expedited", "Standard"]),
        Form::ObsAmz => ("GlacierJobParameters", &["Expedited", "Standard"]),
        Form::S3 => ("GlacierJobParameters", &["Expedited", "Standard", "Bulk"]),
    };
    for child in &body.children {
        if child.name == "Days" {
            continue;
        }
        let tier = child.text_of("Tier").unwrap_or("Standard").trim();
        if child.name != element || !tiers.contains(&tier) {
            return Err(Refusal::malformed_xml());
        }
    }
    Ok(())
}
