//! Bodies that a client must not take for an answer.

use crate::answer::{Answer, Payload};

/// A body that is no answer, whatever its status says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// None at all.
    Empty,
    /// Line ends and blanks only, as keep-alive spaces leave them when the work breaks off.
    Blanks,
    /// A page for people, as proxies write it.
    Html,
    /// The answer without its last ten bytes, so that elements stay open.
    Unclosed,
    /// A document type with entities that grow when they are expanded.
    Entities,
    /// Bytes that are not UTF-8 under an XML declaration that says they are.
    NotUtf8,
    /// Sixteen MiB of well-formed elements that nobody asked for.
    Huge,
    /// The expected root, with an empty `ETag` in it.
    NoEtag,
}

impl Shape {
    /// Every shape, in the order of the documentation.
    pub const ALL: [Shape; 8] = [
        Shape::Empty,
        Shape::Blanks,
        Shape::Html,
        Shape::Unclosed,
        Shape::Entities,
        Shape::NotUtf8,
        Shape::Huge,
        Shape::NoEtag,
    ];

    /// As the text form spells it.
    pub const fn word(self) -> &'static str {
        match self {
            Shape::Empty => "empty",
            Shape::Blanks => "blanks",
            Shape::Html => "html",
            Shape::Unclosed => "unclosed",
            Shape::Entities => "entities",
            Shape::NotUtf8 => "not_utf8",
            Shape::Huge => "huge",
            Shape::NoEtag => "no_etag",
        }
    }

    /// An answer with this in the place of its body. Its headers stay.
    pub(crate) fn instead_of(self, answer: Answer, status: u16) -> Answer {
        let text = match &answer.body {
            Payload::Text(text) => text.clone(),
            Payload::Nothing | Payload::Object(_) => bytes::Bytes::new(),
        };
        let body: Vec<u8> = match self {
            Shape::Empty => Vec::new(),
            Shape::Blanks => b" \n".repeat(200),
            Shape::Html => b"<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>\
                <body><h1>Bad Gateway</h1><hr></body></html>\n"
                .to_vec(),
            Shape::Unclosed => text[..text.len().saturating_sub(10)].to_vec(),
            Shape::Entities => entities(),
            Shape::NotUtf8 => {
                b"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>\xff\xfe</Code></Error>"
                    .to_vec()
            }
            Shape::Huge => [b"<Many>".to_vec(), b"<One>1</One>".repeat((16 << 20) / 12)].concat(),
            Shape::NoEtag => without_etag(&String::from_utf8_lossy(&text)).into_bytes(),
        };
        let mut answer = Answer { status, ..answer };
        if self == Shape::Html {
            answer.headers.retain(|(name, _)| name != "content-type");
            answer.header("content-type", "text/html");
        }
        answer.headers.retain(|(name, _)| name != "content-length");
        answer.body = Payload::Text(body.into());
        answer
    }
}

/// Nine levels of ten: a thousand million letters, if anybody expands them.
fn entities() -> Vec<u8> {
    let levels: Vec<String> = (1..10)
        .map(|level| {
            let before = format!("&a{};", level - 1).repeat(10);
            format!("<!ENTITY a{level} \"{before}\">")
        })
        .collect();
    let text = format!(
        "<!DOCTYPE r [<!ENTITY a0 \"ha\">{}]><CopyPartResult><ETag>&a9;</ETag></CopyPartResult>",
        levels.concat()
    );
    text.into_bytes()
}

fn without_etag(text: &str) -> String {
    let Some((front, rest)) = text.split_once("<ETag>") else {
        return text.to_owned();
    };
    let behind = rest.split_once("</ETag>").map_or("", |(_, behind)| behind);
    format!("{front}<ETag></ETag>{behind}")
}
