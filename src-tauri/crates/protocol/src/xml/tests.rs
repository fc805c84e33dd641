use proptest::prelude::*;

use super::*;

fn root(body: &str) -> Element<'_> {
    let mut document = parse(body.as_bytes(), SMALL).unwrap();
    assert_eq!(document.children.len(), 1, "{body}");
    document.children.remove(0)
}

#[test]
fn names_are_local_and_their_spelling_is_forgiven() {
    for body in [
        "<R><ETag>\"x\"</ETag><Encoding-type>url</Encoding-type></R>",
        "<?xml version='1.0'?><R xmlns='http://a'><EncodingType>url</EncodingType><ETag>&quot;x&quot;</ETag></R>",
        "  \r\n \u{feff}<?xml version=\"1.0\"?>\n<n:R xmlns:n='u'><n:Encoding-Type> url </n:Encoding-Type><n:ETag>&#34;x&#x22;</n:ETag></n:R>\n",
        "<R><ETag><![CDATA[\"x\"]]></ETag><!-- c --><encodingtype>url</encodingtype></R>",
    ] {
        let root = root(body);
        assert_eq!(root.value("ETag"), Some("\"x\""), "{body}");
        assert_eq!(root.value("EncodingType"), Some("url"), "{body}");
    }
}

#[test]
fn blanks_of_a_key_are_part_of_it() {
    let root = root("<R><Key> a&#13;&amp;b </Key><Empty/><True>TRUE</True></R>");
    assert_eq!(root.raw("Key"), Some(" a\r&b "));
    assert_eq!(root.raw("Empty"), Some(""));
    assert_eq!(root.value("Empty"), None);
    assert!(root.flag("True"));
}

#[test]
fn what_is_not_whole_is_not_read() {
    let fault = |body: &str| parse(body.as_bytes(), SMALL).unwrap_err();
    assert_eq!(fault("<R><ETag>x</ETag>"), XmlError::CutOff("R".to_owned()));
    assert_eq!(
        fault("<!DOCTYPE R [<!ENTITY a 'b'>]><R>&a;</R>"),
        XmlError::DocumentType
    );
    for body in [
        "<R>&a;</R>",
        "<R></S>",
        "<R><ETa",
        "upstream gone",
        "<R>\u{0}&#0;</R>",
    ] {
        assert!(matches!(fault(body), XmlError::IllFormed(_)), "{body}");
    }
    assert!(matches!(
        parse(&vec![b' '; SMALL + 1], SMALL),
        Err(XmlError::TooLarge { .. })
    ));
    assert!(matches!(
        parse("<a>".repeat(10_000).as_bytes(), SMALL),
        Err(XmlError::IllFormed(_))
    ));
    assert!(parse(&[b'<', b'R', b'>', 0xFF, b'<'], SMALL).is_err());
}

#[test]
fn blank_bodies_have_no_roots() {
    for body in ["", "   ", "\n<?xml version=\"1.0\"?>\n"] {
        assert!(parse(body.as_bytes(), SMALL).unwrap().children.is_empty());
    }
}

#[test]
fn other_encodings_are_named() {
    let fault = |body: &[u8]| parse(body, SMALL).unwrap_err();
    let utf16: Vec<u8> = "\u{feff}<R/>"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let swapped: Vec<u8> = "<R/>".encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(
        fault(&utf16),
        XmlError::Encoding("UTF-16 (little-endian)".to_owned())
    );
    assert_eq!(
        fault(&swapped),
        XmlError::Encoding("UTF-16 (big-endian)".to_owned())
    );
    let declared = |encoding: &str, text: &str| {
        format!("<?xml version=\"1.0\" encoding=\"{encoding}\"?><R>{text}</R>")
    };
    assert_eq!(
        fault(declared("GB18030", "中").as_bytes()),
        XmlError::Encoding("GB18030".to_owned())
    );
    for body in [
        declared("GBK", "a"),
        declared("utf8", "中"),
        declared("Utf-8", "中"),
    ] {
        assert!(parse(body.as_bytes(), SMALL).is_ok(), "{body}");
    }
}

#[test]
fn web_pages_are_called_so() {
    let page = "<html><head><title>502 Bad Gateway</title></head><body><br></body></html>";
    let error = parse(page.as_bytes(), SMALL).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a web page came instead of an answer: \u{201c}502 Bad Gateway\u{201d}"
    );
    assert!(matches!(
        parse(b"<!DOCTYPE html>", SMALL),
        Err(XmlError::WebPage(_))
    ));
}

#[test]
fn memory_is_bounded() {
    let many = format!("<R>{}</R>", "<a/>".repeat(MAX_ELEMENTS));
    let error = parse(many.as_bytes(), LIST).unwrap_err().to_string();
    assert!(error.contains("300000 elements"), "{error}");
    let long = format!("<R><Key>{}</Key></R>", "&#97;".repeat(MAX_TEXT + 1));
    let error = parse(long.as_bytes(), LIST).unwrap_err().to_string();
    assert!(error.contains("<Key>"), "{error}");
}

#[test]
fn keys_are_written_so_that_they_are_read_back() {
    assert_eq!(write_text("a\u{1}"), None);
    assert_eq!(write_text("\u{ffff}"), None);
    let key = " a\r\n<&>\t'\"中 ";
    let body = format!("<R><Key>{}</Key></R>", write_text(key).unwrap());
    assert_eq!(root(&body).raw("Key"), Some(key));
}

proptest! {
    #[test]
    fn parsing_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes, SMALL);
        let _ = salvage(&bytes, "R", "ETag");
    }

    #[test]
    fn parsing_never_panics_on_almost_xml(text in "(<|>|/|&|;|#|x|\\]|!|\\[|-|[a-c ]|\\?|\"|')*") {
        let _ = parse(text.as_bytes(), SMALL);
    }

    #[test]
    fn what_is_escaped_is_read_back(text in "[^\\x00-\\x1f\\u{fffe}\\u{ffff}]*") {
        let body = format!("<R><V>{}</V></R>", escape(&text));
        let root = root(&body);
        prop_assert_eq!(root.raw("V"), Some(text.as_str()));
    }
}
