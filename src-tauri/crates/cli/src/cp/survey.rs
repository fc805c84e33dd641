//! The dry run of whole folders: counted to the end, and written line by line if wanted.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::ValueEnum;
use partway_api::contract::CopyRequest;
use partway_api::survey::{Fate, Line, Requests, Survey};
use partway_api::{Api, ApiError};

use crate::exit::{Exit, usage};
use crate::quantity;
use crate::terminal::{Terminal, readable};

/// How objects are written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Form {
    /// One document: the objects, then the sums.
    Json,
    /// One row for each object; the sums go to standard error.
    Csv,
}

pub(super) async fn run(
    api: &Api,
    requests: Vec<CopyRequest>,
    form: Option<Form>,
    output: Option<PathBuf>,
    terminal: &Terminal,
) -> Result<Exit, ApiError> {
    let mut sheet = Sheet::open(form, output)?;
    let mut whole = Survey {
        complete: true,
        ..Survey::default()
    };
    for request in requests {
        let survey = api
            .survey_copy(request, &mut |line| sheet.line(&line))
            .await?;
        add(&mut whole, &survey);
    }
    sheet.end(&whole)?;
    if form.is_none() {
        if terminal.json {
            terminal.value(&whole);
        } else {
            for line in sums(&whole) {
                terminal.say(&line);
            }
        }
    } else if form == Some(Form::Csv) {
        for line in sums(&whole) {
            terminal.note(&line);
        }
    }
    Ok(match (whole.refused, whole.asked) {
        (0, 0) => Exit::Done,
        (0, _) => Exit::NeedsUser,
        _ => Exit::BadInput,
    })
}

/// Where lines go.
struct Sheet {
    form: Option<Form>,
    out: Option<Box<dyn Write + Send>>,
    first: bool,
    broken: Option<io::Error>,
}

impl Sheet {
    fn open(form: Option<Form>, output: Option<PathBuf>) -> Result<Self, ApiError> {
        let out: Option<Box<dyn Write + Send>> = match (form, output) {
            (None, _) => None,
            (Some(_), None) => Some(Box::new(BufWriter::new(io::stdout()))),
            (Some(_), Some(path)) => {
                let file = File::create_new(&path).map_err(|error| {
                    usage(format!(
                        "{} cannot be written: {error}; name another file",
                        path.display()
                    ))
                })?;
                Some(Box::new(BufWriter::new(file)))
            }
        };
        let mut sheet = Self {
            form,
            out,
            first: true,
            broken: None,
        };
        match form {
            Some(Form::Json) => sheet.write("{\"objects\":["),
            Some(Form::Csv) => {
                sheet.write("source_key,destination_key,size,parts,fate,why,archived\r\n");
            }
            None => {}
        }
        Ok(sheet)
    }

    /// Goes on while anybody reads.
    fn line(&mut self, line: &Line) -> bool {
        match self.form {
            None => {}
            Some(Form::Json) => {
                let comma = if self.first { "\n" } else { ",\n" };
                let object = serde_json::to_string(line).unwrap_or_default();
                self.write(&format!("{comma}{object}"));
            }
            Some(Form::Csv) => {
                let row = [
                    cell(&line.source_key),
                    cell(&line.destination_key),
                    line.size.to_string(),
                    line.parts.to_string(),
                    word(line.fate).to_owned(),
                    cell(&line.why),
                    line.is_archived.to_string(),
                ];
                self.write(&format!("{}\r\n", row.join(",")));
            }
        }
        self.first = false;
        self.broken.is_none()
    }

    fn end(mut self, whole: &Survey) -> Result<(), ApiError> {
        if self.form == Some(Form::Json) {
            let sums = serde_json::to_string(whole).unwrap_or_default();
            self.write(&format!("\n],\"sums\":{sums}}}\n"));
        }
        if let (Some(out), None) = (&mut self.out, &self.broken) {
            self.broken = out.flush().err();
        }
        match self.broken {
            // Whoever read the output has gone (`| head`).
            Some(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            Some(error) => Err(unwritten(&error)),
            None => Ok(()),
        }
    }

    fn write(&mut self, text: &str) {
        if let (Some(out), None) = (&mut self.out, &self.broken) {
            self.broken = out.write_all(text.as_bytes()).err();
        }
    }
}

/// A cell as spreadsheets read it. One that begins like a formula gets an apostrophe in front:
/// keys are chosen by others.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if text.contains(['"', ',', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

fn word(fate: Fate) -> &'static str {
    match fate {
        Fate::Copy => "copy",
        Fate::Replace => "replace",
        Fate::KeepBoth => "keep_both",
        Fate::Skip => "skip",
        Fate::Ask => "ask",
        Fate::Refuse => "refuse",
    }
}

fn unwritten(error: &io::Error) -> ApiError {
    ApiError::new("usage", format!("the list cannot be written: {error}"))
}

fn add(whole: &mut Survey, part: &Survey) {
    whole.objects += part.objects;
    whole.copies += part.copies;
    whole.bytes += part.bytes;
    whole.parts += part.parts;
    whole.multipart += part.multipart;
    whole.replaced += part.replaced;
    whole.kept_both += part.kept_both;
    whole.skipped += part.skipped;
    whole.asked += part.asked;
    whole.refused += part.refused;
    whole.complete &= part.complete;
    whole.fallbacks.extend(part.fallbacks.iter().cloned());
    whole.given.clone_from(&part.given);
    let (sum, one) = (&mut whole.requests, &part.requests);
    *sum = Requests {
        list: sum.list + one.list,
        head: sum.head + one.head,
        copy: sum.copy + one.copy,
        create: sum.create + one.create,
        part_copy: sum.part_copy + one.part_copy,
        complete: sum.complete + one.complete,
        get_tags: sum.get_tags + one.get_tags,
        delete: sum.delete + one.delete,
    };
}

fn sums(survey: &Survey) -> Vec<String> {
    let requests = survey.requests;
    let mut lines = vec![
        format!(
            "{} objects; {} would be copied, {} in {} parts.",
            survey.objects,
            survey.copies,
            quantity::bytes(survey.bytes as f64),
            survey.parts
        ),
        format!(
            "  replaced {}, kept beside {}, skipped {}, to be asked about {}, impossible {}",
            survey.replaced, survey.kept_both, survey.skipped, survey.asked, survey.refused
        ),
        format!(
            "  requests: {} lists, {} HEADs, {} copies, {} uploads of {} parts, {} deletions",
            requests.list,
            requests.head,
            requests.copy,
            requests.create,
            requests.part_copy,
            requests.delete
        ),
    ];
    lines.extend(
        survey
            .given
            .iter()
            .map(|one| format!("  {}", readable(one))),
    );
    lines.extend(
        survey
            .fallbacks
            .iter()
            .map(|one| format!("  {}", readable(one))),
    );
    lines
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_cell_is_read_back_as_it_was_and_never_as_a_formula() {
        assert_eq!(cell("a b"), "a b");
        assert_eq!(cell("a,\"b\"\n"), "\"a,\"\"b\"\"\n\"");
        assert_eq!(cell("=1+1"), "'=1+1");
    }
}
