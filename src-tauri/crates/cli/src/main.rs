//! `partway-cli`: the same journal and engine as the window, in a terminal.

#![allow(
    clippy::doc_markdown,
    reason = "doc comments of arguments are help texts for people"
)]

mod account;
mod address;
mod bridge;
mod cancel;
mod cp;
mod decide;
mod demo_cloud;
mod exit;
mod follow;
mod history;
mod interrupt;
mod jobs;
mod key_file;
mod ls;
mod manifest;
mod pause;
mod quantity;
mod queue;
mod remedy;
mod report;
mod resume;
mod sign;
mod terminal;
mod uploads;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use partway_api::ApiError;
use partway_api::contract::JobKind;
use tracing_subscriber::EnvFilter;

use exit::Exit;
use terminal::{Terminal, readable_lines};

/// Copies between buckets that survive anything: server-side, resumable, verified.
///
/// Addresses are cos://ACCOUNT@bucket/key, obs://… and s3://…; the account may be left out
/// when there is only one of that kind. Keys are taken byte for byte: nothing is decoded or
/// normalised.
#[derive(Debug, Parser)]
#[command(name = "partway-cli", version, after_help = exit::HELP)]
struct Cli {
    /// Answer in JSON: an object where one job is named, an array where several may be (also of
    /// one), and for ls one line per row.
    #[arg(long, global = true)]
    json: bool,

    /// Folder of the journal; PARTWAY_DATA_DIR or the system's place if it is not given.
    #[arg(long, global = true, value_name = "DIR")]
    data_dir: Option<PathBuf>,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Accounts: add, add-demo, list, test, secret, remove.
    #[command(subcommand)]
    Account(account::AccountCommand),
    /// List buckets, or what is under an address.
    Ls(ls::LsArgs),
    /// Copy objects from bucket to bucket, server-side.
    Cp(cp::CpArgs),
    /// Move objects: each source is deleted once its copy is verified.
    Mv(cp::CpArgs),
    /// Unfinished jobs, in the order of the queue.
    Jobs,
    /// Go on with interrupted, paused or failed jobs.
    Resume(resume::ResumeCommand),
    /// Let a job's parts in flight finish and start nothing new.
    Pause(pause::PauseArgs),
    /// Order, hours and pace of unfinished jobs.
    #[command(subcommand)]
    Queue(queue::QueueCommand),
    /// Give a job up.
    Cancel(cancel::CancelArgs),
    /// Multipart uploads that are open on the servers; `uploads abort` gives them back.
    Uploads(uploads::UploadsCommand),
    /// Answer objects of a job that wait for a decision, and go on with it.
    Decide(decide::DecideArgs),
    /// Ask for the archived sources of a job, and go on as they become readable.
    Restore(decide::RestoreArgs),
    /// What became of each object of a job, and how that is known.
    Manifest(manifest::ManifestArgs),
    /// All jobs, newest first.
    History(history::HistoryArgs),
    /// Run a cloud of COS, OBS and S3 on loopback, for trying and testing.
    DemoCloud(demo_cloud::DemoCloudArgs),
    /// Sign cases and show every step.
    Sign(sign::SignArgs),
    /// Serve the window's commands over HTTP on loopback.
    #[command(hide = true)]
    Bridge(bridge::BridgeArgs),
}

impl Command {
    /// Whether jobs are followed, whose end is the program's exit code.
    fn is_copy(&self) -> bool {
        matches!(
            self,
            Self::Cp(_) | Self::Mv(_) | Self::Resume(_) | Self::Decide(_) | Self::Restore(_)
        )
    }
}

fn main() -> ExitCode {
    start_log();
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return unparsed(&error),
    };
    let terminal = Terminal::new(cli.json, cli.data_dir);
    if let Command::Sign(args) = cli.command {
        return sign::run(&args, &terminal);
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            terminal.complain(&ApiError::new(
                "internal",
                format!("no threads to run on: {error}"),
            ));
            return Exit::Internal.into();
        }
    };
    let is_copy = cli.command.is_copy();
    let outcome = runtime.block_on(async {
        let outcome = run(cli.command, &terminal).await;
        terminal.leave().await;
        outcome
    });
    // Nothing is waited for that nobody waits for.
    runtime.shutdown_background();
    match outcome {
        // What a list says is all there is to it; a copy is done whoever hears of it.
        Ok(Exit::Done) if terminal.is_unwritten() && !is_copy => Exit::Failed.into(),
        Ok(exit) => exit.into(),
        Err(error) => {
            terminal.complain(&error);
            Exit::of(&error).into()
        }
    }
}

/// A request for help or the version, or arguments that cannot be used. Scripts that ask for
/// JSON get it here too, though nothing of what they asked could be read.
fn unparsed(error: &clap::Error) -> ExitCode {
    let in_json = std::env::args_os()
        .take_while(|argument| argument != "--")
        .any(|argument| argument == "--json");
    let text = error.render().to_string();
    if !(in_json && error.use_stderr()) {
        let shown = readable_lines(&text);
        if shown == text {
            error.exit();
        }
        // An argument that would act on the terminal.
        Terminal::new(false, None).note(shown.trim_end());
        return Exit::BadInput.into();
    }
    let message = text.trim().trim_start_matches("error: ");
    Terminal::new(true, None).complain(&exit::usage(message));
    Exit::BadInput.into()
}

fn start_log() {
    let filter = EnvFilter::try_from_env("PARTWAY_LOG").unwrap_or_else(|_| EnvFilter::new("error"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // They would be printed where nothing can be printed, which ends the program.
        .log_internal_errors(false)
        .init();
}

async fn run(command: Command, terminal: &Terminal) -> Result<Exit, ApiError> {
    match command {
        Command::Account(command) => account::run(command, terminal).await,
        Command::Ls(args) => ls::run(args, terminal).await,
        Command::Cp(args) => cp::run(args, JobKind::Copy, terminal).await,
        Command::Mv(args) => cp::run(args, JobKind::Move, terminal).await,
        Command::Jobs => jobs::run(terminal).await,
        Command::Resume(args) => resume::run(args, terminal).await,
        Command::Pause(args) => pause::run(args, terminal).await,
        Command::Queue(command) => queue::run(command, terminal).await,
        Command::Uploads(args) => uploads::run(args, terminal).await,
        Command::Cancel(args) => cancel::run(args, terminal).await,
        Command::Decide(args) => decide::run(args, terminal).await,
        Command::Restore(args) => decide::restore(args, terminal).await,
        Command::Manifest(args) => manifest::run(args, terminal).await,
        Command::History(args) => history::run(args, terminal).await,
        Command::DemoCloud(args) => demo_cloud::run(args, terminal).await,
        Command::Bridge(args) => bridge::run(args, terminal).await,
        Command::Sign(_) => unreachable!("signing needs no journal and ran already"),
    }
}
