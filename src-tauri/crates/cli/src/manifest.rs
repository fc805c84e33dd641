//! `manifest`: what became of each object of a job, and how that is known.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use partway_api::ApiError;
use partway_api::contract::{ManifestFormat, ManifestRequest};

use crate::exit::Exit;
use crate::terminal::Terminal;

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    Csv,
    Jsonl,
}

#[derive(Debug, Args)]
pub(crate) struct ManifestArgs {
    /// Number of the job.
    job: u32,

    /// A table, or one JSON document per line with every comparison in it.
    #[arg(long, default_value = "jsonl")]
    format: Format,

    /// Write it into a new file instead of standard output.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(crate) async fn run(args: ManifestArgs, terminal: &Terminal) -> Result<Exit, ApiError> {
    let api = terminal.open().await?;
    let mut out: Box<dyn Write + Send> = match &args.output {
        Some(path) => {
            let file = File::create_new(path).map_err(|error| unwritable(path, &error))?;
            Box::new(BufWriter::new(file))
        }
        None => Box::new(io::stdout()),
    };
    let name = args.output.clone().unwrap_or_else(|| "-".into());
    let mut after = None;
    loop {
        let page = api
            .manifest(ManifestRequest {
                job: args.job,
                format: match args.format {
                    Format::Csv => ManifestFormat::Csv,
                    Format::Jsonl => ManifestFormat::Jsonl,
                },
                after,
            })
            .await?;
        out.write_all(page.text.as_bytes())
            .map_err(|error| unwritable(&name, &error))?;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    out.flush().map_err(|error| unwritable(&name, &error))?;
    if let Some(path) = &args.output {
        terminal.note(&format!("Written to {}.", path.display()));
    }
    Ok(Exit::Done)
}

fn unwritable(path: &std::path::Path, error: &io::Error) -> ApiError {
    ApiError::new(
        "bad_argument",
        format!(
            "{} cannot be written: {error}; name another file",
            path.display()
        ),
    )
}
