//! A forward proxy as companies have them, and a server whose authority only they know.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Name of the server: no resolver knows it, so only a proxy leads there.
pub(crate) const SERVER: &str = "storage.partway.test";

/// Tunnels to one place, whatever name it is asked for.
pub(crate) struct Gateway {
    /// For the settings.
    pub(crate) address: String,
    told: Arc<Mutex<Vec<String>>>,
}

impl Gateway {
    /// Opens one before a server on this computer, `127.0.0.1:8080` or the like.
    pub(crate) async fn before(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let told = Arc::default();
        let list = Arc::clone(&told);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(tunnel(client, server.clone(), Arc::clone(&list)));
            }
        });
        Self { address, told }
    }

    /// First line of each request it was sent.
    pub(crate) fn told(&self) -> Vec<String> {
        self.told.lock().unwrap().clone()
    }
}

async fn tunnel(
    client: TcpStream,
    server: String,
    told: Arc<Mutex<Vec<String>>>,
) -> io::Result<()> {
    let mut client = BufReader::new(client);
    let mut first = String::new();
    client.read_line(&mut first).await?;
    let mut header = first.clone();
    while header.trim() != "" {
        header.clear();
        client.read_line(&mut header).await?;
    }
    let wanted = first.starts_with("CONNECT ");
    told.lock().unwrap().push(first.trim().to_owned());
    if !wanted {
        client
            .write_all(b"HTTP/1.1 405 Method Not Allowed\r\n\r\n")
            .await?;
        return Ok(());
    }
    client
        .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
        .await?;
    let mut server = TcpStream::connect(server).await?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}

/// An authority of one's own, and the certificate it gave to [`SERVER`].
pub(crate) struct Authority {
    /// Its certificate, for the settings.
    pub(crate) file: PathBuf,
    certificate: PathBuf,
    key: PathBuf,
}

impl Authority {
    /// Makes it with the openssl program, in a folder of its own.
    pub(crate) fn found(folder: &Path) -> Self {
        std::fs::create_dir_all(folder).unwrap();
        let of = |name: &str| folder.join(name);
        let ours = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2";
        let name = "/CN=An authority of the test";
        openssl(
            folder,
            ours,
            &["-subj", name, "-keyout", "ca.key", "-out", "ca.pem"],
        );
        let server = format!("subjectAltName=DNS:{SERVER}");
        let words = ["-subj", "/CN=server", "-addext", &server, "-addext"];
        let signed = [
            "basicConstraints=critical,CA:FALSE",
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
        ];
        let files = ["-keyout", "server.key", "-out", "server.pem"];
        openssl(folder, ours, &[&words[..], &signed, &files].concat());
        Self {
            file: of("ca.pem"),
            certificate: of("server.pem"),
            key: of("server.key"),
        }
    }

    /// A door with TLS before a plain server; answers where it is.
    pub(crate) async fn guard(&self, plain: String) -> String {
        let chain = CertificateDer::from_pem_file(&self.certificate).unwrap();
        let key = PrivateKeyDer::from_pem_file(&self.key).unwrap();
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(vec![chain], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (acceptor, plain) = (acceptor.clone(), plain.clone());
                tokio::spawn(async move {
                    let mut client = acceptor.accept(client).await?;
                    let mut server = TcpStream::connect(plain).await?;
                    copy_bidirectional(&mut client, &mut server).await
                });
            }
        });
        address
    }
}

fn openssl(folder: &Path, words: &str, more: &[&str]) {
    let status = Command::new("openssl")
        .args(words.split(' '))
        .args(more)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(status.expect("the openssl program").success(), "{more:?}");
}
