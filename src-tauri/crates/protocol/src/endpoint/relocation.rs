//! What a wrong-region answer points to. Pure: nothing here sends anything.

use super::{Endpoint, Shape, is_region, text};

/// Where a server says a bucket is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pointer {
    /// It does not say.
    Nowhere,
    /// In this region of the same service: one label, fit for a host name.
    Region(String),
    /// At a host that is not the account's. Nobody goes there.
    Stranger(String),
}

/// What a redirect or a wrong-region error says, as it stands there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Directions<'a> {
    /// The header with the bucket's region.
    pub header: Option<&'a str>,
    /// `<Region>` of the body.
    pub region: Option<&'a str>,
    /// `<Endpoint>` of the body: a host, on some servers a region.
    pub endpoint: Option<&'a str>,
    /// The `Location` header: a URL.
    pub location: Option<&'a str>,
}

impl Endpoint {
    /// Reads a redirect or a wrong-region error.
    ///
    /// | what it says                                  | what it means              |
    /// |-----------------------------------------------|----------------------------|
    /// | a `Location` at a host that is not ours       | a stranger, whatever else  |
    /// | a region in the header, else in the body      | that region                |
    /// | an endpoint or a `Location` of ours           | the region in its host     |
    /// | an endpoint that is not ours, nothing else    | a stranger                 |
    pub fn pointer(&self, said: Directions<'_>) -> Pointer {
        let redirect = said.location.and_then(text::host_in);
        if let Some(host) = redirect.as_deref().filter(|host| !self.owns(host)) {
            return Pointer::Stranger(host.to_owned());
        }
        let named = [said.header, said.region]
            .into_iter()
            .flatten()
            .map(str::trim)
            .map(|region| region.strip_prefix("cos.").unwrap_or(region))
            .find(|region| is_region(region));
        if let Some(region) = named {
            return Pointer::Region(region.to_owned());
        }
        let endpoint = said.endpoint.and_then(text::host_in);
        match &endpoint {
            Some(word) if is_region(word) && word != "localhost" => {
                return Pointer::Region(word.clone());
            }
            // An endpoint is named without its port.
            Some(host) if !self.owns(host) && !self.owns(&self.with_own_port(host)) => {
                return Pointer::Stranger(host.clone());
            }
            _ => {}
        }
        [endpoint, redirect]
            .iter()
            .flatten()
            .find_map(|host| {
                self.region_in(host)
                    .or_else(|| self.region_in(&self.with_own_port(host)))
            })
            .map_or(Pointer::Nowhere, Pointer::Region)
    }

    fn with_own_port(&self, host: &str) -> String {
        match self.host.strip_prefix(self.bare_host()) {
            Some(port) => format!("{host}{port}"),
            None => host.to_owned(),
        }
    }

    /// The region one of the account's hosts stands in.
    fn region_in(&self, host: &str) -> Option<String> {
        let own = Shape::of(&self.host, &self.region);
        let tails = host.match_indices('.').map(|(at, _)| &host[at + 1..]);
        std::iter::once(host).chain(tails).find_map(|tail| {
            Shape::known(tail).map(|shape| shape.region).or_else(|| {
                let shape = own.as_ref()?;
                let region = tail
                    .strip_prefix(&shape.before)?
                    .strip_suffix(&shape.after)?;
                is_region(region).then(|| region.to_owned())
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use partway_domain::Addressing;

    use super::*;

    fn endpoint(host: &str, region: &str) -> Endpoint {
        Endpoint::new("https", host, region, Addressing::VirtualHost)
    }

    const NOTHING: Directions<'_> = Directions {
        header: None,
        region: None,
        endpoint: None,
        location: None,
    };

    fn region(name: &str) -> Pointer {
        Pointer::Region(name.to_owned())
    }

    fn stranger(host: &str) -> Pointer {
        Pointer::Stranger(host.to_owned())
    }

    #[test]
    fn the_table_above_holds() {
        let amazon = endpoint("s3.eu-west-1.amazonaws.com", "eu-west-1");
        for ([header, body, place, location], expected) in [
            (["us-west-2", "", "", ""], region("us-west-2")),
            (["us-west-2", "us-east-1", "", ""], region("us-west-2")),
            (
                ["", "us-east-1", "b.s3-eu-north-1.amazonaws.com", ""],
                region("us-east-1"),
            ),
            (
                ["", "", "b.s3-us-west-2.amazonaws.com", ""],
                region("us-west-2"),
            ),
            (["", "", "us-west-2", ""], region("us-west-2")),
            (
                ["", "", "", "https://b.s3.us-west-2.amazonaws.com/k?x"],
                region("us-west-2"),
            ),
            (["", "", "", "/k"], Pointer::Nowhere),
            (["", "", "", ""], Pointer::Nowhere),
            (["evil.example/", "a b", "", ""], Pointer::Nowhere),
            // Nobody is believed about the region who sends us to a stranger.
            (
                ["us-west-2", "", "", "https://evil.example/"],
                stranger("evil.example"),
            ),
            (
                [
                    "",
                    "",
                    "",
                    "https://s3.eu-west-1.amazonaws.com@evil.example/",
                ],
                stranger("evil.example"),
            ),
            (["", "", "", "//127.0.0.1:81/"], stranger("127.0.0.1:81")),
            (["", "", "evil.example", ""], stranger("evil.example")),
            // Servers of their own write names into `<Endpoint>` that mean nothing out here.
            (
                ["us-west-2", "", "storage.internal", ""],
                region("us-west-2"),
            ),
        ] {
            let some = |text: &'static str| (!text.is_empty()).then_some(text);
            let said = Directions {
                header: some(header),
                region: some(body),
                endpoint: some(place),
                location: some(location),
            };
            assert_eq!(amazon.pointer(said), expected, "{said:?}");
        }
    }

    #[test]
    fn an_endpoint_is_named_without_its_port() {
        let local = endpoint("cos.ap-beijing.localhost:9000", "ap-beijing");
        let said = Directions {
            endpoint: Some("b.cos.ap-shanghai.localhost"),
            ..NOTHING
        };
        assert_eq!(local.pointer(said), region("ap-shanghai"));
        let said = Directions {
            location: Some("http://b.cos.ap-shanghai.localhost/"),
            ..NOTHING
        };
        assert_eq!(local.pointer(said), stranger("b.cos.ap-shanghai.localhost"));
    }

    #[test]
    fn the_prefix_cos_writes_before_a_region_is_not_part_of_it() {
        let tencent = endpoint("cos.ap-beijing.myqcloud.com", "ap-beijing");
        assert_eq!(
            tencent.pointer(Directions {
                header: Some("cos.ap-guangzhou"),
                ..NOTHING
            }),
            region("ap-guangzhou")
        );
    }
}
