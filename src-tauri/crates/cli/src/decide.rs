//! `decide` and `restore`: answers to objects that wait for one.

use clap::{Args, ValueEnum};
use partway_api::contract::{
    Choice, Decide, JobRef, RestoreJob, RestoreTier, TransferState, TransferView, TransfersRequest,
};
use partway_api::{Api, ApiError};

use crate::exit::{Exit, usage};
use crate::follow::follow;
use crate::terminal::{Terminal, readable};

/// Transfers looked through at once.
const PAGE: u32 = 1_000;

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Answer {
    /// Put the copy in the place of the object that stands there.
    Replace,
    /// Copy under another name beside it.
    KeepBoth,
    /// Leave the object out.
    Skip,
    /// Give back what was begun and copy the source as it is now.
    StartOver,
    /// What stands at the destination is the copy; it counts as not verified.
    Accept,
    /// Go on with an open upload, named with --upload.
    Adopt,
}

#[derive(Debug, Args)]
pub(crate) struct DecideArgs {
    /// Number of the job.
    job: u32,

    /// The answer.
    answer: Answer,

    /// Number of the transfer; the first that waits for a decision if it is not given.
    #[arg(long, value_name = "N", conflicts_with = "all")]
    transfer: Option<u32>,

    /// Every transfer of the job that waits for the same reason as the first.
    #[arg(long)]
    all: bool,

    /// The upload to adopt.
    #[arg(long, value_name = "ID", required_if_eq("answer", "adopt"))]
    upload: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Tier {
    Expedited,
    Standard,
    Bulk,
}

#[derive(Debug, Args)]
pub(crate) struct RestoreArgs {
    /// Number of the job.
    job: u32,

    /// How quickly; quicker costs more, and not every class and provider has every tier.
    #[arg(long, default_value = "standard")]
    tier: Tier,

    /// Days the restored bytes stay readable.
    #[arg(long, default_value_t = 7, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    days: u32,
}

pub(crate) async fn run(args: DecideArgs, terminal: &Terminal) -> Result<Exit, ApiError> {
    let api = terminal.open().await?;
    let transfer = match args.transfer {
        Some(transfer) => transfer,
        None => first_waiting(&api, args.job).await?.id,
    };
    api.decide(Decide {
        job: args.job,
        transfer,
        all_like_it: args.all,
        choice: args.answer.into(),
        upload_id: args.upload,
    })
    .await?;
    follow(&api, &[args.job], terminal).await
}

pub(crate) async fn restore(args: RestoreArgs, terminal: &Terminal) -> Result<Exit, ApiError> {
    let api = terminal.open().await?;
    api.restore_job(RestoreJob {
        job: args.job,
        tier: match args.tier {
            Tier::Expedited => RestoreTier::Expedited,
            Tier::Standard => RestoreTier::Standard,
            Tier::Bulk => RestoreTier::Bulk,
        },
        days: args.days,
    })
    .await?;
    follow(&api, &[args.job], terminal).await
}

async fn first_waiting(api: &Api, job: u32) -> Result<TransferView, ApiError> {
    api.job(JobRef { job }).await?;
    let mut after = None;
    loop {
        let page = api
            .transfers(TransfersRequest {
                job,
                after,
                limit: PAGE,
            })
            .await?;
        let was_last = page.len() < PAGE as usize;
        after = page.last().map(|transfer| transfer.id);
        let waits = |transfer: &TransferView| {
            transfer.state == TransferState::Waiting && !transfer.choices.is_empty()
        };
        if let Some(transfer) = page.into_iter().find(waits) {
            return Ok(transfer);
        }
        if was_last {
            return Err(usage(format!("nothing in job {job} waits for a decision")));
        }
    }
}

/// What can be done for transfers that wait for somebody, for the end of a report.
pub(crate) async fn hints(api: &Api, job: u32) -> Vec<String> {
    let (restore, decision) = (restore_hint(api, job).await, hint(api, job).await);
    restore.into_iter().chain(decision).collect()
}

/// How an archived source is asked back, if none of the job was yet.
async fn restore_hint(api: &Api, job: u32) -> Option<String> {
    let waiting = api.waiting_transfers(JobRef { job }).await.ok()?;
    let cold = |transfer: &&TransferView| {
        transfer.waits_for.as_deref() == Some("restore") && transfer.restore.is_none()
    };
    let transfer = waiting.iter().find(cold)?;
    Some(format!(
        "{} is archived: `partway-cli restore {job}` asks for it, and copies it when it can be read.",
        readable(&transfer.source_key)
    ))
}

/// What can be answered to the first transfer that waits for a decision.
async fn hint(api: &Api, job: u32) -> Option<String> {
    let transfer = first_waiting(api, job).await.ok()?;
    let words: Vec<String> = transfer
        .choices
        .iter()
        .filter_map(|choice| Answer::from(*choice).to_possible_value())
        .map(|value| value.get_name().to_owned())
        .collect();
    Some(format!(
        "{} waits for a decision: partway-cli decide {job} {}",
        readable(&transfer.source_key),
        words.join("|")
    ))
}

impl From<Answer> for Choice {
    fn from(answer: Answer) -> Self {
        match answer {
            Answer::Replace => Self::Replace,
            Answer::KeepBoth => Self::KeepBoth,
            Answer::Skip => Self::Skip,
            Answer::StartOver => Self::StartOver,
            Answer::Accept => Self::AcceptAsIs,
            Answer::Adopt => Self::AdoptUpload,
        }
    }
}

impl From<Choice> for Answer {
    fn from(choice: Choice) -> Self {
        match choice {
            Choice::Replace => Self::Replace,
            Choice::KeepBoth => Self::KeepBoth,
            Choice::Skip => Self::Skip,
            Choice::StartOver => Self::StartOver,
            Choice::AcceptAsIs => Self::Accept,
            Choice::AdoptUpload => Self::Adopt,
        }
    }
}
