//! An endpoint as people type it, and hosts as servers name them.

const EXAMPLE: &str = "write it like https://cos.ap-guangzhou.myqcloud.com";

/// Scheme and host of an endpoint text, or what is wrong with it.
pub(super) fn parse(endpoint: &str) -> Result<(String, String), String> {
    let text = endpoint.trim();
    let (scheme, rest) = text
        .split_once("://")
        .ok_or_else(|| format!("it has no scheme; {EXAMPLE}"))?;
    let scheme = scheme.to_ascii_lowercase();
    let own_port = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => return Err(format!("its scheme is neither https nor http; {EXAMPLE}")),
    };
    let authority = rest.strip_suffix('/').unwrap_or(rest);
    if authority.contains('@') {
        return Err(format!("it contains a user name; {EXAMPLE}"));
    }
    if authority.contains(['?', '#']) {
        return Err(format!("it has a query; {EXAMPLE}"));
    }
    if authority.contains('/') {
        return Err(format!(
            "it has a path; buckets are chosen later, {EXAMPLE}"
        ));
    }
    let authority = authority.to_ascii_lowercase();
    let authority = authority.strip_suffix(own_port).unwrap_or(&authority);
    check_host(authority).map_err(|fault| format!("{fault}; {EXAMPLE}"))?;
    Ok((scheme, authority.to_owned()))
}

/// The host, with its port, that a server named: bare, or in a URL of any kind. `None` when
/// there is none in it.
pub(super) fn host_in(text: &str) -> Option<String> {
    // Readers of URLs leave these out before they look for anything.
    let text = text.replace(['\t', '\n', '\r'], "");
    let text = text.trim();
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) if scheme.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            (scheme.to_ascii_lowercase(), after_slashes(rest))
        }
        _ if text.len() - after_slashes(text).len() >= 2 => (String::new(), after_slashes(text)),
        _ => (String::new(), text),
    };
    // A backslash ends a host for some readers of URLs; what follows it must not be believed.
    let authority = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, h)| h);
    let host = host.to_ascii_lowercase();
    let own_port = match scheme.as_str() {
        "https" => ":443",
        "http" => ":80",
        _ => "",
    };
    let host = match host.strip_suffix(own_port) {
        Some(bare) if !own_port.is_empty() => bare.to_owned(),
        _ => host,
    };
    (!host.is_empty()).then_some(host)
}

/// What browsers take for the host, however many slashes and backslashes stand before it.
fn after_slashes(text: &str) -> &str {
    text.trim_start_matches(['/', '\\'])
}

/// What is wrong with a host name with or without a port.
pub(super) fn check_host(authority: &str) -> Result<(), String> {
    let (name, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest
                .split_once(']')
                .ok_or_else(|| "its IPv6 address is not closed with ]".to_owned())?;
            if address.parse::<std::net::Ipv6Addr>().is_err() {
                return Err("what stands in brackets is no IPv6 address".to_owned());
            }
            (
                None,
                port.strip_prefix(':').or((!port.is_empty()).then_some("")),
            )
        }
        None => match authority.split_once(':') {
            Some((name, port)) => (Some(name), Some(port)),
            None => (Some(authority), None),
        },
    };
    if let Some(name) = name {
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
        if name.is_empty() {
            return Err("its host is empty".to_owned());
        }
        if !name.bytes().all(fits) || name.starts_with('.') || name.contains("..") {
            return Err("its host is not a host name".to_owned());
        }
    }
    match port {
        Some(port) if port.parse::<u16>().is_ok_and(|port| port > 0) => Ok(()),
        Some(_) => Err("its port is not a number between 1 and 65535".to_owned()),
        None => Ok(()),
    }
}

/// An endpoint text for an error: a password typed into it is not repeated.
pub(super) fn without_user(endpoint: &str) -> String {
    match endpoint.rsplit_once('@') {
        Some((_, rest)) => format!("…@{rest}"),
        None => endpoint.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::host_in;

    #[test]
    fn a_host_is_found_in_whatever_a_server_writes() {
        for (text, host) in [
            (
                "https://b.s3.eu-west-1.amazonaws.com/k?x=1",
                "b.s3.eu-west-1.amazonaws.com",
            ),
            ("b.s3.amazonaws.com", "b.s3.amazonaws.com"),
            ("//Evil.Example:81/x", "evil.example:81"),
            ("https://h:443/", "h"),
            ("http://h:443/", "h:443"),
            // So do browsers read them.
            ("https:///evil.example/x", "evil.example"),
            ("/\\/evil.example", "evil.example"),
            ("/\t/evil.example", "evil.example"),
            ("https:/https:///evil.example/", "https:"),
            // The part before @ only looks like the host.
            (
                "https://cos.ap-beijing.myqcloud.com@evil.example/",
                "evil.example",
            ),
            ("https://evil.example\\.myqcloud.com/", "evil.example"),
        ] {
            assert_eq!(host_in(text).as_deref(), Some(host), "{text}");
        }
        for text in ["", "/only/a/path", "https:///", "?q"] {
            assert_eq!(host_in(text), None, "{text}");
        }
    }
}
