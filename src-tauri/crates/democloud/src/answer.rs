//! An answer before it is bytes, and the shapes of each provider.

use bytes::Bytes;

use crate::call::{Call, Form};
use crate::chance::Chance;
use crate::content::Segment;
use crate::quirk::Switches;
use crate::refusal::Refusal;
use crate::text::base64;
use crate::xml::Xml;

/// What goes back.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Payload,
}

/// A body.
#[derive(Debug)]
pub(crate) enum Payload {
    Nothing,
    Text(Bytes),
    /// Read from the content as it is sent.
    Object(Vec<Segment>),
}

impl Payload {
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Payload::Nothing => true,
            Payload::Text(text) => text.is_empty(),
            Payload::Object(segments) => segments.is_empty(),
        }
    }
}

impl Answer {
    pub(crate) fn empty(status: u16) -> Self {
        Answer {
            status,
            headers: Vec::new(),
            body: Payload::Nothing,
        }
    }

    /// An XML document with this root.
    pub(crate) fn xml(call: &Call, root: &str, fill: impl FnOnce(&mut Xml)) -> Self {
        let mut xml = Xml::new();
        xml.raw = call.switches.raw_control_chars;
        xml.nest_with(root, &namespace(call, root), fill);
        let mut answer = Answer::empty(200);
        answer.set_text(format!("{}{}", declaration(call.form), xml.text()));
        answer
    }

    pub(crate) fn set_text(&mut self, text: String) {
        self.header("content-type", "application/xml");
        self.body = Payload::Text(text.into());
    }

    pub(crate) fn header(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.headers.push((name.into(), value.into()));
    }

    #[must_use]
    pub(crate) fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.header(name, value);
        self
    }

    /// The shape that older pages and keep-alive spaces give to slow answers.
    pub(crate) fn disguise(&mut self, switches: Switches) {
        if !switches.leading_whitespace {
            return;
        }
        if let Payload::Text(text) = &self.body {
            let spaced = [&b" \n \r\n\t "[..], text].concat();
            self.body = Payload::Text(spaced.into());
        }
    }
}

fn declaration(form: Form) -> &'static str {
    match form {
        Form::Cos => "<?xml version='1.0' encoding='utf-8' ?>\n",
        Form::Obs | Form::ObsAmz => {
            "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
        }
        Form::S3 => "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
    }
}

fn namespace(call: &Call, root: &str) -> String {
    match call.form {
        Form::Cos if root == "CompleteMultipartUploadResult" => {
            "xmlns=\"http://www.qcloud.com/document/product/436/7751\"".to_owned()
        }
        Form::Cos => String::new(),
        Form::Obs | Form::ObsAmz => format!(
            "xmlns=\"http://obs.{}.myhuaweicloud.com/doc/2015-06-30/\"",
            call.region
        ),
        Form::S3 => "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"".to_owned(),
    }
}

/// The names under which support finds a request, fresh for each.
#[derive(Debug, Clone)]
pub(crate) struct RequestId {
    pub(crate) id: String,
    second: String,
}

impl RequestId {
    pub(crate) fn new(form: Form, chance: &Chance) -> Self {
        let id = match form {
            Form::Cos => base64(format!("{}_{}", chance.token(8), chance.token(8))),
            Form::Obs | Form::ObsAmz => chance.token(32).to_uppercase(),
            Form::S3 => chance.token(16).to_uppercase(),
        };
        RequestId {
            id,
            second: base64(chance.token(36)),
        }
    }

    /// The headers every answer of this form carries.
    pub(crate) fn headers(&self, form: Form) -> Vec<(&'static str, String)> {
        match form {
            Form::Cos => vec![
                ("server", "tencent-cos".to_owned()),
                ("x-cos-request-id", self.id.clone()),
            ],
            Form::Obs => vec![
                ("server", "OBS".to_owned()),
                ("x-obs-request-id", self.id.clone()),
                ("x-obs-id-2", self.second.clone()),
            ],
            Form::ObsAmz => vec![
                ("server", "OBS".to_owned()),
                ("x-amz-request-id", self.id.clone()),
                ("x-amz-id-2", self.second.clone()),
            ],
            Form::S3 => vec![
                ("server", "AmazonS3".to_owned()),
                ("x-amz-request-id", self.id.clone()),
                ("x-amz-id-2", self.second.clone()),
            ],
        }
    }
}

/// An error in the provider's shape. A HEAD carries the status alone.
pub(crate) fn error(
    form: Form,
    resource: &str,
    refusal: &Refusal,
    id: &RequestId,
    switches: Switches,
) -> Answer {
    let mut xml = Xml::new();
    xml.nest("Error", |xml| {
        xml.leaf("Code", &refusal.code);
        xml.leaf("Message", &refusal.message);
        for (name, text) in &refusal.elements {
            xml.leaf(name, text);
        }
        xml.leaf("Resource", resource);
        xml.leaf("RequestId", &id.id);
        if form == Form::Cos {
            xml.leaf("TraceId", &id.second);
        } else {
            xml.leaf("HostId", &id.second);
        }
    });
    let mut answer = Answer::empty(refusal.status);
    answer.headers.clone_from(&refusal.headers);
    if form == Form::Cos {
        answer.header("x-cos-trace-id", &id.second);
    }
    if switches.json_errors {
        let text = serde_json::json!({
            "code": refusal.code,
            "message": refusal.message,
            "request_id": id.id,
        });
        answer.header("content-type", "application/json");
        answer.body = Payload::Text(text.to_string().into());
    } else if refusal.status != 304 {
        answer.set_text(format!("{}{}", declaration(form), xml.text()));
    }
    answer
}
