//! A manifest as a table. Pure.

use partway_domain::Comparison;

use super::ManifestRow;

/// The first line, ended as RFC 4180 wants it.
pub const CSV_HEAD: &str = "state,source_bucket,source_key,source_version,source_etag,source_modified,source_checksum,destination_bucket,destination_key,destination_version,destination_etag,size,parts,part_size,verified,evidence,comparisons,before,not_carried,left_out,failure,request_id,finished_ms\r\n";

/// One row, ended. Keys are in it byte for byte: whoever opens it with a program that computes
/// what begins with `=` has to say that it is text.
pub fn csv_line(row: &ManifestRow) -> String {
    let number = |value: Option<String>| value.unwrap_or_default();
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let comparisons: Vec<String> = row.comparisons.iter().map(in_words).collect();
    let failure = row.failure.as_ref().map(ToString::to_string);
    let fields = [
        row.state.to_owned(),
        row.source_bucket.clone(),
        row.source_key.clone(),
        text(&row.source_version),
        text(&row.source_etag),
        text(&row.source_modified),
        text(&row.source_checksum),
        row.destination_bucket.clone(),
        row.destination_key.clone(),
        text(&row.destination_version),
        text(&row.destination_etag),
        row.size.to_string(),
        number(row.parts.map(|parts| parts.to_string())),
        number(row.part_size.map(|size| size.to_string())),
        number(row.verified.map(|verified| verified.to_string())),
        text(&row.evidence),
        comparisons.join("; "),
        text(&row.before),
        row.not_carried.join("; "),
        text(&row.left_out),
        text(&failure),
        text(&row.request_id),
        number(row.finished_ms.map(|ms| ms.to_string())),
    ];
    let quoted: Vec<String> = fields.iter().map(|field| quoted(field)).collect();
    format!("{}\r\n", quoted.join(","))
}

/// `crc64_xz 123 (HeadObject of the source) = 123 (HeadObject of the destination, request id …)`.
fn in_words(comparison: &Comparison) -> String {
    let Comparison {
        compared,
        expected,
        expected_from,
        found,
        found_from,
        request_id,
    } = comparison;
    let name = serde_json::to_value(compared).unwrap_or_default();
    let (sign, found) = match found {
        None => ("?", "not told"),
        Some(found) if comparison.agrees() => ("=", found.as_str()),
        Some(found) => ("≠", found.as_str()),
    };
    let id = request_id
        .as_ref()
        .map_or_else(String::new, |id| format!(", request id {id}"));
    format!(
        "{} {expected} ({expected_from}) {sign} {found} ({found_from}{id})",
        name.as_str().unwrap_or_default()
    )
}

fn quoted(field: &str) -> String {
    let plain = !field.contains([',', '"', '\r', '\n']) && field.trim() == field;
    if plain {
        field.to_owned()
    } else {
        format!("\"{}\"", field.replace('"', "\"\""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_of_a_key_survives_quoting() {
        assert_eq!(quoted("a/b.txt"), "a/b.txt");
        assert_eq!(quoted("a,\"b\"\n"), "\"a,\"\"b\"\"\n\"");
        assert_eq!(quoted(" led by a blank"), "\" led by a blank\"");
        assert_eq!(quoted(""), "");
    }

    #[test]
    fn what_was_not_told_is_no_agreement() {
        let mut comparison = Comparison {
            compared: partway_domain::Compared::Size,
            expected: "5".to_owned(),
            expected_from: "HeadObject of the source".to_owned(),
            found: None,
            found_from: "HeadObject of the destination".to_owned(),
            request_id: Some("r1".to_owned()),
        };
        assert!(in_words(&comparison).contains(" ? not told ("));
        comparison.found = Some("6".to_owned());
        assert_eq!(
            in_words(&comparison),
            "size 5 (HeadObject of the source) ≠ 6 (HeadObject of the destination, request id r1)"
        );
    }
}
