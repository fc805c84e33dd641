//! Snapshots and updates on their way to the page.

use std::sync::{Mutex, PoisonError};

use partway_api::Api;
use partway_api::contract::StreamMessage;
use tauri::async_runtime::{JoinHandle, spawn};
use tauri::ipc::Channel;
use tauri::{AppHandle, Manager};

use crate::desk::Desk;

/// The stream of the page that is shown now.
#[derive(Debug, Default)]
pub(crate) struct Stream(Mutex<Option<JoinHandle<()>>>);

impl Stream {
    /// Starts anew for a page that has just subscribed.
    pub(crate) fn start(&self, app: AppHandle, api: Api, channel: Channel<StreamMessage>) {
        let task = spawn(forward(app, api, channel));
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = running.replace(task) {
            // A channel does not notice that its page is gone.
            before.abort();
        }
    }
}

/// Pulls: while the page is busy, what happens gathers into its next message.
async fn forward(app: AppHandle, api: Api, channel: Channel<StreamMessage>) {
    let mut subscription = api.subscribe();
    while let Some(message) = subscription.next().await {
        app.state::<Desk>().note(&message);
        if let Err(error) = channel.send(message) {
            tracing::debug!("the page no longer listens: {error}");
            return;
        }
    }
}
