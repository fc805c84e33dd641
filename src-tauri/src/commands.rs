//! Tauri's side of the contract: every command of the window passes through these two.

use partway_api::ApiError;
use partway_api::contract::StreamMessage;
use serde_json::Value;
use tauri::ipc::Channel;
use tauri::{AppHandle, State};

use crate::app::Opened;
use crate::stream::Stream;

/// Runs one command of the contract by its name.
#[tauri::command]
pub(crate) async fn dispatch(
    opened: State<'_, Opened>,
    name: String,
    args: Value,
) -> Result<Value, ApiError> {
    partway_api::dispatch(opened.api()?, &name, args).await
}

/// Sends a snapshot and then every update into the channel. A page has one stream: subscribing
/// again (after a reload, or on a gap) ends the one before.
#[tauri::command]
pub(crate) async fn subscribe(
    app: AppHandle,
    opened: State<'_, Opened>,
    stream: State<'_, Stream>,
    channel: Channel<StreamMessage>,
) -> Result<(), ApiError> {
    stream.start(app, opened.api()?.clone(), channel);
    Ok(())
}
