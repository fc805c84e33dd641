//! `bridge`: the window's commands over HTTP on loopback, for browser tests and development.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use partway_api::ApiError;
use partway_api::bridge::{Options, serve};

use crate::exit::Exit;
use crate::interrupt::Interrupts;
use crate::terminal::Terminal;

/// What comes back within this time after Ctrl-C counts.
const GRACE: Duration = Duration::from_secs(3);

#[derive(Debug, Args)]
pub(crate) struct BridgeArgs {
    /// Port on 127.0.0.1; 0 takes any that is free.
    #[arg(long, default_value_t = 0)]
    port: u16,

    /// What every request must bring. It opens this door on this computer only and is no
    /// secret of any account.
    #[arg(long)]
    token: String,

    /// Folder of the built UI.
    #[arg(long, value_name = "DIR")]
    ui: Option<PathBuf>,
}

/// Prints `{"url": …}` and serves until Ctrl-C.
pub(crate) async fn run(args: BridgeArgs, terminal: &Terminal) -> Result<Exit, ApiError> {
    let mut interrupts = Interrupts::listen();
    let api = terminal.open().await?;
    api.keep_appointments_in_background();
    api.forget_old_jobs_in_background();
    let bridge = serve(
        api.clone(),
        Options {
            port: args.port,
            token: args.token,
            ui: args.ui,
        },
    )
    .await?;
    terminal.value(&serde_json::json!({ "url": bridge.url }));
    interrupts.next().await;
    drop(bridge);
    api.shutdown(GRACE).await;
    Ok(Exit::Done)
}
