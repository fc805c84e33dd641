//! How the wire gets out: by which proxy, and whom it trusts beside the system's own authorities.

use std::path::Path;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

/// Which way requests to other computers take. Keys that no URL carries unchanged are asked a tunnel
/// for, which not every proxy grants where nothing is encrypted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Proxy {
    /// As the system has it: `HTTPS_PROXY` and the like, or its settings.
    #[default]
    System,
    /// None.
    Direct,
    /// This one: `http://proxy.example:3128`.
    Own(String),
}

/// What the user chose for the network.
#[derive(Debug, Clone, Default)]
pub struct Network {
    pub(super) proxy: Proxy,
    pub(super) roots: Vec<CertificateDer<'static>>,
}

impl Network {
    /// Reads the authorities of a PEM file, at least one, which are trusted like the system's. Fails
    /// in plain words for a proxy that is no address and for a file that holds no certificate.
    pub fn new(proxy: Proxy, ca_file: Option<&Path>) -> Result<Self, String> {
        if let Proxy::Own(address) = &proxy {
            check(address)?;
        }
        Ok(Self {
            proxy,
            roots: ca_file.map_or(Ok(Vec::new()), roots)?,
        })
    }
}

fn check(address: &str) -> Result<(), String> {
    let url = reqwest::Url::parse(address)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    match url {
        None => Err(format!(
            "{address:?} is no proxy; write it as http://proxy.example:3128"
        )),
        Some(url) if !url.username().is_empty() || url.password().is_some() => Err(
            "a proxy with a user name cannot be kept here, its password would be readable; set HTTPS_PROXY and choose the system's proxy"
                .to_owned(),
        ),
        Some(_) => Ok(()),
    }
}

fn roots(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let named = file.display();
    let read = CertificateDer::pem_file_iter(file)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| format!("{named} cannot be read as certificates in PEM: {error}"))?;
    if read.is_empty() {
        return Err(format!("{named} holds no certificate in PEM"));
    }
    Ok(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(address: &str) -> Result<Network, String> {
        Network::new(Proxy::Own(address.to_owned()), None)
    }

    #[test]
    fn a_proxy_is_an_address_without_secrets() {
        assert!(own("http://proxy.example:3128").is_ok());
        for (address, why) in [
            ("proxy.example:3128", "is no proxy"),
            ("socks5://proxy.example", "is no proxy"),
            ("http://me:secret@proxy.example", "password"),
        ] {
            let refused = own(address).unwrap_err();
            assert!(refused.contains(why), "{refused}");
            assert!(!refused.contains("secret"), "{refused}");
        }
    }

    #[test]
    fn a_file_without_certificates_is_refused_by_name() {
        // Any text will do.
        let text = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"));
        let refused = Network::new(Proxy::System, Some(text)).unwrap_err();
        assert!(refused.contains("holds no certificate"), "{refused}");
        let gone = Network::new(Proxy::System, Some(Path::new("/nowhere/ca.pem")));
        assert!(gone.unwrap_err().contains("/nowhere/ca.pem"));
    }
}
