//! Encryption, access, headers, metadata and tags of the copies, on the command line.

use std::path::PathBuf;

use clap::Args;
use partway_api::contract::{CopyTerms, EncryptionKind, ObjectProperties};
use partway_api::{Api, ApiError};

use crate::exit::usage;
use crate::key_file;

#[derive(Debug, Args)]
pub(crate) struct TermsArgs {
    /// Canned ACL of the copies in the provider's word, e.g. public-read.
    #[arg(long, value_name = "WORD", conflicts_with = "grant")]
    acl: Option<String>,

    /// Grant on the copies, e.g. read=100000000001; may be given again. Permissions are read,
    /// read-acp, write-acp and full-control; on S3 the grantee may be everyone or uri:ADDRESS.
    #[arg(long, value_name = "PERMISSION=ID")]
    grant: Vec<String>,

    /// Encryption of the copies: aes256, kms, kms:KEYID, kms-dual-layer[:KEYID] (S3), or
    /// customer with a key of your own from --key-file.
    #[arg(long, value_name = "HOW", value_parser = parse_encryption)]
    encryption: Option<(EncryptionKind, Option<String>)>,

    /// With kms on COS and S3: a name and value bound to the copies; may be given again.
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse_pair, requires = "encryption")]
    kms_context: Vec<(String, String)>,

    /// With --encryption customer: file with the key, 32 bytes in base64, in hexadecimal or as
    /// they are. It is kept in memory only.
    #[arg(long, value_name = "FILE", requires = "encryption")]
    key_file: Option<PathBuf>,

    /// File with the key the sources are encrypted with, likewise.
    #[arg(long, value_name = "FILE")]
    source_key_file: Option<PathBuf>,

    /// Header of the copies, e.g. cache-control=no-cache; may be given again. Together with
    /// --meta it takes the place of all headers and metadata of the sources.
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse_pair)]
    header: Vec<(String, String)>,

    /// User metadata of the copies; may be given again. Together with --header it takes the place
    /// of all headers and metadata of the sources.
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse_pair)]
    meta: Vec<(String, String)>,

    /// Leave the headers and metadata of the sources behind.
    #[arg(long, conflicts_with_all = ["header", "meta"])]
    no_metadata: bool,

    /// Tag of the copies, instead of all tags of the sources; may be given again.
    #[arg(long, value_name = "NAME=VALUE", value_parser = parse_pair)]
    tag: Vec<(String, String)>,

    /// Leave the tags of the sources behind.
    #[arg(long, conflicts_with = "tag")]
    no_tags: bool,
}

impl TermsArgs {
    /// The terms, their keys already offered; `None` when nothing was asked for.
    pub(super) async fn offered(&self, api: &Api) -> Result<Option<CopyTerms>, ApiError> {
        let (encryption, kms_key) = self.encryption.clone().unzip();
        let customer = encryption == Some(EncryptionKind::Customer);
        if customer != self.key_file.is_some() {
            return Err(usage(
                "--encryption customer and --key-file FILE belong together",
            ));
        }
        let terms = CopyTerms {
            acl: self.acl.clone(),
            grants: self.grant.clone(),
            encryption,
            kms_key: kms_key.flatten(),
            kms_context: self.kms_context.clone(),
            key_md5: key_file::offer(api, self.key_file.as_deref()).await?,
            source_key_md5: key_file::offer(api, self.source_key_file.as_deref()).await?,
            properties: self.properties(),
            tags: (self.no_tags || !self.tag.is_empty()).then(|| self.tag.clone()),
        };
        let asked = terms.acl.is_some()
            || !terms.grants.is_empty()
            || terms.encryption.is_some()
            || terms.source_key_md5.is_some()
            || terms.properties.is_some()
            || terms.tags.is_some();
        Ok(asked.then_some(terms))
    }

    fn properties(&self) -> Option<ObjectProperties> {
        let asked = self.no_metadata || !self.header.is_empty() || !self.meta.is_empty();
        asked.then(|| ObjectProperties {
            headers: self.header.clone(),
            metadata: self.meta.clone(),
        })
    }
}

fn parse_encryption(text: &str) -> Result<(EncryptionKind, Option<String>), String> {
    let (word, key) = match text.split_once(':') {
        Some((word, key)) => (word, Some(key.to_owned()).filter(|key| !key.is_empty())),
        None => (text, None),
    };
    let kind = match word.to_ascii_lowercase().as_str() {
        "aes256" => EncryptionKind::Aes256,
        "kms" => EncryptionKind::Kms,
        "kms-dual-layer" => EncryptionKind::KmsDualLayer,
        "customer" => EncryptionKind::Customer,
        _ => {
            return Err(
                "choose aes256, kms, kms:KEYID, kms-dual-layer[:KEYID] or customer".to_owned(),
            );
        }
    };
    let takes_key = matches!(kind, EncryptionKind::Kms | EncryptionKind::KmsDualLayer);
    if key.is_some() && !takes_key {
        return Err(format!("{word} takes no key id; only kms does"));
    }
    Ok((kind, key))
}

fn parse_pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("write it as NAME=VALUE".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_to_encrypt() {
        let key = Some("arn:aws:kms:eu-west-1:1:key/2".to_owned());
        for (text, parsed) in [
            ("aes256", (EncryptionKind::Aes256, None)),
            ("AES256", (EncryptionKind::Aes256, None)),
            ("kms", (EncryptionKind::Kms, None)),
            ("kms:", (EncryptionKind::Kms, None)),
            (
                "kms:arn:aws:kms:eu-west-1:1:key/2",
                (EncryptionKind::Kms, key),
            ),
            ("customer", (EncryptionKind::Customer, None)),
        ] {
            assert_eq!(parse_encryption(text), Ok(parsed), "{text}");
        }
        for text in ["", "rot13", "aes256:key", "customer:key"] {
            assert!(parse_encryption(text).is_err(), "{text}");
        }
        assert_eq!(parse_pair("a=b=c"), Ok(("a".to_owned(), "b=c".to_owned())));
        assert!(parse_pair("=b").is_err() && parse_pair("a").is_err());
    }
}
