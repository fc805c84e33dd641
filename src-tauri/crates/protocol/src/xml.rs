//! XML as the three servers write it: read leniently, written strictly.
//!
//! Elements are found by local name without regard to case and dashes, in any order, with or
//! without declaration and namespace. What is never forgiven is an element left open: a body
//! that was cut off must not pass for a whole one.

use std::borrow::Cow;

use quick_xml::Reader;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use thiserror::Error;

/// Most bytes of a body that is not a list.
pub const SMALL: usize = 64 << 10;

/// Most bytes of a body that is a list.
pub const LIST: usize = 8 << 20;

/// No answer nests deeper; also bounds the recursion of dropping a tree.
const MAX_DEPTH: usize = 16;

/// Most elements of an answer: ten times what the longest page of a list has. A body of the
/// shortest elements would otherwise take many times its size in memory.
const MAX_ELEMENTS: usize = 300_000;

/// Most bytes of text directly in an element: twenty times the longest encoded key.
const MAX_TEXT: usize = 64 << 10;

/// What an entry of a list has.
const USUAL_CHILDREN: usize = 8;

mod page;
mod salvage;

pub use page::{quote, tame};
pub use salvage::{salvage, without_key};

/// Why a body cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum XmlError {
    /// Larger than any honest answer.
    #[error("the body has {bytes} bytes; at most {max} are read")]
    TooLarge {
        /// Bytes it has.
        bytes: usize,
        /// Bytes it may have.
        max: usize,
    },
    /// A document type could define entities that grow without bound.
    #[error("the body declares a document type")]
    DocumentType,
    /// A page for people: a proxy, a portal or a wrong address answered.
    #[error("a web page came instead of an answer{}", page::titled(.0))]
    WebPage(
        /// Its title or first words, made safe to show; may be empty.
        String,
    ),
    /// It is in another encoding than UTF-8.
    #[error("the body is in {0}, only UTF-8 is read")]
    Encoding(
        /// The encoding as declared or recognised.
        String,
    ),
    /// It ends inside an element.
    #[error("the body ends within <{0}>")]
    CutOff(String),
    /// Not XML at all.
    #[error("the body is not XML: {0}")]
    IllFormed(String),
}

/// An element with the text and the elements directly in it, as they stand in the body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Element<'a> {
    /// Name without namespace prefix.
    pub name: Cow<'a, str>,
    /// Text directly inside, unescaped, blanks kept.
    pub text: Cow<'a, str>,
    /// Elements directly inside, in order.
    pub children: Vec<Element<'a>>,
}

impl<'a> Element<'a> {
    /// Whether the element has this name, without regard to case and dashes: one provider
    /// spells `EncodingType` in three ways.
    pub fn is(&self, name: &str) -> bool {
        self.name == name || letters_of(&self.name).eq(letters_of(name))
    }

    /// The first child of that name.
    pub fn child(&self, name: &str) -> Option<&Element<'a>> {
        self.children.iter().find(|child| child.is(name))
    }

    /// All children of that name.
    pub fn all<'b>(&'b self, name: &'b str) -> impl Iterator<Item = &'b Element<'a>> {
        self.children.iter().filter(move |child| child.is(name))
    }

    /// The trimmed text of a child; `None` when there is no such child or it is empty.
    pub fn value(&self, name: &str) -> Option<&str> {
        let text = self.child(name)?.text.trim();
        (!text.is_empty()).then_some(text)
    }

    /// The text of a child with its blanks: keys may begin and end with them. `None` when
    /// there is no such child.
    pub fn raw(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_ref())
    }

    /// The same for longer than the body it stands in.
    pub fn into_owned(self) -> Element<'static> {
        let children = self.children.into_iter().map(Element::into_owned);
        Element {
            name: Cow::Owned(self.name.into_owned()),
            text: Cow::Owned(self.text.into_owned()),
            children: children.collect(),
        }
    }

    /// Whether a child says `true`.
    pub fn flag(&self, name: &str) -> bool {
        self.value(name)
            .is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }
}

/// The bytes of a name without dashes, in lower case.
fn letters_of(name: &str) -> impl Iterator<Item = u8> {
    name.bytes()
        .filter(|byte| *byte != b'-')
        .map(|byte| byte.to_ascii_lowercase())
}

/// Reads a body into an element without name that holds the roots: one, or none when the body
/// is blank, or several in the rootless form of old COS pages.
pub fn parse(body: &[u8], max: usize) -> Result<Element<'_>, XmlError> {
    if body.len() > max {
        return Err(XmlError::TooLarge {
            bytes: body.len(),
            max,
        });
    }
    let text = text_of(body)?;
    if let Some(title) = page::recognise(text) {
        return Err(XmlError::WebPage(title));
    }

    let mut elements = 0;
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    loop {
        let at = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        let event = reader
            .read_event()
            .map_err(|error| XmlError::IllFormed(error.to_string()))?;
        match event {
            Event::Start(start) => {
                if open.len() > MAX_DEPTH {
                    return Err(XmlError::IllFormed("it nests too deeply".to_owned()));
                }
                count(&mut elements)?;
                open.push(element(text, at, &start));
            }
            Event::Empty(start) => {
                count(&mut elements)?;
                push_child(&mut open, element(text, at, &start));
            }
            // The reader has already compared the names of start and end.
            Event::End(_) => {
                if let Some(closed) = open.pop() {
                    push_child(&mut open, closed);
                }
            }
            Event::Text(text) => push_text(&mut open, text.into_inner())?,
            Event::CData(text) => push_text(&mut open, text.into_inner())?,
            Event::GeneralRef(reference) => push_text(&mut open, resolve(&reference)?.into())?,
            Event::DocType(_) => return Err(XmlError::DocumentType),
            Event::Decl(declaration) => check_encoding(&declaration, text)?,
            Event::PI(_) | Event::Comment(_) => {}
            Event::Eof => break,
        }
    }
    match (open.pop(), open.is_empty()) {
        (Some(document), true) => Ok(document),
        (Some(unclosed), false) => Err(XmlError::CutOff(unclosed.name.into_owned())),
        (None, _) => Err(XmlError::IllFormed("it has no elements".to_owned())),
    }
}

/// The body as text: UTF-8, without the blanks that keep connections alive while a copy runs.
fn text_of(body: &[u8]) -> Result<&str, XmlError> {
    let utf16 = |name: &str| Err(XmlError::Encoding(name.to_owned()));
    match body {
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => return utf16("UTF-16 (little-endian)"),
        [0xFE, 0xFF, ..] | [0, b'<', ..] => return utf16("UTF-16 (big-endian)"),
        _ => {}
    }
    let text = std::str::from_utf8(body).map_err(|error| {
        XmlError::IllFormed(format!("byte {} is not UTF-8", error.valid_up_to()))
    })?;
    Ok(text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']))
}

/// A declared encoding must be UTF-8, unless the text is ASCII and so reads the same in it.
fn check_encoding(declaration: &BytesDecl<'_>, text: &str) -> Result<(), XmlError> {
    let Some(Ok(encoding)) = declaration.encoding() else {
        return Ok(());
    };
    let utf8 = encoding.eq_ignore_ascii_case("utf-8") || encoding.eq_ignore_ascii_case("utf8");
    if utf8 || text.is_ascii() {
        Ok(())
    } else {
        Err(XmlError::Encoding(quote(&encoding)))
    }
}

fn count(elements: &mut usize) -> Result<(), XmlError> {
    *elements += 1;
    if *elements > MAX_ELEMENTS {
        return Err(XmlError::IllFormed(format!(
            "it has more than {MAX_ELEMENTS} elements"
        )));
    }
    Ok(())
}

/// The tag that begins `at` a place of the text. Names are borrowed from there: a page of a list
/// has the same six a thousand times.
fn element<'a>(text: &'a str, at: usize, start: &BytesStart<'_>) -> Element<'a> {
    let name = start.name().into_inner();
    let local = start.local_name().into_inner();
    let written = text.get(at..).and_then(|tag| tag.strip_prefix('<'));
    let written = written.and_then(|tag| tag.get(name.len() - local.len()..name.len()));
    Element {
        name: match written {
            Some(written) if written == local => Cow::Borrowed(written),
            _ => Cow::Owned(local.to_owned()),
        },
        ..Element::default()
    }
}

fn push_child<'a>(open: &mut [Element<'a>], child: Element<'a>) {
    if let Some(parent) = open.last_mut() {
        if parent.children.is_empty() {
            parent.children.reserve(USUAL_CHILDREN);
        }
        parent.children.push(child);
    }
}

fn push_text<'a>(open: &mut [Element<'a>], text: Cow<'a, str>) -> Result<(), XmlError> {
    let outside = open.len() == 1;
    if outside && !text.trim().is_empty() {
        return Err(XmlError::IllFormed(
            "text stands outside of elements".to_owned(),
        ));
    }
    if let (false, Some(parent)) = (outside, open.last_mut()) {
        if parent.text.len() + text.len() > MAX_TEXT {
            return Err(XmlError::IllFormed(format!(
                "the text of <{}> has more than {MAX_TEXT} bytes",
                quote(&parent.name)
            )));
        }
        if parent.text.is_empty() {
            parent.text = text;
        } else {
            parent.text.to_mut().push_str(&text);
        }
    }
    Ok(())
}

fn resolve(reference: &BytesRef<'_>) -> Result<String, XmlError> {
    let fault = || XmlError::IllFormed("an entity is not known".to_owned());
    if reference.is_char_ref() {
        return match reference.resolve_char_ref() {
            Ok(Some(c)) => Ok(c.to_string()),
            Ok(None) | Err(_) => Err(fault()),
        };
    }
    let name = reference.clone().into_inner();
    quick_xml::escape::resolve_predefined_entity(&name)
        .map(str::to_owned)
        .ok_or_else(fault)
}

/// Text made safe to stand in an element. Characters XML cannot hold are the caller's concern,
/// see [`write_text`].
pub fn escape(text: &str) -> String {
    quick_xml::escape::partial_escape(text).into_owned()
}

/// Text of somebody else's, such as a key, to stand in an element and to be read back as it
/// is; `None` when XML 1.0 cannot hold it. Line ends are written as references, or a reader
/// would change them.
pub fn write_text(text: &str) -> Option<String> {
    let holds = |c: char| !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    text.chars()
        .all(holds)
        .then(|| escape(text).replace('\r', "&#13;").replace('\n', "&#10;"))
}

#[cfg(test)]
mod tests;
