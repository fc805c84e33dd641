use proptest::prelude::*;

use super::*;

fn root(body: &str) -> Element {
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
fn ill_formed_bodies_give_up_single_values() {
    let body = b"<R><Key>\x01<&</Key><UploadId>u&amp;1</UploadId></R>\n";
    assert!(parse(body, SMALL).is_err());
    assert_eq!(salvage(body, "R", "UploadId").as_deref(), Some("u&1"));
    assert_eq!(salvage(&body[..body.len() - 4], "R", "UploadId"), None);
    assert_eq!(salvage(body, "R", "ETag"), None);
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
