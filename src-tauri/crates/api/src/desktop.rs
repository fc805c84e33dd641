//! Between the desktop (tray, notifications, links, the close button) and the page: what the
//! shell would otherwise have to decide itself.

mod attention;

use std::collections::VecDeque;
use std::sync::Mutex;

use partway_journal::Journal;
use tokio::sync::{Notify, broadcast};

pub use attention::{Attention, Figures, Heading, News};

use crate::api::{Api, lock};
use crate::contract::{DesktopCall, Leave, LeaveRequest, Nothing, OnClose};
use crate::error::ApiError;
use crate::settings;

/// Wishes to leave nobody has taken yet; a second one changes nothing.
const WISHES: usize = 4;

/// The schemes a link may have that another program hands over.
const SCHEMES: &[&str] = &["cos", "cosn", "obs", "s3", "s3a", "s3n"];

/// Calls on their way to the page, and wishes on their way to the shell.
#[derive(Debug)]
pub(crate) struct Desktop {
    calls: Mutex<VecDeque<DesktopCall>>,
    called: Notify,
    wishes: broadcast::Sender<Leave>,
}

impl Default for Desktop {
    fn default() -> Self {
        Self {
            calls: Mutex::default(),
            called: Notify::new(),
            wishes: broadcast::Sender::new(WISHES),
        }
    }
}

impl Desktop {
    /// The oldest call nobody has taken.
    pub(crate) fn take(&self) -> Option<DesktopCall> {
        lock(&self.calls).pop_front()
    }

    fn asks_already(&self) -> bool {
        let is_question = |call: &DesktopCall| matches!(call, DesktopCall::AskToLeave { .. });
        lock(&self.calls).iter().any(is_question)
    }

    /// Returns when there may be a call to take.
    pub(crate) async fn called(&self) {
        self.called.notified().await;
    }
}

/// What the close button does now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    /// Do as if the user had answered this.
    Go(Leave),
    /// The page asks, and [`Api::wishes_to_leave`] tells the answer.
    Asked,
}

impl Api {
    /// Gives the page something to do; the next one that listens takes it.
    pub fn call_page(&self, call: DesktopCall) {
        lock(&self.desktop().calls).push_back(call);
        self.desktop().called.notify_one();
    }

    /// Opens the first of a program's arguments that is a link to a place. Answers whether there
    /// was one.
    pub fn open_link<'a>(&self, arguments: impl IntoIterator<Item = &'a str>) -> bool {
        let Some(address) = arguments.into_iter().find(|word| is_link(word)) else {
            return false;
        };
        self.call_page(DesktopCall::OpenAddress {
            address: address.to_owned(),
        });
        true
    }

    /// What the close button does: by the setting, by whether jobs are driven here, and by
    /// whether there is a `tray` to come back from.
    pub async fn close(&self, tray: bool) -> Result<Closing, ApiError> {
        let running = self.jobs_driven_here().await?;
        let on_close = self.journal(settings::load).await?.on_close;
        let closing = closing(running, on_close, tray);
        if closing == Closing::Asked {
            if self.desktop().asks_already() {
                // The page has not even heard the last question: it will not ask this one.
                return Ok(Closing::Go(Leave::Quit));
            }
            self.call_page(DesktopCall::AskToLeave { running });
        }
        Ok(closing)
    }

    /// The language of the settings; `None` follows the system.
    pub async fn language(&self) -> Option<String> {
        let settings = self.journal(settings::load).await;
        settings.ok().and_then(|settings| settings.language)
    }

    /// What of the news the user wants to be told of.
    pub async fn worth_telling(&self, mut news: News) -> News {
        let settings = self.journal(settings::load).await;
        let wanted = settings.map(|settings| settings.notify).unwrap_or_default();
        if !wanted.done {
            news.done.clear();
        }
        if !wanted.failed {
            news.failed.clear();
        }
        if !wanted.needs_you {
            news.needs_you.clear();
        }
        news
    }

    /// Passes the user's wish on to the shell; in a browser nobody hears it.
    pub async fn leave(&self, request: LeaveRequest) -> Result<Nothing, ApiError> {
        if request.remember {
            let mut settings = self.journal(settings::load).await?;
            settings.on_close = match request.leave {
                Leave::KeepRunning => OnClose::KeepRunning,
                Leave::Quit => OnClose::Quit,
            };
            self.put_settings(settings).await?;
        }
        // Without a shell there is no window to go.
        let _ = self.desktop().wishes.send(request.leave);
        Ok(Nothing {})
    }

    /// Every wish of the page to leave, from now on.
    pub fn wishes_to_leave(&self) -> broadcast::Receiver<Leave> {
        self.desktop().wishes.subscribe()
    }

    /// Jobs this process drives: those that closing would interrupt.
    async fn jobs_driven_here(&self) -> Result<u32, ApiError> {
        let unfinished = self.journal(Journal::unfinished_jobs).await?;
        let driven = unfinished.iter().filter(|job| self.engine().drives(job.id));
        Ok(u32::try_from(driven.count()).unwrap_or(u32::MAX))
    }
}

/// | jobs run | setting        | tray | what happens     |
/// |----------|----------------|------|------------------|
/// | no       | any            | any  | quit             |
/// | yes      | quit           | any  | quit             |
/// | yes      | ask            | any  | the page asks    |
/// | yes      | keep running   | yes  | they go on       |
/// | yes      | keep running   | no   | the page asks    |
fn closing(running: u32, on_close: OnClose, tray: bool) -> Closing {
    match on_close {
        _ if running == 0 => Closing::Go(Leave::Quit),
        OnClose::Quit => Closing::Go(Leave::Quit),
        OnClose::KeepRunning if tray => Closing::Go(Leave::KeepRunning),
        OnClose::KeepRunning | OnClose::Ask => Closing::Asked,
    }
}

/// Only a scheme of ours with something behind it: the page reads the rest.
fn is_link(word: &str) -> bool {
    word.split_once("://").is_some_and(|(scheme, rest)| {
        let known = SCHEMES
            .iter()
            .any(|known| known.eq_ignore_ascii_case(scheme));
        known && !rest.is_empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_follows_its_table() {
        use Closing::{Asked, Go};
        for tray in [false, true] {
            for on_close in [OnClose::KeepRunning, OnClose::Ask, OnClose::Quit] {
                assert_eq!(closing(0, on_close, tray), Go(Leave::Quit));
            }
            assert_eq!(closing(1, OnClose::Quit, tray), Go(Leave::Quit));
            assert_eq!(closing(1, OnClose::Ask, tray), Asked);
        }
        assert_eq!(
            closing(2, OnClose::KeepRunning, true),
            Go(Leave::KeepRunning)
        );
        assert_eq!(closing(2, OnClose::KeepRunning, false), Asked);
    }

    #[test]
    fn options_and_web_pages_are_no_links() {
        assert!(is_link("cos://bucket/key"));
        assert!(is_link("OBS://bucket"));
        for word in [
            "partway",
            "--flag",
            "https://example.com/",
            "cos://",
            "cos:bucket",
        ] {
            assert!(!is_link(word), "{word}");
        }
    }
}
