//! Notifications: one for each kind of news, however many jobs it is about.

use partway_api::contract::DesktopCall;
use partway_api::desktop::{Heading, News};
use tauri::{AppHandle, Manager};
use tauri_plugin_notification::{ActiveNotification, NotificationExt};

use crate::app::Opened;
use crate::window;
use crate::words::Words;

/// Titles a notification lists before it stops, and letters of each.
const TITLES: usize = 3;
const LETTERS: usize = 80;

/// Identifies a notification about several jobs; one about a single job has the job's number.
const SEVERAL: i32 = 0;

/// Tells the news.
pub(super) fn show(app: &AppHandle, words: &Words, news: &News) {
    for (name, headings) in [
        ("notice_needs_you", &news.needs_you),
        ("notice_failed", &news.failed),
        ("notice_done", &news.done),
    ] {
        if headings.is_empty() {
            continue;
        }
        let shown = app
            .notification()
            .builder()
            .id(id(headings))
            .title(title(words, name, headings.len()))
            .body(body(headings))
            .show();
        if let Err(error) = shown {
            tracing::warn!("a notification could not be shown: {error}");
        }
    }
}

/// A click brings the window forward and opens the job.
pub(crate) fn follow_clicks(app: &AppHandle) {
    let handle = app.clone();
    let followed = app.notification().on_action(move |clicked| {
        let job = clicked
            .notification()
            .map_or(SEVERAL, ActiveNotification::id);
        let job = u32::try_from(job).ok().filter(|job| *job > 0);
        window::show(&handle);
        if let Ok(api) = handle.state::<Opened>().api() {
            api.call_page(DesktopCall::OpenJob { job });
        }
    });
    if let Err(error) = followed {
        tracing::warn!("clicks on notifications lead nowhere: {error}");
    }
}

fn id(headings: &[Heading]) -> i32 {
    match headings {
        [only] => i32::try_from(only.job).unwrap_or(SEVERAL),
        _ => SEVERAL,
    }
}

fn title(words: &Words, name: &str, count: usize) -> String {
    if count == 1 {
        words.say(name, &[])
    } else {
        words.say(&format!("{name}_some"), &[("count", &count.to_string())])
    }
}

fn body(headings: &[Heading]) -> String {
    let titles = headings.iter().take(TITLES).map(|job| plain(&job.title));
    let mut body = titles.collect::<Vec<_>>().join("\n");
    if headings.len() > TITLES {
        body.push_str("\n…");
    }
    body
}

/// A key as harmless text: what it holds comes from whoever named the object. Some desktops read
/// markup in notifications, and invisible characters can make a name look like another.
fn plain(title: &str) -> String {
    let mut text = String::new();
    for letter in title.chars().take(LETTERS) {
        match letter {
            '&' if cfg!(target_os = "linux") => text.push_str("&amp;"),
            '<' if cfg!(target_os = "linux") => text.push_str("&lt;"),
            '>' if cfg!(target_os = "linux") => text.push_str("&gt;"),
            hidden if hidden.is_control() || turns_text(hidden) => text.push('\u{fffd}'),
            letter => text.push(letter),
        }
    }
    if title.chars().nth(LETTERS).is_some() {
        text.push('…');
    }
    text
}

/// Characters that change the direction of what follows, or have no width.
fn turns_text(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{61c}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headings(titles: &[&str]) -> Vec<Heading> {
        let heading = |(at, title): (usize, &&str)| Heading {
            job: u32::try_from(at).unwrap() + 7,
            title: (*title).to_owned(),
        };
        titles.iter().enumerate().map(heading).collect()
    }

    #[test]
    fn one_job_is_opened_by_its_number_and_several_by_none() {
        assert_eq!(id(&headings(&["a"])), 7);
        assert_eq!(id(&headings(&["a", "b"])), SEVERAL);
    }

    #[test]
    fn many_jobs_make_one_short_notification() {
        let words = Words::in_language(Some("en"));
        assert_eq!(title(&words, "notice_failed", 5), "Copies failed: 5");
        assert_eq!(body(&headings(&["a", "b", "c", "d"])), "a\nb\nc\n…");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn names_of_objects_bring_no_markup_and_no_tricks() {
        assert_eq!(plain("<b>a&b"), "&lt;b&gt;a&amp;b");
        assert_eq!(plain("a\nb\u{202e}c"), "a\u{fffd}b\u{fffd}c");
        assert_eq!(plain(&"x".repeat(100)).chars().count(), LETTERS + 1);
    }
}
