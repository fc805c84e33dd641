//! A credential for the length of a request.

use std::fmt;

/// Access key id, secret and, for temporary credentials, a token.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// `SecretId` on COS, AK on OBS, access key id on S3.
    pub access_key: String,
    /// The secret half. Shown nowhere.
    pub secret_key: String,
    /// Session token of a temporary credential. Shown nowhere.
    pub token: Option<String>,
}

/// Only the masked key id.
impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential")
            .field("access_key", &mask(&self.access_key))
            .field("secret_key", &"••••")
            .field("token", &self.token.as_ref().map(|_| "••••"))
            .finish()
    }
}

/// An access key id with its middle masked: enough to tell two apart. Short ids are masked
/// whole.
pub fn mask(access_key: &str) -> String {
    let chars: Vec<char> = access_key.chars().collect();
    if chars.len() < 9 {
        return "••••".to_owned();
    }
    let head: String = chars[..4].iter().collect();
    let tail: String = chars[chars.len() - 4..].iter().collect();
    format!("{head}…{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_neither_secret_nor_token() {
        let credential = Credential {
            access_key: "AKIDEXAMPLE1234".to_owned(),
            secret_key: "TOPSECRET".to_owned(),
            token: Some("TOKENSECRET".to_owned()),
        };
        let shown = format!("{credential:?}");
        assert!(!shown.contains("SECRET"), "{shown}");
        assert!(shown.contains("AKID…1234"), "{shown}");
        assert_eq!(mask("12345678"), "••••");
        assert_eq!(mask("ключ-доступа"), "ключ…тупа");
    }
}
