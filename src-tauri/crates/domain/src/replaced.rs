//! What copies have instead of what their sources have: headers, metadata and tags. Plain values
//! that are written down with the job.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Names and values, in the order they were given.
pub type Pairs = Vec<(String, String)>;

/// The standard headers an object can be given, in lower case.
pub const OBJECT_HEADERS: [&str; 6] = [
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-type",
    "expires",
];

/// Most tags of an object, with every provider.
pub const MOST_TAGS: usize = 10;

/// Longest name of a tag that any provider takes, in characters.
pub const LONGEST_TAG_NAME: usize = 128;

/// Longest value of a tag that any provider takes, in characters.
pub const LONGEST_TAG_VALUE: usize = 256;

/// What takes the place of the source's own. The default replaces nothing: copies are as their
/// sources are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Replaced {
    /// Headers and user metadata, all of them: the wire knows only both together.
    pub properties: Option<Properties>,
    /// Tags, all of them; an empty list leaves none.
    pub tags: Option<Pairs>,
}

/// Headers and user metadata of an object. What is not named is not there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Properties {
    /// Standard headers in lower case.
    pub headers: Pairs,
    /// User metadata: names in lower case, without the vendor's prefix.
    pub metadata: Pairs,
}

/// Why something cannot be given to an object, whatever the provider.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Only six headers belong to an object.
    #[error("{0:?} is no header an object can have; choose one of {list}, or make it metadata of your own", list = OBJECT_HEADERS.join(", "))]
    Header(String),
    /// The same name twice.
    #[error("{0:?} is given twice; leave one of them out")]
    Twice(String),
    /// A header, metadata or tag without a name.
    #[error("the value {0:?} has no name; name it or leave it out")]
    Nameless(String),
    /// More tags than an object has.
    #[error("{0} tags are too many: an object has at most {MOST_TAGS}")]
    TooManyTags(usize),
    /// A tag whose name or value no provider takes.
    #[error(
        "the tag {0:?} is too long: its name has at most {LONGEST_TAG_NAME} characters, its value {LONGEST_TAG_VALUE}"
    )]
    LongTag(String),
    /// A tag that no header carries.
    #[error("the tag {0:?} contains a control character; take it out")]
    ControlInTag(String),
}

impl Replaced {
    /// Whether nothing is replaced.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// Whether the source has to be asked for nothing of all this.
    pub fn is_complete(&self) -> bool {
        self.properties.is_some() && self.tags.is_some()
    }

    /// Refuses what no provider takes. What one of them does not take is for its dialect.
    pub fn check(&self) -> Result<(), Unfit> {
        if let Some(properties) = &self.properties {
            let foreign = |name: &&String| !OBJECT_HEADERS.contains(&name.as_str());
            let mut names = properties.headers.iter().map(|(name, _)| name);
            check_names(&properties.headers)?;
            if let Some(name) = names.find(foreign) {
                return Err(Unfit::Header(name.clone()));
            }
            check_names(&properties.metadata)?;
        }
        self.tags.as_deref().map_or(Ok(()), check_tags)
    }
}

fn check_names(pairs: &[(String, String)]) -> Result<(), Unfit> {
    let mut seen = BTreeSet::new();
    for (name, value) in pairs {
        if name.is_empty() {
            return Err(Unfit::Nameless(value.clone()));
        }
        if !seen.insert(name) {
            return Err(Unfit::Twice(name.clone()));
        }
    }
    Ok(())
}

fn check_tags(tags: &[(String, String)]) -> Result<(), Unfit> {
    if tags.len() > MOST_TAGS {
        return Err(Unfit::TooManyTags(tags.len()));
    }
    check_names(tags)?;
    for (name, value) in tags {
        let longest = LONGEST_TAG_VALUE;
        if name.chars().count() > LONGEST_TAG_NAME || value.chars().count() > longest {
            return Err(Unfit::LongTag(name.clone()));
        }
        if name.chars().chain(value.chars()).any(char::is_control) {
            return Err(Unfit::ControlInTag(name.clone()));
        }
    }
    Ok(())
}

/// One line for each thing that is replaced; nothing where nothing is.
impl fmt::Display for Replaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = Vec::new();
        if let Some(Properties { headers, metadata }) = &self.properties {
            lines.push(format!("headers replaced by: {}", list(headers)));
            lines.push(format!("user metadata replaced by: {}", list(metadata)));
        }
        if let Some(tags) = &self.tags {
            lines.push(format!("tags replaced by: {}", list(tags)));
        }
        f.write_str(&lines.join("\n"))
    }
}

fn list(pairs: &[(String, String)]) -> String {
    if pairs.is_empty() {
        return "none".to_owned();
    }
    let written = pairs.iter().map(|(name, value)| format!("{name}={value}"));
    written.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Pairs {
        let owned = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        pairs.iter().map(owned).collect()
    }

    fn headers(named: &[(&str, &str)]) -> Replaced {
        let headers = pairs(named);
        Replaced {
            properties: Some(Properties {
                headers,
                metadata: Vec::new(),
            }),
            tags: None,
        }
    }

    fn tags(named: Pairs) -> Replaced {
        Replaced {
            properties: None,
            tags: Some(named),
        }
    }

    #[test]
    fn what_no_provider_takes_is_refused_by_name() {
        let fits = headers(&[("content-type", "text/plain"), ("expires", "0")]);
        assert_eq!(fits.check(), Ok(()));
        let foreign = headers(&[("content-length", "5")]);
        assert_eq!(
            foreign.check(),
            Err(Unfit::Header("content-length".to_owned()))
        );
        let twice = headers(&[("expires", "0"), ("expires", "1")]);
        assert_eq!(twice.check(), Err(Unfit::Twice("expires".to_owned())));

        let numbered = |count: usize| (0..count).map(|n| (n.to_string(), String::new())).collect();
        assert_eq!(tags(numbered(10)).check(), Ok(()));
        assert_eq!(tags(numbered(11)).check(), Err(Unfit::TooManyTags(11)));
        let longest = "ä".repeat(LONGEST_TAG_NAME);
        assert_eq!(tags(pairs(&[(&longest, "")])).check(), Ok(()));
        let long = format!("{longest}a");
        assert_eq!(
            tags(pairs(&[(&long, "")])).check(),
            Err(Unfit::LongTag(long))
        );
        let nameless = tags(pairs(&[("", "v")])).check();
        assert_eq!(nameless, Err(Unfit::Nameless("v".to_owned())));
    }

    #[test]
    fn nothing_is_told_where_nothing_is_replaced() {
        assert_eq!(Replaced::default().to_string(), "");
        let told = tags(Vec::new()).to_string();
        assert_eq!(told, "tags replaced by: none");
    }
}
