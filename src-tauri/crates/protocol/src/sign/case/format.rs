//! The format of cases: what is known is read, what is not is passed over.

use serde::{Deserialize, Deserializer};

use super::CaseError;
use crate::credential::Credential;

/// Which signature a case is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum CaseDialect {
    /// `cos`
    Cos,
    /// `obs-native` or `obs`
    ObsNative,
    /// `obs-v2`
    ObsV2,
    /// `aws-v2`
    AwsV2,
    /// `sigv4` or `s3`
    SigV4,
}

impl std::str::FromStr for CaseDialect {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.to_ascii_lowercase().as_str() {
            "cos" => Ok(Self::Cos),
            "obs-native" | "obs" => Ok(Self::ObsNative),
            "obs-v2" => Ok(Self::ObsV2),
            "aws-v2" | "sigv2" => Ok(Self::AwsV2),
            "sigv4" | "aws-v4" | "s3" => Ok(Self::SigV4),
            _ => Err(format!(
                "there is no signing dialect {text:?}; use cos, obs-native (or obs), obs-v2, aws-v2 or sigv4 (or s3)"
            )),
        }
    }
}

impl TryFrom<String> for CaseDialect {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// Where the signature travels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// In `Authorization`.
    #[default]
    Header,
    /// In the query.
    Presign,
}

/// Where the bucket's name stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Addressing {
    /// In the host.
    Virtual,
    /// In the path.
    Path,
    /// The host is the bucket.
    Cname,
}

/// One case, ready to be signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// Which signature.
    pub dialect: CaseDialect,
    /// Where the signature travels.
    pub kind: Kind,
    /// In capitals.
    pub method: String,
    /// `https` unless it says otherwise.
    pub scheme: String,
    /// With the port, if it is not the scheme's own.
    pub host: String,
    /// Exactly as on the wire, without query.
    pub path: String,
    /// Decoded; `None` where there is none.
    pub bucket: Option<String>,
    /// Decoded; `None` where there is none.
    pub key: Option<String>,
    /// Where the bucket stands; guessed from the host when the case does not say.
    pub addressing: Option<Addressing>,
    /// Decoded; `None` is a sub-resource without `=`.
    pub query: Vec<(String, Option<String>)>,
    /// Headers that take part in the signature.
    pub headers: Vec<(String, String)>,
    /// Headers that are sent beside them.
    pub unsigned_headers: Vec<(String, String)>,
    /// Id, secret and token.
    pub credential: Credential,
    /// The frozen clock, ISO 8601.
    pub clock: Option<String>,
    /// COS: Unix seconds.
    pub sign_start: Option<i64>,
    /// COS: Unix seconds.
    pub sign_end: Option<i64>,
    /// Presigned: Unix seconds with version 2, seconds of validity with version 4.
    pub expires: Option<i64>,
    /// Version 4: `20260314T092653Z`.
    pub amz_date: Option<String>,
    /// Version 4: the body.
    pub body_base64: Option<String>,
    /// Version 4: digest of a body that is not given.
    pub payload_hash: Option<String>,
    /// Version 4: `us-east-1` unless it says otherwise.
    pub region: String,
    /// Version 4: `s3` unless it says otherwise.
    pub service: String,
    /// What the official signer made of it, if known.
    pub expected: serde_json::Map<String, serde_json::Value>,
    /// What is special about it.
    pub note: Option<String>,
}

/// Reads a file of cases, a list of cases or a single case. `dialect` is asked only where the
/// text names none.
pub fn read(json: &str, dialect: Option<CaseDialect>) -> Result<Vec<Case>, CaseError> {
    let fault = |error: serde_json::Error| CaseError::Format(error.to_string());
    // Some editors put a byte order mark before it.
    let json = json.trim_start_matches('\u{feff}');
    let value: serde_json::Value = serde_json::from_str(json).map_err(fault)?;
    let (raw, dialect) = match value {
        serde_json::Value::Array(cases) => (cases, dialect),
        serde_json::Value::Object(mut file) if file.contains_key("cases") => {
            let of_file = file
                .get("dialect")
                .and_then(serde_json::Value::as_str)
                .and_then(|name| name.parse().ok());
            match file.remove("cases") {
                Some(serde_json::Value::Array(cases)) => (cases, of_file.or(dialect)),
                _ => return Err(CaseError::Format("\"cases\" is not a list".to_owned())),
            }
        }
        case => (vec![case], dialect),
    };
    raw.into_iter()
        .map(|case| {
            let raw: Raw = serde_json::from_value(case).map_err(fault)?;
            raw.case(dialect)
        })
        .collect()
}

#[derive(Deserialize)]
struct Raw {
    #[serde(default)]
    name: String,
    dialect: Option<CaseDialect>,
    #[serde(default)]
    kind: Kind,
    method: String,
    scheme: Option<String>,
    #[serde(default)]
    host: String,
    path: String,
    bucket: Option<String>,
    key: Option<String>,
    addressing: Option<Addressing>,
    #[serde(default)]
    query: Option<Vec<(String, Text)>>,
    #[serde(default)]
    headers: Option<Vec<(String, Text)>>,
    #[serde(default)]
    unsigned_headers: Option<Vec<(String, Text)>>,
    credentials: RawCredentials,
    #[serde(default)]
    time: RawTime,
    body_base64: Option<String>,
    payload_hash: Option<String>,
    region: Option<String>,
    service: Option<String>,
    #[serde(default)]
    expected: Option<serde_json::Map<String, serde_json::Value>>,
    note: Option<String>,
}

#[derive(Deserialize)]
struct RawCredentials {
    #[serde(alias = "secret_id", alias = "access_key_id")]
    access_key: String,
    #[serde(alias = "secret_access_key")]
    secret_key: String,
    #[serde(default, alias = "session_token", alias = "security_token")]
    token: Option<String>,
}

#[derive(Default, Deserialize)]
struct RawTime {
    clock: Option<String>,
    #[serde(default, deserialize_with = "seconds")]
    sign_start: Option<i64>,
    #[serde(default, deserialize_with = "seconds")]
    sign_end: Option<i64>,
    #[serde(default, deserialize_with = "seconds")]
    expires: Option<i64>,
    amz_date: Option<String>,
}

/// Text, or something that has one obvious text, or null.
#[derive(Deserialize)]
#[serde(untagged)]
enum Text {
    Words(String),
    Number(serde_json::Number),
    Truth(bool),
    None,
}

impl Text {
    fn text(self) -> Option<String> {
        match self {
            Self::Words(text) => Some(text),
            Self::Number(number) => Some(number.to_string()),
            Self::Truth(truth) => Some(truth.to_string()),
            Self::None => None,
        }
    }
}

fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let Some(text) = Text::deserialize(deserializer)?.text() else {
        return Ok(None);
    };
    text.parse()
        .map(Some)
        .map_err(|_| serde::de::Error::custom(format!("{text:?} is not a number of seconds")))
}

impl Raw {
    fn case(self, dialect: Option<CaseDialect>) -> Result<Case, CaseError> {
        let Some(dialect) = self.dialect.or(dialect) else {
            return Err(CaseError::NoDialect { case: self.name });
        };
        let headers = headers(self.headers);
        let host = if self.host.is_empty() {
            headers
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case("host"))
                .map(|(_, value)| value.clone())
                .unwrap_or_default()
        } else {
            self.host
        };
        Ok(Case {
            name: self.name,
            dialect,
            kind: self.kind,
            method: self.method.to_ascii_uppercase(),
            scheme: self.scheme.unwrap_or_else(|| "https".to_owned()),
            host,
            path: self.path,
            bucket: self.bucket,
            key: self.key,
            addressing: self.addressing,
            query: self
                .query
                .unwrap_or_default()
                .into_iter()
                .map(|(name, value)| (name, value.text()))
                .collect(),
            headers,
            unsigned_headers: self::headers(self.unsigned_headers),
            credential: Credential {
                access_key: self.credentials.access_key,
                secret_key: self.credentials.secret_key,
                token: self.credentials.token.filter(|token| !token.is_empty()),
            },
            clock: self.time.clock,
            sign_start: self.time.sign_start,
            sign_end: self.time.sign_end,
            expires: self.time.expires,
            amz_date: self.time.amz_date,
            body_base64: self.body_base64,
            payload_hash: self.payload_hash,
            region: self.region.unwrap_or_else(|| "us-east-1".to_owned()),
            service: self.service.unwrap_or_else(|| "s3".to_owned()),
            expected: self.expected.unwrap_or_default(),
            note: self.note,
        })
    }
}

fn headers(raw: Option<Vec<(String, Text)>>) -> Vec<(String, String)> {
    raw.unwrap_or_default()
        .into_iter()
        .map(|(name, value)| (name, value.text().unwrap_or_default()))
        .collect()
}
