//! What the desktop shows besides the window: the tray's line, and notifications for somebody who
//! looks elsewhere.

mod notice;
mod speed;

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use partway_api::contract::StreamMessage;
use partway_api::desktop::{Attention, Figures};
use tauri::{AppHandle, Manager};
use tokio::sync::Notify;

use crate::app::Opened;
use crate::words::Words;
use crate::{tray, window};

pub(crate) use notice::follow_clicks;

/// What ends within this time is told together, and the tray's line changes no oftener.
const GATHER: Duration = Duration::from_secs(2);

/// Hears what the page hears.
#[derive(Debug, Default)]
pub(crate) struct Desk {
    attention: Mutex<Attention>,
    heard: Notify,
}

impl Desk {
    pub(crate) fn note(&self, message: &StreamMessage) {
        self.with(|attention| attention.note(message));
        self.heard.notify_one();
    }

    fn with<T>(&self, work: impl FnOnce(&mut Attention) -> T) -> T {
        work(
            &mut self
                .attention
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )
    }
}

/// Keeps tray and notifications up to date until the program ends.
pub(crate) fn keep(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        tray::ensure(&app).await;
        loop {
            let desk = app.state::<Desk>();
            desk.heard.notified().await;
            tokio::time::sleep(GATHER).await;
            let (news, figures) = desk.with(|attention| (attention.news(), attention.figures()));
            let words = words(&app).await;
            tray::tell(&app, &words, line(&words, figures));
            let news = match app.state::<Opened>().api() {
                Ok(api) => api.worth_telling(news).await,
                Err(_) => news,
            };
            if !news.is_empty() && !window::is_looked_at(&app) {
                notice::show(&app, &words, &news);
            }
        }
    });
}

async fn words(app: &AppHandle) -> Words {
    let language = match app.state::<Opened>().api() {
        Ok(api) => api.language().await,
        Err(_) => None,
    };
    Words::in_language(language.as_deref())
}

fn line(words: &Words, figures: Figures) -> String {
    let line = if figures.running == 0 {
        words.say("tray_idle", &[])
    } else {
        let gaps = [
            ("count", figures.running.to_string()),
            ("speed", speed::bytes(figures.bytes_per_second)),
        ];
        words.say(
            "tray_running",
            &gaps.each_ref().map(|(name, text)| (*name, text.as_str())),
        )
    };
    if figures.needing_you == 0 {
        return line;
    }
    let count = figures.needing_you.to_string();
    words.say("tray_needs_you", &[("line", &line), ("count", &count)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_what_runs_and_who_waits() {
        let words = Words::in_language(Some("en"));
        assert_eq!(line(&words, Figures::default()), "Nothing is running");
        let figures = Figures {
            running: 3,
            needing_you: 1,
            bytes_per_second: 612.0 * 1_048_576.0,
        };
        assert_eq!(
            line(&words, figures),
            "Running: 3 · 612 MiB/s · need you: 1"
        );
    }
}
