//! Which judges were asked for.

/// What the words after the program's name choose.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Choice {
    /// Only fetches what the judges need, so that a later run needs no network.
    pub(crate) prepare: bool,
    clients: bool,
    servers: bool,
    only: Vec<String>,
}

impl Choice {
    pub(crate) fn parse(words: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut choice = Self::default();
        let mut words = words;
        while let Some(word) = words.next() {
            match word.as_str() {
                "prepare" => choice.prepare = true,
                "clients" => choice.clients = true,
                "servers" => choice.servers = true,
                "--only" => {
                    let name = words.next().filter(|name| known().any(|k| k == name));
                    choice.only.push(name.ok_or_else(|| {
                        let names: Vec<_> = known().collect();
                        format!("--only wants one of: {}", names.join(", "))
                    })?);
                }
                _ => {
                    return Err(format!(
                        "partway-judges does not know `{word}`; it knows prepare, clients, servers and --only NAME"
                    ));
                }
            }
        }
        if !choice.clients && !choice.servers {
            (choice.clients, choice.servers) = (true, true);
        }
        Ok(choice)
    }

    pub(crate) fn client(&self, name: &str) -> bool {
        self.clients && self.names(name)
    }

    pub(crate) fn server(&self, name: &str) -> bool {
        self.servers && self.names(name)
    }

    fn names(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == name)
    }
}

fn known() -> impl Iterator<Item = &'static str> {
    crate::clients::NAMES
        .iter()
        .chain(crate::servers::NAMES)
        .copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(words: &[&str]) -> Result<Choice, String> {
        Choice::parse(words.iter().map(|word| (*word).to_owned()))
    }

    #[test]
    fn everybody_is_asked_unless_somebody_is_named() {
        let all = choice(&[]).unwrap();
        assert!(all.client("boto3") && all.server("rgw"));
        let one = choice(&["--only", "rgw"]).unwrap();
        assert!(one.server("rgw") && !one.server("swift") && !one.client("boto3"));
        let side = choice(&["servers"]).unwrap();
        assert!(side.server("swift") && !side.client("boto3"));
        assert!(choice(&["--only", "nobody"]).unwrap_err().contains("rgw"));
        assert!(choice(&["anything"]).unwrap_err().contains("anything"));
    }
}
