//! What is granted on an object that is changed in its place. The copy that takes that place is
//! given nothing of it unless someone chose, and what was public would be private without a word.
//! Of a copy to elsewhere nobody expects it, and nothing is asked.

use partway_domain::{Access, Capability, CopyOptions, FailureKind, Grantee, Key, VersionId};
use partway_protocol::op::{AccessPolicy, GetObjectAcl, Operation as _};

use super::pin::Ask;
use crate::call::CallError;
use crate::capability::{Known, is_lacking};
use crate::driver::route::Route;
use crate::record::journal_failure;

/// What of the access settings a change in place leaves behind, in words; `None` for nothing.
pub(super) async fn left_behind(
    asker: &impl Ask,
    route: &Route,
    known: &Known,
    options: &CopyOptions,
    (key, version): (&Key, Option<&VersionId>),
) -> Result<Option<String>, CallError> {
    if options.terms.access != Access::Inherited || known.source.lacks(Capability::Acl) {
        return Ok(None);
    }
    let operation = GetObjectAcl {
        bucket: route.source.bucket.clone(),
        key: key.clone(),
        version: version.cloned(),
    };
    match asker.ask(&route.source, &operation).await {
        Ok(answer) => Ok(beside_the_owner(&answer.output)),
        Err(CallError::Failed { failure, .. }) if is_lacking(&failure, GetObjectAcl::NAME) => {
            asker
                .shared()
                .learn_absence(&route.source, Capability::Acl, &failure)
                .await
                .map_err(|error| CallError::local(journal_failure(error)))?;
            Ok(None)
        }
        Err(CallError::Failed { failure, .. })
            if matches!(
                failure.kind,
                FailureKind::AccessDenied | FailureKind::NoSuchSource
            ) =>
        {
            Ok(Some(format!("access, which may not be read: {failure}")))
        }
        Err(other) => Err(other),
    }
}

fn beside_the_owner(policy: &AccessPolicy) -> Option<String> {
    let owner = policy.owner.clone().map(Grantee::Id);
    let others = policy
        .grants
        .iter()
        .filter(|grant| Some(&grant.grantee) != owner.as_ref())
        .map(|grant| match &grant.grantee {
            Grantee::Everyone => format!("{} for everybody", grant.permission),
            Grantee::SignedIn => format!("{} for everybody with an account", grant.permission),
            Grantee::Id(who) | Grantee::Uri(who) => format!("{} for {who}", grant.permission),
        })
        .collect::<Vec<_>>();
    (!others.is_empty()).then(|| format!("access: {}", others.join(", ")))
}

#[cfg(test)]
mod tests {
    use partway_domain::{Grant, Permission};

    use super::*;

    fn policy(grants: &[(Permission, Grantee)]) -> AccessPolicy {
        AccessPolicy {
            owner: Some("me".to_owned()),
            grants: grants
                .iter()
                .cloned()
                .map(|(permission, grantee)| Grant {
                    permission,
                    grantee,
                })
                .collect(),
        }
    }

    #[test]
    fn what_the_owner_may_do_is_nothing_that_gets_lost() {
        let mine = (Permission::FullControl, Grantee::Id("me".to_owned()));
        assert_eq!(beside_the_owner(&policy(&[])), None);
        assert_eq!(beside_the_owner(&policy(std::slice::from_ref(&mine))), None);
        let told = beside_the_owner(&policy(&[
            mine,
            (Permission::Read, Grantee::Everyone),
            (Permission::WriteAcp, Grantee::Id("you".to_owned())),
        ]));
        assert_eq!(
            told.as_deref(),
            Some("access: read for everybody, write-acp for you")
        );
    }
}
