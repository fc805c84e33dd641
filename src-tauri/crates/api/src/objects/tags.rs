//! Tags of an object.

use partway_protocol::op::{DeleteObjectTagging, GetObjectTagging, PutObjectTagging};

use crate::api::Api;
use crate::contract::{ObjectRef, ObjectTags, PutObjectTags};
use crate::error::ApiError;

/// Most tags an object has with every provider.
const MOST_TAGS: usize = 10;

impl Api {
    /// The tags of an object, in the server's order.
    pub async fn object_tags(&self, object: ObjectRef) -> Result<ObjectTags, ApiError> {
        let subject = self.subject(object).await?;
        let operation = GetObjectTagging {
            bucket: subject.bucket.clone(),
            key: subject.key.clone(),
            version: subject.version.clone(),
        };
        let answer = self
            .engine()
            .call(&subject.account, subject.region(), &operation)
            .await?;
        Ok(ObjectTags {
            tags: answer.output,
        })
    }

    /// Replaces the tags of an object and answers what the server then has.
    pub async fn put_object_tags(&self, put: PutObjectTags) -> Result<ObjectTags, ApiError> {
        check(&put.tags)?;
        let subject = self.subject(put.object.clone()).await?;
        let (account, region) = (&subject.account, subject.region());
        let (bucket, key, version) = (
            subject.bucket.clone(),
            subject.key.clone(),
            subject.version.clone(),
        );
        if put.tags.is_empty() {
            let operation = DeleteObjectTagging {
                bucket,
                key,
                version,
            };
            self.engine().call(account, region, &operation).await?;
        } else {
            let operation = PutObjectTagging {
                bucket,
                key,
                version,
                tags: put.tags,
            };
            self.engine().call(account, region, &operation).await?;
        }
        self.object_tags(put.object).await
    }
}

/// Refuses what no provider takes before anything is sent.
pub(super) fn check(tags: &[(String, String)]) -> Result<(), ApiError> {
    if tags.len() > MOST_TAGS {
        return Err(ApiError::input(
            "tags",
            format!("an object has at most {MOST_TAGS} tags; leave some out"),
        ));
    }
    for (at, (name, _)) in tags.iter().enumerate() {
        if name.is_empty() {
            return Err(ApiError::input(
                "tags",
                "a tag has no name; give it one or remove it",
            ));
        }
        if tags.iter().take(at).any(|(other, _)| other == name) {
            return Err(ApiError::input(
                "tags",
                format!("two tags are named {name:?}; an object has each name once"),
            ));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_provider_takes_is_refused_here() {
        let tag = |name: &str| (name.to_owned(), String::new());
        assert!(check(&[tag("a"), tag("b")]).is_ok());
        assert!(check(&[tag("a"), tag("a")]).is_err());
        assert!(check(&[tag("")]).is_err());
        let many: Vec<_> = (0..11).map(|n| tag(&n.to_string())).collect();
        assert!(check(&many).is_err());
    }
}
