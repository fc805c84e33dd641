//! Keys that are legal and trip programs that think a key is a path.

use super::maker::Maker;
use crate::options::Provider;

pub(super) const KEYS: &[&str] = &[
    "a/../b",
    "a/./b",
    "..",
    "../up",
    "a/..",
    "double//slash",
    "trailing/",
    "trailing//",
    "prefix",
    "prefix/of another",
    "prefixed",
    "space at end ",
    " space at start",
    "plus+sign",
    "percent%2Fslash",
    "percent%",
    "100%25",
    "question?versionId=1",
    "hash#mark",
    "amp&semi;colon:at@equals=",
    "quote'single\"double",
    "<tag>&amp;",
    "back\\slash",
    "new\nline",
    "carriage\rreturn",
    "tab\there",
    "control\u{1}\u{7f}",
    "right-to-left \u{202e}gpj.exe",
    "עברית/قديم",
    "combining e\u{301}",
    "composed \u{e9}",
    "emoji 👩‍👩‍👧‍👦 family",
    "zero\u{200b}width",
    "last\u{10ffff}",
    "con",
    "file.txt:stream",
    "*|glob?.[a-z]",
    "~tilde",
    "$HOME/`id`",
];

pub(super) fn keys(maker: &mut Maker<'_>) {
    let bucket = "odd-keys";
    for key in KEYS {
        put(maker, bucket, key);
    }
    // COS refuses a leading slash; the other two take it.
    if maker.provider != Provider::Cos {
        put(maker, bucket, "/leading slash");
        put(maker, bucket, "//two leading");
    }
    put(maker, bucket, &"long/".repeat(160));
}

fn put(maker: &mut Maker<'_>, bucket: &str, key: &str) {
    let body = if key.ends_with('/') {
        String::new()
    } else {
        format!("The key of this object is {key:?}\n")
    };
    maker.real(bucket, key, "text/plain; charset=utf-8", body);
}
