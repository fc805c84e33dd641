//! Quirks as one line of text, for the command line and for tests.

use std::fmt;
use std::str::FromStr;

use serde_json::Value;

use super::Switches;
use crate::options::Provider;

/// One switch turned: `cos:no_tagging`, `s3:list_v2=ignored`, `*:thaw_millis=50`.
///
/// The provider is `cos`, `obs`, `s3`, or `*` for all; the switch is a field of [`Switches`]; a
/// value is needed for every switch that is not a plain yes or no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quirk {
    /// `None` for all three.
    pub provider: Option<Provider>,
    switch: String,
    value: Value,
}

/// Why a line is not a quirk.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuirkSyntax {
    /// No colon, or nothing in front of or behind it.
    #[error(
        "a quirk is `provider:switch[=value]` with cos, obs, s3 or * in front, but this is `{0}`"
    )]
    Shape(String),
    /// No switch of this name.
    #[error("`{switch}` is no switch; use one of {known}")]
    Unknown {
        /// What was written.
        switch: String,
        /// Every switch.
        known: String,
    },
    /// The value does not fit the switch.
    #[error("`{value}` does not fit `{switch}`: {reason}")]
    Value {
        /// The switch.
        switch: String,
        /// What was written.
        value: String,
        /// What the reader of the value said.
        reason: String,
    },
}

impl Quirk {
    /// Turns the switch. That the value fits was made sure when the line was read.
    pub(super) fn turn(&self, switches: &mut Switches) {
        if let Ok(turned) = with(*switches, &self.switch, self.value.clone()) {
            *switches = turned;
        }
    }
}

impl FromStr for Quirk {
    type Err = QuirkSyntax;

    fn from_str(line: &str) -> Result<Self, QuirkSyntax> {
        let shape = || QuirkSyntax::Shape(line.to_owned());
        let (provider, rest) = line.trim().split_once(':').ok_or_else(shape)?;
        let provider = match provider {
            "*" => None,
            word => Some(
                Provider::ALL
                    .into_iter()
                    .find(|provider| provider.word() == word)
                    .ok_or_else(shape)?,
            ),
        };
        let (switch, text) = rest.split_once('=').unwrap_or((rest, "true"));
        let known = names();
        if !known.iter().any(|name| name == switch) {
            return Err(QuirkSyntax::Unknown {
                switch: switch.to_owned(),
                known: known.join(", "),
            });
        }
        // A number or `true` is what it looks like; anything else is one of the words.
        let value = serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()));
        match with(Switches::default(), switch, value.clone()) {
            Ok(_) => Ok(Quirk {
                provider,
                switch: switch.to_owned(),
                value,
            }),
            Err(error) => Err(QuirkSyntax::Value {
                switch: switch.to_owned(),
                value: text.to_owned(),
                reason: error.to_string(),
            }),
        }
    }
}

impl fmt::Display for Quirk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let provider = self.provider.map_or("*", Provider::word);
        write!(f, "{provider}:{}", self.switch)?;
        match &self.value {
            Value::Bool(true) => Ok(()),
            Value::String(word) => write!(f, "={word}"),
            value => write!(f, "={value}"),
        }
    }
}

/// Every switch by name, read off the struct so that the list cannot fall behind it.
fn names() -> Vec<String> {
    match serde_json::to_value(Switches::default()) {
        Ok(Value::Object(fields)) => fields.keys().cloned().collect(),
        _ => Vec::new(),
    }
}

fn with(switches: Switches, name: &str, value: Value) -> serde_json::Result<Switches> {
    let mut fields = serde_json::to_value(switches)?;
    if let Value::Object(fields) = &mut fields {
        fields.insert(name.to_owned(), value);
    }
    serde_json::from_value(fields)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quirk::{Elsewhere, ListV2, Quirks};

    fn quirks(lines: &[&str]) -> Quirks {
        let mut quirks = Quirks::default();
        for line in lines {
            let quirk: Quirk = line.parse().unwrap();
            assert_eq!(quirk.to_string().parse::<Quirk>().unwrap(), quirk, "{line}");
            quirks.add(&quirk);
        }
        quirks
    }

    #[test]
    fn a_line_turns_one_switch_and_leaves_the_rest() {
        let read = quirks(&[
            "cos:no_tagging",
            "s3:list_v2=ignored",
            "*:thaw_millis=50",
            "obs:elsewhere=temporary",
            "s3:clock_ahead_secs=-3600",
        ]);
        assert!(read.cos.no_tagging && !read.s3.no_tagging);
        assert_eq!(read.s3.list_v2, ListV2::Ignored);
        assert_eq!(read.cos.list_v2, ListV2::Known);
        assert_eq!(read.obs.thaw_millis, Some(50));
        assert_eq!(read.obs.elsewhere, Elsewhere::Temporary);
        assert_eq!(read.s3.clock_ahead_secs, -3600);
    }

    #[test]
    fn errors_name_what_would_fit() {
        let error = |line: &str| line.parse::<Quirk>().unwrap_err().to_string();
        assert!(error("no_tagging").contains("provider:switch"));
        assert!(error("gcs:no_tagging").contains("cos, obs, s3"));
        assert!(error("s3:no_such").contains("no_tagging"));
        assert!(error("s3:list_v2=maybe").contains("refused"));
        assert!(error("s3:thaw_millis").contains("thaw_millis"));
    }
}
