//! The few words the shell says itself, out of the page's own catalogue.

use std::collections::HashMap;

/// Languages of the catalogue, each with what its codes begin with; the first is the fallback.
const LANGUAGES: &[(&str, &str)] = &[
    ("en", include_str!("../../ui/messages/desktop/en.json")),
    ("zh", include_str!("../../ui/messages/desktop/zh-CN.json")),
    ("de", include_str!("../../ui/messages/desktop/de.json")),
];

/// One language's words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Words(HashMap<String, String>);

impl Words {
    /// In the language of the settings, else in the system's.
    pub(crate) fn in_language(setting: Option<&str>) -> Self {
        let system = sys_locale::get_locale().unwrap_or_default();
        let wanted = setting.unwrap_or(&system).to_lowercase();
        let spoken = LANGUAGES.iter().find(|(code, _)| wanted.starts_with(code));
        let (_, catalogue) = spoken.unwrap_or(&LANGUAGES[0]);
        Self(serde_json::from_str(catalogue).unwrap_or_default())
    }

    /// The message of that name, with its `{gaps}` filled.
    pub(crate) fn say(&self, name: &str, gaps: &[(&str, &str)]) -> String {
        let mut text = self.0.get(name).cloned().unwrap_or_default();
        for (gap, filling) in gaps {
            text = text.replace(&format!("{{{gap}}}"), filling);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_every_word() {
        let all = |catalogue: &str| {
            let words: HashMap<String, String> = serde_json::from_str(catalogue).unwrap();
            let mut names: Vec<String> = words.into_keys().collect();
            names.sort();
            names
        };
        let english = all(LANGUAGES[0].1);
        for (code, catalogue) in LANGUAGES {
            assert_eq!(all(catalogue), english, "{code}");
        }
    }

    #[test]
    fn a_setting_wins_and_an_unknown_language_is_english() {
        let quit = |setting| Words::in_language(Some(setting)).say("tray_quit", &[]);
        assert_eq!(quit("zh-CN"), "退出");
        assert_eq!(quit("de-AT"), "Beenden");
        assert_eq!(quit("fr"), "Quit");
    }

    #[test]
    fn gaps_are_filled() {
        let words = Words::in_language(Some("en"));
        let line = words.say("tray_running", &[("count", "3"), ("speed", "612 MiB")]);
        assert_eq!(line, "Running: 3 · 612 MiB/s");
    }
}
