//! Files of `name = value` lines under `[headings]`, as the AWS tools, coscmd and rclone write
//! them.

/// The lines under one heading; nested lines (`s3 =` with indented ones below) count as their own.
#[derive(Debug, Default)]
pub(super) struct Section {
    /// Without brackets; empty for what stands before the first heading.
    pub(super) name: String,
    values: Vec<(String, String)>,
}

impl Section {
    /// The value of a name; empty if there is none.
    pub(super) fn value(&self, name: &str) -> &str {
        self.values
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value)
    }
}

/// All sections in their order.
pub(super) fn parse(text: &str) -> Vec<Section> {
    let mut sections = vec![Section::default()];
    for line in text.trim_start_matches('\u{feff}').lines().map(str::trim) {
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = heading(line) {
            sections.push(Section {
                name: name.to_owned(),
                values: Vec::new(),
            });
        } else if let (Some((name, value)), Some(section)) =
            (line.split_once('='), sections.last_mut())
        {
            let pair = (name.trim().to_lowercase(), value.trim().to_owned());
            section.values.push(pair);
        }
    }
    sections
}

fn heading(line: &str) -> Option<&str> {
    let name = line.strip_prefix('[')?.strip_suffix(']')?.trim();
    (!name.is_empty()).then_some(name)
}
