//! Folder markers, and objects copied onto themselves with something changed.

use partway_domain::{
    Access, AtRest, ConflictPolicy, CopyOptions, CopyTerms, Grantee, JobKind, Key, KeyService,
    Permission, Prefix,
};
use partway_engine as engine;
use partway_engine::objects::errand::ObjectSet as Set;
use partway_protocol::op::{
    Attributes, Encrypted, GetObjectAcl, HeadObject, ObjectHead, PutObject, Terms,
};

use super::{Subject, class_of};
use crate::api::Api;
use crate::contract::{ChangeObjects, JobStarted, MakeFolder, Nothing, ObjectRef, ObjectSet};
use crate::copy::{bad_name, place};
use crate::error::ApiError;

/// Objects that one change takes on: each is looked at before the job begins.
const MOST_CHANGED: usize = 10_000;

impl Api {
    /// Makes a folder: a zero-byte object whose key ends with `/`. What is there stays.
    pub async fn make_folder(&self, wanted: MakeFolder) -> Result<Nothing, ApiError> {
        let account = self.account(&wanted.place.account).await?;
        let place = place(wanted.place)?;
        let name = wanted.name.trim_end_matches('/');
        if name.is_empty() {
            return Err(ApiError::input("name", "give the folder a name"));
        }
        let key = place
            .prefix
            .join(&format!("{name}/"))
            .map_err(|error| bad_name("name", &error))?;
        let region = place.region.as_deref();
        let head = HeadObject {
            bucket: place.bucket.clone(),
            key: key.clone(),
            version: None,
            customer_key: None,
        };
        match self.engine().call(&account, region, &head).await {
            Ok(_) => {
                return Err(ApiError::input(
                    "name",
                    "a folder of this name exists already",
                ));
            }
            Err(failure) if failure.kind == partway_domain::FailureKind::NoSuchSource => {}
            Err(failure) => return Err(failure.into()),
        }
        let put = PutObject {
            bucket: place.bucket,
            key,
            body: Vec::new(),
            attributes: Attributes::default(),
            terms: Terms::default(),
        };
        self.engine().call(&account, region, &put).await?;
        Ok(Nothing {})
    }

    /// Starts a job that copies objects onto themselves, changed. A single object keeps its
    /// encryption and what is granted on it; of many, bucket and provider decide.
    pub async fn change_objects(&self, change: ChangeObjects) -> Result<JobStarted, ApiError> {
        self.account(&change.objects.place.account).await?;
        let single = match (&change.objects.keys[..], &change.objects.prefixes[..]) {
            ([key], []) => Some(ObjectRef {
                place: change.objects.place.clone(),
                key: key.clone(),
                version: None,
                key_md5: None,
            }),
            _ => None,
        };
        let set = set(change.objects)?;
        let keys = self.engine().keys_of(&set, MOST_CHANGED).await?;
        let mut options = CopyOptions {
            storage_class: change.storage_class.filter(|class| !class.is_empty()),
            ..CopyOptions::default()
        };
        if let Some(object) = single {
            let (head, terms) = self.as_it_is(object).await?;
            options.terms = terms;
            // What is changed is said by the class as well, so that a copy onto itself is meant.
            options
                .storage_class
                .get_or_insert_with(|| class_of(&head).to_owned());
        } else if change.properties.is_some() {
            return Err(ApiError::input(
                "properties",
                "metadata is given to one object at a time",
            ));
        }
        if options.storage_class.is_none() {
            return Err(ApiError::input(
                "storage_class",
                "nothing is to be changed; choose a class",
            ));
        }
        let objects = keys.into_iter().map(|key| (key, None));
        let request = onto_itself(set.place, objects, options)?;
        let job = match change.properties {
            None => self.engine().start(&request).await?,
            Some(new) => {
                let properties = crate::copy::properties(new);
                self.engine()
                    .start_with_properties(request, properties)
                    .await?
            }
        };
        Ok(JobStarted {
            job: crate::view::number(job.0),
        })
    }

    /// Makes an older version the current one, by copying it onto its own key.
    pub async fn bring_back(&self, object: ObjectRef) -> Result<JobStarted, ApiError> {
        let place = place(object.place.clone())?;
        let (head, terms) = self.as_it_is(object.clone()).await?;
        let subject = self.subject(object).await?;
        let options = CopyOptions {
            storage_class: Some(class_of(&head).to_owned()),
            terms,
            // That what is current is replaced is what is asked for.
            on_conflict: ConflictPolicy::Overwrite,
            ..CopyOptions::default()
        };
        let objects = std::iter::once((subject.key, subject.version));
        let request = onto_itself(place, objects, options)?;
        let job = self.engine().start(&request).await?;
        Ok(JobStarted {
            job: crate::view::number(job.0),
        })
    }

    /// An object's HEAD, and the terms under which a copy of it would be as it is.
    async fn as_it_is(&self, object: ObjectRef) -> Result<(ObjectHead, CopyTerms), ApiError> {
        let key_md5 = object.key_md5.clone();
        let subject = self.subject(object).await?;
        let head = self
            .engine()
            .call(&subject.account, subject.region(), &subject.head())
            .await?
            .output;
        let terms = CopyTerms {
            encryption: at_rest(head.encrypted.as_ref(), key_md5.as_ref()),
            access: self.granted(&subject).await,
            source_key_md5: key_md5,
            ..CopyTerms::default()
        };
        Ok((head, terms))
    }

    /// What is granted on an object beside its owner's rights, as far as a copy can be given it.
    async fn granted(&self, subject: &Subject) -> Access {
        let operation = GetObjectAcl {
            bucket: subject.bucket.clone(),
            key: subject.key.clone(),
            version: subject.version.clone(),
        };
        let asked = self
            .engine()
            .call(&subject.account, subject.region(), &operation)
            .await;
        // Whoever may not read it gets what a copy gets without being asked.
        let Ok(answer) = asked else {
            return Access::Inherited;
        };
        let policy = answer.output;
        let owner = policy.owner.map(Grantee::Id);
        let mut others = policy
            .grants
            .into_iter()
            .filter(|grant| Some(&grant.grantee) != owner.as_ref());
        match (others.next(), others.next()) {
            (Some(only), None)
                if only.grantee == Grantee::Everyone && only.permission == Permission::Read =>
            {
                Access::Canned("public-read".to_owned())
            }
            _ => Access::Inherited,
        }
    }
}

fn onto_itself(
    place: engine::Place,
    objects: impl Iterator<Item = (Key, Option<partway_domain::VersionId>)>,
    options: CopyOptions,
) -> Result<engine::CopyRequest, ApiError> {
    let place = engine::Place {
        prefix: Prefix::root(),
        ..place
    };
    let objects: Vec<_> = objects
        .map(|(key, version)| engine::ObjectRef {
            key,
            version,
            rename: None,
        })
        .collect();
    if objects.is_empty() {
        return Err(ApiError::input("keys", "there is nothing to be changed"));
    }
    Ok(engine::CopyRequest {
        kind: JobKind::Copy,
        source: place.clone(),
        selection: engine::CopySelection {
            objects,
            prefixes: Vec::new(),
        },
        destination: place,
        options,
        refuse_existing: false,
    })
}

fn at_rest(encrypted: Option<&Encrypted>, key_md5: Option<&String>) -> AtRest {
    if let Some(key_md5) = key_md5 {
        return AtRest::Customer {
            key_md5: key_md5.clone(),
        };
    }
    match encrypted {
        None => AtRest::BucketDefault,
        Some(encrypted) if encrypted.algorithm.contains("kms") => AtRest::KeyService(KeyService {
            key_id: encrypted.key_id.clone(),
            dual_layer: encrypted.algorithm.ends_with("dsse"),
            ..KeyService::default()
        }),
        Some(_) => AtRest::Provider,
    }
}

/// Objects and prefixes in the engine's words.
pub(super) fn set(objects: ObjectSet) -> Result<Set, ApiError> {
    Ok(Set {
        place: place(objects.place)?,
        keys: objects
            .keys
            .into_iter()
            .map(|key| Key::parse(key).map_err(|error| bad_name("keys", &error)))
            .collect::<Result<_, _>>()?,
        prefixes: objects
            .prefixes
            .into_iter()
            .map(|prefix| Prefix::parse(prefix).map_err(|error| bad_name("prefixes", &error)))
            .collect::<Result<_, _>>()?,
    })
}
