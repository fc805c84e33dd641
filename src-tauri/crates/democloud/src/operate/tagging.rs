//! Tags of an object: read, replaced as a whole, removed.

use std::sync::Arc;

use super::{Scene, attach};
use crate::answer::Answer;
use crate::call::Form;
use crate::refusal::Refusal;
use crate::store::object::Version;
use crate::xml::Element;

/// `GetObjectTagging`. Without tags COS answers 404, the others an empty set.
pub(super) fn read(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let call = scene.call;
    let (bucket, key) = call.object()?;
    let version = scene.version(bucket, key)?;
    let tags = &version.attached.tags;
    if tags.is_empty() && call.form == Form::Cos {
        return Err(Refusal::new(404, "NoSuchTagSet", "The object has no tags."));
    }
    Ok(Answer::xml(call, "Tagging", |xml| {
        xml.nest("TagSet", |xml| {
            for (key, value) in tags {
                xml.nest("Tag", |xml| {
                    xml.leaf("Key", key);
                    xml.leaf("Value", value);
                });
            }
        });
    }))
}

/// `PutObjectTagging`.
pub(super) fn write(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    let body = Element::read(&scene.call.body, "Tagging")?;
    let set = body.child("TagSet").ok_or_else(Refusal::malformed_xml)?;
    let mut tags = Vec::new();
    for tag in set.all("Tag") {
        let key = tag.text_of("Key").ok_or_else(Refusal::malformed_xml)?;
        tags.push((
            key.to_owned(),
            tag.text_of("Value").unwrap_or("").to_owned(),
        ));
    }
    attach::check_tags(scene.call.provider, &tags)?;
    replace(scene, tags, 200)
}

/// `DeleteObjectTagging`.
pub(super) fn remove(scene: &mut Scene<'_>) -> Result<Answer, Refusal> {
    replace(scene, Vec::new(), 204)
}

fn replace(
    scene: &mut Scene<'_>,
    tags: Vec<(String, String)>,
    status: u16,
) -> Result<Answer, Refusal> {
    let (bucket, key) = scene.call.object()?;
    let mut version = Version::clone(&*scene.version(bucket, key)?);
    Arc::make_mut(&mut version.attached).tags = tags;
    scene.store.replace(bucket, key, version, scene.library)?;
    Ok(Answer::empty(status))
}
