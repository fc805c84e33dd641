//! Telling web pages from answers, and making foreign words safe to show.

/// Most characters of a page or a name that are quoted.
const QUOTED: usize = 80;

/// How far into a body a page must show itself.
const HEAD: usize = 1024;

/// The title of a web page, or its first words, if the body is one.
pub(super) fn recognise(text: &str) -> Option<String> {
    let head = &text.as_bytes()[..text.len().min(HEAD)];
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let page = head.starts_with("<!doctype html") || head.starts_with("<html") || {
        // After a declaration or comments. A value of an answer would have it escaped.
        head.starts_with("<!--") || head.starts_with("<?xml")
    } && (head
        .contains("<html")
        || head.contains("<!doctype html"));
    page.then(|| quote(title(text).as_deref().unwrap_or(&first_words(text))))
}

/// What stands after the error's sentence.
pub(super) fn titled(title: &str) -> String {
    if title.is_empty() {
        String::new()
    } else {
        format!(": \u{201c}{title}\u{201d}")
    }
}

fn title(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let start = start + lower[start..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    let title = text.get(start..end)?.trim();
    (!title.is_empty()).then(|| title.to_owned())
}

/// The beginning of what a reader of the page would see, roughly.
fn first_words(text: &str) -> String {
    let mut words = String::new();
    let mut within_tag = false;
    for c in text.chars().take(4 * HEAD) {
        match c {
            '<' => within_tag = true,
            '>' => {
                within_tag = false;
                words.push(' ');
            }
            _ if !within_tag => words.push(c),
            _ => {}
        }
    }
    words
}

/// A short quotation of foreign text for an error.
pub fn quote(text: &str) -> String {
    tame(text, QUOTED)
}

/// Foreign text that is safe to show in a line: at most `max` characters, blanks and control
/// characters as single spaces, and nothing that turns the direction of what follows.
pub fn tame(text: &str, max: usize) -> String {
    let mut tamed = String::new();
    let mut left = max;
    for c in text.chars() {
        let c = match c {
            _ if c.is_whitespace() || c.is_control() => ' ',
            '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2069}'
            | '\u{feff}' => continue,
            _ => c,
        };
        if c == ' ' && (tamed.is_empty() || tamed.ends_with(' ')) {
            continue;
        }
        if left == 0 {
            tamed.push('…');
            break;
        }
        tamed.push(c);
        left -= 1;
    }
    tamed.truncate(tamed.trim_end().len());
    tamed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_told_by_their_head() {
        for (text, words) in [
            (
                "<!DOCTYPE html><title>502 Bad Gateway</title>x",
                "502 Bad Gateway",
            ),
            ("<HTML><head><TITLE>\n Sign in </TITLE></head>", "Sign in"),
            (
                "<?xml version=\"1.0\"?><html><p>Not  here</p></html>",
                "Not here",
            ),
            ("<!-- a --><html></html>", ""),
        ] {
            assert_eq!(recognise(text).as_deref(), Some(words), "{text}");
        }
        for text in [
            "",
            "<Error><Message>&lt;html&gt;</Message></Error>",
            "<R><Key><![CDATA[<html>]]></Key></R>",
            "html",
        ] {
            assert_eq!(recognise(text), None, "{text}");
        }
    }

    #[test]
    fn foreign_words_stay_on_their_line() {
        assert_eq!(tame(" a\n\tb\u{1b}[31m\u{202e}c ", 80), "a b [31mc");
        assert_eq!(tame("abcdef", 3), "abc…");
        assert_eq!(tame("abc", 3), "abc");
        assert_eq!(tame("中文字", 2), "中文…");
    }
}
