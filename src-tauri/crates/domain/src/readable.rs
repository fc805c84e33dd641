//! Text that a terminal survives and a person can tell apart.

/// A key, or a server's words, with every character written out that cannot be seen or that
/// would act on the terminal or reorder the line: controls, marks of direction, line and
/// paragraph separators, and characters without width. `\u{202e}` is what Rust would write.
///
/// The result is at most ten times as long in characters. It is for people: a program wants the
/// exact text. Joiners stay as they are, because emoji and some scripts are written with them.
pub fn readable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unseen(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn a_key_cannot_play_tricks_on_the_terminal() {
        for (key, shown) in [
            ("a\nb\u{1b}[2J", "a\\nb\\u{1b}[2J"),
            ("gpj.\u{202e}exe", "gpj.\\u{202e}exe"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("a\u{61c}\u{2069}\u{2028}b", "a\\u{61c}\\u{2069}\\u{2028}b"),
            ("in\u{200b}voice\u{feff}", "in\\u{200b}voice\\u{feff}"),
            ("归档 😀 \"q\"", "归档 😀 \"q\""),
            ("👩\u{200d}🚀", "👩\u{200d}🚀"),
        ] {
            assert_eq!(readable(key), shown);
        }
    }
}
