//! One entry per account, and what its refusals mean.

use keyring::{Entry, Error};
use partway_domain::AccountId;

use crate::sealed::Sealed;

/// What the entries of this program are filed under.
const SERVICE: &str = "partway";

/// Why the keyring did not do it.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Nothing on this computer answers as a keyring.
    NoKeyring(String),
    /// It answers, but is locked, was not unlocked, or has nowhere to put a secret.
    Closed(String),
    /// Anything else.
    Other(String),
}

impl Refusal {
    /// One sentence for the user, without a full stop.
    pub(crate) fn reason(&self) -> String {
        match self {
            Self::NoKeyring(detail) => {
                format!(
                    "no keyring service answers on this computer ({detail}); start one, such as \
                     GNOME Keyring or KWallet, and save the secret again"
                )
            }
            Self::Closed(detail) => format!(
                "the keyring is locked or not set up ({detail}); unlock it and save the secret again"
            ),
            Self::Other(detail) => format!("the keyring did not take part ({detail})"),
        }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        match error {
            Error::NoDefaultStore | Error::NotSupportedByStore(_) => {
                Self::NoKeyring(error.to_string())
            }
            Error::NoStorageAccess(reason) => Self::Closed(reason.to_string()),
            // Their text could show what is stored.
            Error::BadEncoding(_) | Error::BadDataFormat(..) => {
                Self::Other("its entry cannot be read".to_owned())
            }
            Error::Ambiguous(entries) => Self::Other(format!(
                "{} entries claim to be this account's; remove all but one",
                entries.len()
            )),
            other => Self::Other(other.to_string()),
        }
    }
}

/// The secret of an account, if the keyring has one.
pub(crate) fn read(account: &AccountId) -> Result<Option<Sealed>, Refusal> {
    match entry(account)?.get_secret() {
        Ok(bytes) => Ok(Some(Sealed::from_bytes(bytes))),
        Err(Error::NoEntry) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Files a secret, over the one that may be there.
pub(crate) fn write(account: &AccountId, sealed: &Sealed) -> Result<(), Refusal> {
    Ok(entry(account)?.set_secret(sealed.as_bytes())?)
}

/// Removes the secret; one that is not there is no refusal.
pub(crate) fn delete(account: &AccountId) -> Result<(), Refusal> {
    match entry(account)?.delete_credential() {
        Ok(()) | Err(Error::NoEntry) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

fn entry(account: &AccountId) -> Result<Entry, Refusal> {
    // Asked first: an entry alone would only say that there is no store, not why.
    if let Err(error) = Entry::store_status() {
        return Err(Refusal::NoKeyring(error.to_string()));
    }
    Ok(Entry::new(SERVICE, &account.0)?)
}
