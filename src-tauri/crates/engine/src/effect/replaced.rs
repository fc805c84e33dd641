//! Headers, metadata and tags that were asked for in place of the source's: what a request is
//! given, and whether HEAD of the copy shows it. Pure but for the question for the tags, which no
//! HEAD answers.

use partway_domain::replaced::Pairs;
use partway_domain::{Compared, Comparison, Failure, FailureKind, Key, Replaced, VersionId};
use partway_protocol::dialect::Dialect;
use partway_protocol::op::{Attributes, GetObjectTagging, ObjectHead, Operation as _};

use crate::call::{Answer, CallError};
use crate::driver::route::Side;
use crate::driver::run::Run;

/// Puts what was asked for in the place of what was read.
pub(crate) fn replace(attributes: &mut Attributes, replaced: &Replaced) {
    if let Some(properties) = &replaced.properties {
        attributes.headers.clone_from(&properties.headers);
        attributes.metadata.clone_from(&properties.metadata);
    }
    if let Some(tags) = &replaced.tags {
        attributes.tags.clone_from(tags);
    }
}

/// What the headers and the metadata are and were to be; `None` where the source's were kept.
fn properties(
    replaced: &Replaced,
    shown: &Attributes,
    dialect: &dyn Dialect,
) -> Option<(Pairs, Pairs)> {
    let asked = replaced.properties.as_ref()?;
    let (mut expected, mut found) = (asked.headers.clone(), Vec::new());
    for (name, _) in &asked.headers {
        let shown = shown.headers.iter().find(|(other, _)| other == name);
        found.extend(shown.cloned());
    }
    // What the server adds to the headers is its own affair; metadata it has no reason to add.
    let prefixed = |(name, value): &(String, String)| (format!("meta-{name}"), value.clone());
    let sent = |(name, value): &(String, String)| (name.clone(), dialect.metadata_value(value));
    expected.extend(asked.metadata.iter().map(sent).map(|pair| prefixed(&pair)));
    found.extend(shown.metadata.iter().map(prefixed));
    expected.sort();
    found.sort();
    Some((expected, found))
}

fn in_words(pairs: &[(String, String)]) -> String {
    if pairs.is_empty() {
        return "none".to_owned();
    }
    let written = pairs.iter().map(|(name, value)| format!("{name}: {value}"));
    written.collect::<Vec<_>>().join("; ")
}

/// How what is there differs from what was asked for, in words; `None` where nothing does.
pub(super) fn difference(lines: &[Comparison]) -> Option<String> {
    let differing: Vec<String> = lines
        .iter()
        .filter(|line| line.differs())
        .map(|line| {
            let what = match line.compared {
                Compared::Tags => "tags",
                _ => "headers and metadata",
            };
            let found = line.found.as_deref().unwrap_or_default();
            format!(
                "the {what} {:?} were asked for, but the copy has {found:?}",
                line.expected
            )
        })
        .collect();
    (!differing.is_empty()).then(|| differing.join("; "))
}

impl Run {
    /// What was replaced beside what the copy has of it.
    pub(super) async fn compare_replaced(
        &self,
        head: &Answer<ObjectHead>,
    ) -> Result<Vec<Comparison>, CallError> {
        let replaced = &self.route.options.terms.replaced;
        let line = |compared, (expected, found): (String, Option<String>), found_from: &str, id| {
            Comparison {
                compared,
                expected,
                expected_from: "what was asked for".to_owned(),
                found,
                found_from: format!("{found_from} of the destination"),
                request_id: id,
            }
        };
        let mut lines = Vec::new();
        if let Some((expected, found)) =
            properties(replaced, &head.output.attributes, self.route.dialect)
        {
            let both = (in_words(&expected), Some(in_words(&found)));
            let id = head.request_id.clone();
            lines.push(line(Compared::Properties, both, "HeadObject", id));
        }
        if let Some(asked) = &replaced.tags {
            let (side, key) = (&self.route.destination, &self.row.destination_key);
            let (found, id) = self
                .tags_at(side, key, head.output.version.as_ref())
                .await?;
            let mut expected = asked.clone();
            expected.sort();
            let both = (in_words(&expected), found.map(|tags| in_words(&tags)));
            lines.push(line(Compared::Tags, both, GetObjectTagging::NAME, id));
        }
        Ok(lines)
    }

    /// The tags of an object, sorted, and the id of the request; `None` where they may not be
    /// read.
    pub(super) async fn tags_at(
        &self,
        side: &Side,
        key: &Key,
        version: Option<&VersionId>,
    ) -> Result<(Option<Pairs>, Option<String>), CallError> {
        let operation = GetObjectTagging {
            bucket: side.bucket.clone(),
            key: key.clone(),
            version: version.cloned(),
        };
        match self.ask(side, &operation).await {
            Ok(answer) => {
                let mut tags = answer.output;
                tags.sort();
                Ok((Some(tags), answer.request_id))
            }
            Err(CallError::Failed { failure, .. }) if hides_tags(&failure) => {
                Ok((None, failure.request_id))
            }
            Err(other) => Err(other),
        }
    }
}

/// What says nothing about the tags themselves.
fn hides_tags(failure: &Failure) -> bool {
    matches!(
        failure.kind,
        FailureKind::AccessDenied | FailureKind::NotSupported | FailureKind::NoSuchSource
    )
}

#[cfg(test)]
mod tests;
