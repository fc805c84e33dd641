//! XML out, by hand; XML in, through quick-xml into a small tree.

use quick_xml::events::Event;
use quick_xml::reader::Reader;

use crate::refusal::Refusal;

/// XML being written.
#[derive(Debug, Default)]
pub(crate) struct Xml {
    text: String,
    /// Control characters go out as they are, which XML does not allow.
    pub(crate) raw: bool,
}

impl Xml {
    pub(crate) fn new() -> Self {
        Xml::default()
    }

    /// `<name>text</name>`, escaped.
    pub(crate) fn leaf(&mut self, name: &str, text: impl AsRef<str>) {
        self.text.push('<');
        self.text.push_str(name);
        self.text.push('>');
        escape(&mut self.text, text.as_ref(), self.raw);
        self.close(name);
    }

    /// `<name>…</name>` around what `fill` writes.
    pub(crate) fn nest(&mut self, name: &str, fill: impl FnOnce(&mut Xml)) {
        self.nest_with(name, "", fill);
    }

    /// Like [`Xml::nest`], with attributes written as they are.
    pub(crate) fn nest_with(&mut self, name: &str, attributes: &str, fill: impl FnOnce(&mut Xml)) {
        self.text.push('<');
        self.text.push_str(name);
        if !attributes.is_empty() {
            self.text.push(' ');
            self.text.push_str(attributes);
        }
        self.text.push('>');
        fill(self);
        self.close(name);
    }

    /// Character data, escaped.
    pub(crate) fn data(&mut self, text: &str) {
        escape(&mut self.text, text, self.raw);
    }

    fn close(&mut self, name: &str) {
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push('>');
    }

    pub(crate) fn text(self) -> String {
        self.text
    }
}

/// Control characters become references, as the servers write them, though XML 1.0 forbids most.
fn escape(out: &mut String, text: &str, raw: bool) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c < ' ' && !raw => {
                out.push_str("&#");
                out.push_str(&u32::from(c).to_string());
                out.push(';');
            }
            c => out.push(c),
        }
    }
}

/// An element that was read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Element {
    /// Without a namespace prefix.
    pub(crate) name: String,
    /// The character data directly inside.
    pub(crate) text: String,
    pub(crate) children: Vec<Element>,
}

impl Element {
    /// Reads a document whose root has this name.
    pub(crate) fn read(body: &[u8], root: &str) -> Result<Element, Refusal> {
        let element = parse(body).ok_or_else(Refusal::malformed_xml)?;
        if element.name == root {
            Ok(element)
        } else {
            Err(Refusal::malformed_xml())
        }
    }

    pub(crate) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    pub(crate) fn text_of(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str())
    }

    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }
}

fn parse(body: &[u8]) -> Option<Element> {
    let mut reader = Reader::from_str(std::str::from_utf8(body).ok()?);
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().ok()? {
            Event::Start(start) => open.push(Element {
                name: start.local_name().into_inner().to_owned(),
                ..Element::default()
            }),
            Event::Empty(start) => open.last_mut()?.children.push(Element {
                name: start.local_name().into_inner().to_owned(),
                ..Element::default()
            }),
            Event::End(_) => {
                let done = open.pop()?;
                open.last_mut()?.children.push(done);
            }
            Event::Text(text) => open.last_mut()?.text.push_str(&text),
            Event::CData(text) => open.last_mut()?.text.push_str(&text),
            Event::GeneralRef(name) => open.last_mut()?.text.push(referred(&name)?),
            // A document type could define entities; none of the vendors takes one.
            Event::DocType(_) => return None,
            Event::Eof => break,
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
    }
    let outside = open.pop()?;
    (open.is_empty() && outside.children.len() == 1 && outside.text.trim().is_empty())
        .then(|| outside.children.into_iter().next())?
}

fn referred(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let digits = name.strip_prefix('#')?;
            let code = match digits.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(code)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let mut xml = Xml::new();
        xml.nest("Root", |xml| {
            xml.leaf("Key", "a&b<c>\"d'\u{1}\n ü");
            xml.nest_with("Part", "xmlns=\"x\"", |xml| xml.leaf("N", "1"));
        });
        let root = Element::read(xml.text().as_bytes(), "Root").unwrap();
        assert_eq!(root.text_of("Key"), Some("a&b<c>\"d'\u{1}\n ü"));
        assert_eq!(
            root.child("Part").and_then(|part| part.text_of("N")),
            Some("1")
        );
    }

    #[test]
    fn broken_documents_are_refused() {
        for body in [
            "",
            "text",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
            "<a>&unknown;</a>",
        ] {
            assert!(Element::read(body.as_bytes(), "a").is_err(), "{body}");
        }
    }
}
