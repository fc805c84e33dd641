//! A client that sends exactly what it is told.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use jiff::Timestamp;
use md5::{Digest, Md5};
use partway_democloud::{
    BrokenOff, DemoCloud, Endpoint, InProcess, Options, Provider, TemporaryKeys, example_bucket,
};
use tokio::net::TcpStream;

use super::signer::{Unsigned, encode, sign};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Cos,
    Obs,
    ObsAmz,
    S3,
}

pub(crate) const FORMS: [Form; 4] = [Form::Cos, Form::Obs, Form::ObsAmz, Form::S3];

impl Form {
    pub(crate) fn provider(self) -> Provider {
        match self {
            Form::Cos => Provider::Cos,
            Form::Obs | Form::ObsAmz => Provider::Obs,
            Form::S3 => Provider::S3,
        }
    }

    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Form::Cos => "x-cos-",
            Form::Obs => "x-obs-",
            Form::ObsAmz | Form::S3 => "x-amz-",
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub(crate) form: Form,
    pub(crate) endpoint: Endpoint,
    /// `None` goes over the wire.
    inside: Option<Inside>,
    token: Option<String>,
}

/// A cloud in this process, and what its clock says.
#[derive(Debug, Clone)]
struct Inside {
    cloud: InProcess,
    clock: fn() -> i64,
}

#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: http::HeaderMap,
    pub(crate) body: Bytes,
}

impl Reply {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The text of the first element of this name.
    pub(crate) fn element(&self, name: &str) -> Option<String> {
        self.elements(name).into_iter().next()
    }

    pub(crate) fn elements(&self, name: &str) -> Vec<String> {
        let text = self.text();
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        text.split(&open)
            .skip(1)
            .map(|rest| rest.split(&close).next().unwrap_or("").to_owned())
            .map(|raw| {
                raw.replace("&quot;", "\"")
                    .replace("&lt;", "<")
                    .replace("&gt;", ">")
                    .replace("&amp;", "&")
            })
            .collect()
    }

    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Reply {
        assert_eq!(self.status, status, "{} {:?}", self.text(), self.headers);
        self
    }

    #[track_caller]
    pub(crate) fn expect_code(self, status: u16, code: &str) -> Reply {
        let reply = self.expect(status);
        assert_eq!(
            reply.element("Code").as_deref(),
            Some(code),
            "{}",
            reply.text()
        );
        reply
    }
}

/// One request before it is signed.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) method: &'static str,
    pub(crate) bucket: String,
    pub(crate) key: String,
    pub(crate) query: Vec<(String, Option<String>)>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) region: Option<&'static str>,
    pub(crate) virtual_host: bool,
    pub(crate) now: Timestamp,
}

impl Ask {
    pub(crate) fn new(method: &'static str, bucket: &str, key: &str) -> Self {
        Ask {
            method,
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            query: Vec::new(),
            headers: Vec::new(),
            body: Vec::new(),
            region: None,
            virtual_host: false,
            now: Timestamp::now(),
        }
    }

    pub(crate) fn sub(mut self, name: &str) -> Self {
        self.query.push((name.to_owned(), None));
        self
    }

    pub(crate) fn param(mut self, name: &str, value: impl std::fmt::Display) -> Self {
        self.query.push((name.to_owned(), Some(format!("{value}"))));
        self
    }

    pub(crate) fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// A body with its `Content-MD5`.
    pub(crate) fn xml(self, body: &str) -> Self {
        let digest = STANDARD.encode(Md5::digest(body));
        self.header("content-type", "application/xml")
            .header("content-md5", digest)
            .body(body)
    }
}

impl Client {
    pub(crate) fn of(cloud: &DemoCloud, form: Form) -> Self {
        Client {
            form,
            endpoint: cloud.endpoints().of(form.provider()).clone(),
            inside: None,
            token: None,
        }
    }

    /// A client of a cloud in this process, with the clock of that cloud.
    pub(crate) fn inside(cloud: &InProcess, form: Form, clock: fn() -> i64) -> Self {
        Client {
            form,
            endpoint: cloud.endpoints().of(form.provider()).clone(),
            inside: Some(Inside {
                cloud: cloud.clone(),
                clock,
            }),
            token: None,
        }
    }

    /// Signs with these keys and sends their token.
    pub(crate) fn with_temporary(mut self, keys: TemporaryKeys) -> Self {
        self.endpoint.access_key = keys.access_key;
        self.endpoint.secret_key = keys.secret_key;
        self.token = Some(keys.token);
        self
    }

    pub(crate) fn with_secret(mut self, secret: &str) -> Self {
        secret.clone_into(&mut self.endpoint.secret_key);
        self
    }

    pub(crate) fn with_access_key(mut self, key: &str) -> Self {
        key.clone_into(&mut self.endpoint.access_key);
        self
    }

    pub(crate) fn example(&self, word: &str) -> String {
        example_bucket(self.form.provider(), word)
    }

    /// The copy source header of this dialect.
    pub(crate) fn source(&self, bucket: &str, key: &str) -> (String, String) {
        let key: Vec<String> = key.split('/').map(encode).collect();
        let key = key.join("/");
        let value = match self.form {
            Form::Cos => format!("{bucket}.cos.ap-guangzhou.myqcloud.com/{key}"),
            Form::Obs | Form::ObsAmz => format!("/{bucket}/{key}"),
            Form::S3 => format!("{bucket}/{key}"),
        };
        (format!("{}copy-source", self.form.prefix()), value)
    }

    pub(crate) fn vendor(&self, name: &str) -> String {
        format!("{}{name}", self.form.prefix())
    }

    /// Sends it; `None` when the connection closes without a whole answer.
    pub(crate) async fn try_send(&self, ask: &Ask) -> Option<Reply> {
        if let Some(inside) = &self.inside {
            return self.answered(&inside.cloud, self.request(ask)).await;
        }
        let (target, headers) = self.prepare(ask);
        self.raw(ask.method, &target, headers, ask.body.clone())
            .await
    }

    pub(crate) async fn send(&self, ask: Ask) -> Reply {
        self.try_send(&ask).await.expect("an answer")
    }

    /// The target and the signed headers of a request.
    pub(crate) fn prepare(&self, ask: &Ask) -> (String, Vec<(String, String)>) {
        let address = self.endpoint.url.strip_prefix("http://").unwrap();
        let key: Vec<String> = ask.key.split('/').map(encode).collect();
        let key = key.join("/");
        let (host, path) = match (ask.bucket.as_str(), ask.virtual_host) {
            ("", _) => (address.to_owned(), "/".to_owned()),
            (bucket, true) => (format!("{bucket}.{address}"), format!("/{key}")),
            (bucket, false) => (address.to_owned(), format!("/{bucket}/{key}")),
        };
        let mut headers = vec![("host".to_owned(), host)];
        headers.extend(ask.headers.clone());
        if let Some(token) = &self.token {
            headers.push((self.vendor("security-token"), token.clone()));
        }
        let inside = self.inside.as_ref().map(|inside| (inside.clock)());
        let inside = inside.map(|ms| Timestamp::from_millisecond(ms).unwrap());
        if matches!(ask.method, "PUT" | "POST") {
            headers.push(("content-length".to_owned(), ask.body.len().to_string()));
        }
        let request = Unsigned {
            form: self.form,
            endpoint: &self.endpoint,
            region: ask.region.unwrap_or(&self.endpoint.region),
            method: ask.method,
            path: &path,
            query: &ask.query,
            body: &ask.body,
            resource: ask.virtual_host.then(|| format!("/{}{path}", ask.bucket)),
            now: inside.unwrap_or(ask.now),
        };
        sign(&request, &mut headers);
        let query: Vec<String> = ask
            .query
            .iter()
            .map(|(n, v)| match v {
                None => encode(n),
                Some(v) => format!("{}={}", encode(n), encode(v)),
            })
            .collect();
        let target = if query.is_empty() {
            path
        } else {
            format!("{path}?{}", query.join("&"))
        };
        (target, headers)
    }

    /// The signed request as a value.
    pub(crate) fn request(&self, ask: &Ask) -> http::Request<Bytes> {
        let (target, headers) = self.prepare(ask);
        let mut request = http::Request::builder().method(ask.method).uri(target);
        for (name, value) in headers {
            request = request.header(name, value.into_bytes());
        }
        request.body(ask.body.clone().into()).unwrap()
    }

    async fn answered(&self, cloud: &InProcess, request: http::Request<Bytes>) -> Option<Reply> {
        let (head, body) = cloud
            .answer(self.form.provider(), request)
            .await?
            .into_parts();
        if head.extensions.get::<BrokenOff>().is_some() {
            return None;
        }
        Some(Reply {
            status: head.status.as_u16(),
            headers: head.headers,
            body,
        })
    }

    pub(crate) fn address(&self) -> &str {
        self.endpoint.url.strip_prefix("http://").unwrap()
    }

    /// The signed bytes of a request without a body.
    pub(crate) fn on_the_wire(&self, ask: &Ask) -> Vec<u8> {
        let (target, headers) = self.prepare(ask);
        let mut text = format!("{} {target} HTTP/1.1\r\n", ask.method);
        for (name, value) in headers {
            text += &[&name, ": ", &value, "\r\n"].concat();
        }
        text += "\r\n";
        text.into_bytes()
    }

    /// One request on a connection of its own, every header as given.
    pub(crate) async fn raw(
        &self,
        method: &str,
        target: &str,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    ) -> Option<Reply> {
        let address = self.endpoint.url.strip_prefix("http://").unwrap();
        let stream = TcpStream::connect(address).await.unwrap();
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .unwrap();
        let connection = tokio::spawn(connection);
        let mut request = http::Request::builder().method(method).uri(target);
        for (name, value) in headers {
            request = request.header(name, value.into_bytes());
        }
        let request = request.body(Full::new(Bytes::from(body))).unwrap();
        let reply = async {
            let (head, body) = sender.send_request(request).await.ok()?.into_parts();
            Some(Reply {
                status: head.status.as_u16(),
                headers: head.headers,
                body: body.collect().await.ok()?.to_bytes(),
            })
        };
        let reply = reply.await;
        connection.abort();
        reply
    }
}

/// A fresh cloud; it lives as long as its folder.
pub(crate) async fn cloud() -> (DemoCloud, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let cloud = DemoCloud::open(Options::new(folder.path())).await.unwrap();
    (cloud, folder)
}

/// The body of a Complete.
pub(crate) fn parts_xml<'a>(parts: impl IntoIterator<Item = (u32, &'a String)>) -> String {
    let parts: Vec<String> = parts
        .into_iter()
        .map(|(n, etag)| format!("<Part><PartNumber>{n}</PartNumber><ETag>{etag}</ETag></Part>"))
        .collect();
    format!(
        "<CompleteMultipartUpload>{}</CompleteMultipartUpload>",
        parts.concat()
    )
}

/// The multipart calls that most tests need.
impl Client {
    pub(crate) async fn create(&self, bucket: &str, key: &str) -> String {
        let reply = self
            .send(Ask::new("POST", bucket, key).sub("uploads"))
            .await
            .expect(200);
        reply.element("UploadId").unwrap()
    }

    /// A part copy of `first..=last` of `from`, not yet sent.
    pub(crate) fn part_copy(
        &self,
        to: (&str, &str),
        id: &str,
        number: u32,
        from: (&str, &str),
        range: Option<(u64, u64)>,
    ) -> Ask {
        let (name, value) = self.source(from.0, from.1);
        let ask = Ask::new("PUT", to.0, to.1)
            .param("partNumber", number)
            .param("uploadId", id)
            .header(&name, value);
        match range {
            None => ask,
            Some((first, last)) => ask.header(
                &self.vendor("copy-source-range"),
                format!("bytes={first}-{last}"),
            ),
        }
    }

    pub(crate) fn complete(to: (&str, &str), id: &str, parts: &[(u32, String)]) -> Ask {
        let xml = parts_xml(parts.iter().map(|(n, etag)| (*n, etag)));
        Ask::new("POST", to.0, to.1).param("uploadId", id).xml(&xml)
    }
}
