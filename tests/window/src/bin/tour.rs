//! The demo tour: the whole journey with the 1 TiB object, twice, once in each language; every step
//! is photographed in both themes. Ends well only if both copies are verified and no more part
//! requests were repeated than were in flight when the program was killed.
//!
//! Started by `cargo xtask run --demo-tour` (and `cargo xtask screenshot`), which build the program.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use partway_window_tests::driver::Driver;
use partway_window_tests::evidence::PartCopies;
use partway_window_tests::journey::{self, Job, SHORT, TEBIBYTE};
use partway_window_tests::page::Page;
use partway_window_tests::{Failed, Outcome};
use serde_json::json;

const LANGUAGES: [&str; 2] = ["en", "zh-CN"];
const THEMES: [&str; 2] = ["light", "dark"];

/// Killed at the first look after this share of the bytes.
const HALF_WAY: f64 = 0.4;

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let outcome = match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["tour", folder] => tour(Path::new(folder)).await,
        ["readme", file] => readme(Path::new(file)).await,
        ["smoke"] => smoke().await,
        _ => Err(Failed::from(
            "usage: tour tour FOLDER | tour readme FILE.png | tour smoke",
        )),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tour: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn tour(folder: &Path) -> Outcome {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    for language in LANGUAGES {
        println!("journey in {language}");
        let camera = Camera::new(folder, language);
        journey(camera).await?;
    }
    println!("verified");
    Ok(())
}

async fn journey(mut camera: Camera) -> Outcome {
    let data = tempfile::tempdir()?;
    let first = Driver::start(data.path(), &[]).await?;
    let before = until_half_way(&first.page(), &mut camera).await?;
    let at_kill = journey::job(&first.page()).await?;
    first.kill_program()?;
    println!(
        "  killed at {:.0} % ({} of {} parts confirmed, {} in flight)",
        at_kill.share() * 100.0,
        at_kill.parts_done,
        at_kill.parts_total,
        at_kill.in_flight
    );
    if !(0.3..=0.7).contains(&at_kill.share()) {
        return Err(format!("the kill came at the wrong moment; first look: {before:?}").into());
    }
    drop(first);
    let mut copies = PartCopies::read(data.path(), TEBIBYTE.object)?;

    let second = Driver::start(data.path(), &[]).await?;
    let done = until_done(&second.page(), &mut camera).await?;
    copies.add(&PartCopies::read(data.path(), TEBIBYTE.object)?);
    println!(
        "  {} part requests repeated, {} were in flight at the kill",
        copies.repeated(),
        at_kill.in_flight
    );
    if copies.parts() != done.parts_total as usize {
        return Err(format!(
            "{} parts were copied of {}",
            copies.parts(),
            done.parts_total
        )
        .into());
    }
    if copies.repeated() > at_kill.in_flight {
        return Err("more part requests were repeated than were in flight".into());
    }
    Ok(())
}

async fn until_half_way(page: &Page, camera: &mut Camera) -> Outcome<Job> {
    journey::speak(page, camera.language).await?;
    page.find("try-demo").await?;
    camera.take(page, "first-run").await?;
    journey::try_the_demo(page).await?;
    page.find("row").await?;
    camera.take(page, "demo-cloud").await?;
    journey::open_both(page, &TEBIBYTE).await?;
    camera.take(page, "source-and-destination").await?;
    journey::copy_and_paste(page, &TEBIBYTE).await?;
    camera.take(page, "plan").await?;
    journey::start(page).await?;
    camera.take(page, "started").await?;
    let job = journey::until_share(page, HALF_WAY).await?;
    camera.take(page, "half-way").await?;
    Ok(job)
}

async fn until_done(page: &Page, camera: &mut Camera) -> Outcome<Job> {
    page.find("interrupted-banner").await?;
    camera.take(page, "interrupted").await?;
    page.click("resume-all").await?;
    journey::watch(page).await?;
    camera.take(page, "resumed").await?;
    let job = journey::until_verified(page).await?;
    println!(
        "  {} of {} parts, {}, verified",
        job.parts_done, job.parts_total, job.state
    );
    camera.take(page, "verified").await?;
    page.click("nav-history").await?;
    page.find("history-row").await?;
    camera.take(page, "history").await?;
    Ok(job)
}

/// The README's picture: a copy half way, in English and light.
async fn readme(file: &Path) -> Outcome {
    let data = tempfile::tempdir()?;
    let driver = Driver::start(data.path(), &[]).await?;
    let page = driver.page();
    journey::speak(&page, LANGUAGES[0]).await?;
    journey::try_the_demo(&page).await?;
    journey::open_both(&page, &TEBIBYTE).await?;
    journey::copy_and_paste(&page, &TEBIBYTE).await?;
    journey::start(&page).await?;
    journey::until_share(&page, HALF_WAY).await?;
    dress(&page, THEMES[0]).await?;
    page.picture(file).await
}

/// The shortest way through everything: does an installed program start and copy?
async fn smoke() -> Outcome {
    let data = tempfile::tempdir()?;
    let started = Instant::now();
    let driver = Driver::start(data.path(), &[]).await?;
    let page = driver.page();
    journey::speak(&page, LANGUAGES[0]).await?;
    page.find("try-demo").await?;
    println!(
        "the window stands after {:.1} s",
        started.elapsed().as_secs_f64()
    );
    journey::try_the_demo(&page).await?;
    journey::open_both(&page, &SHORT).await?;
    journey::copy_and_paste(&page, &SHORT).await?;
    journey::start(&page).await?;
    let job = journey::until_verified(&page).await?;
    println!(
        "{} of {} parts copied and verified",
        job.parts_done, job.parts_total
    );
    Ok(())
}

/// Numbers and names the pictures of one journey.
struct Camera {
    folder: PathBuf,
    language: &'static str,
    step: u32,
    started: Instant,
}

impl Camera {
    fn new(folder: &Path, language: &'static str) -> Self {
        Self {
            folder: folder.to_path_buf(),
            language,
            step: 0,
            started: Instant::now(),
        }
    }

    /// One picture in each theme.
    async fn take(&mut self, page: &Page, step: &str) -> Outcome {
        self.step += 1;
        for theme in THEMES {
            dress(page, theme).await?;
            let name = format!("{:02}-{step}-{theme}-{}.png", self.step, self.language);
            page.picture(&self.folder.join(name)).await?;
        }
        println!("  {:5.1} s  {step}", self.started.elapsed().as_secs_f64());
        Ok(())
    }
}

/// Puts a theme on as the page itself does, and waits until it is drawn.
async fn dress(page: &Page, theme: &str) -> Outcome {
    let script = "
        const [theme, done] = arguments;
        document.documentElement.dataset.theme = theme;
        requestAnimationFrame(() => requestAnimationFrame(() => done(true)));";
    page.run_async(script, vec![json!(theme)]).await?;
    Ok(())
}
