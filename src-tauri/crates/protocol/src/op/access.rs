//! Who may do what with an object: canned ACLs and grants, as headers.

use partway_domain::{Access, Grant, Permission};

use super::Target;
use super::properties::check_value;
use crate::error::RequestError;
use crate::wire::Request;

/// Adds the headers for PUT, Create, a single copy and `PutObjectAcl`.
pub(super) fn with_access(
    target: Target<'_>,
    request: Request,
    access: &Access,
) -> Result<Request, RequestError> {
    match access {
        Access::Inherited => Ok(request),
        Access::Canned(acl) => {
            let offered = target.dialect.object_acls();
            if !offered.contains(&acl.as_str()) {
                return Err(RequestError::Refused {
                    what: format!("the access {acl:?} for an object"),
                    reason: format!("{} has {}", target.dialect.provider(), offered.join(", ")),
                });
            }
            Ok(request.with_header(target.vendor("acl"), acl))
        }
        Access::Grants(grants) => with_grants(target, request, grants),
    }
}

fn with_grants(
    target: Target<'_>,
    request: Request,
    grants: &[Grant],
) -> Result<Request, RequestError> {
    check_count(grants.len())?;
    let mut request = request;
    for permission in Permission::ALL {
        let grantees = grants
            .iter()
            .filter(|grant| grant.permission == permission)
            .map(|grant| target.dialect.grantee(&grant.grantee))
            .collect::<Result<Vec<_>, _>>()?;
        if grantees.is_empty() {
            continue;
        }
        if permission == Permission::Write {
            return Err(RequestError::Refused {
                what: "granting write on an object".to_owned(),
                reason: "only buckets have that permission; grant read, read-acp, write-acp or \
                         full-control"
                    .to_owned(),
            });
        }
        let value = grantees.join(",");
        check_value("a grant", &value)?;
        request = request.with_header(target.vendor(&format!("grant-{permission}")), value);
    }
    Ok(request)
}

/// The most grants any of the providers keeps for one object.
pub(super) fn check_count(grants: usize) -> Result<(), RequestError> {
    const MOST: usize = 1000;
    if grants <= MOST {
        return Ok(());
    }
    Err(RequestError::Refused {
        what: format!("{grants} grants on one object"),
        reason: format!("at most {MOST} are kept; use a policy of the bucket"),
    })
}

/// An id that stays within its quotes.
pub(crate) fn check_grantee(id: &str) -> Result<(), RequestError> {
    let fits = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | ',' | '\\');
    if !id.is_empty() && id.chars().all(fits) {
        return Ok(());
    }
    Err(RequestError::Refused {
        what: format!("the grantee {id:?}"),
        reason: "it is empty or has a quote, a comma, a blank or a character outside ASCII; give \
                 the account's id as the provider shows it"
            .to_owned(),
    })
}
