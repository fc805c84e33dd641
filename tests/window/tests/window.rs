//! The journey through the real window, short: a copy in parts, the program killed half way, started
//! again, resumed and verified.

use partway_window_tests::driver::Driver;
use partway_window_tests::evidence::PartCopies;
use partway_window_tests::journey::{self, SHORT};
use partway_window_tests::{Outcome, page};

#[tokio::test]
async fn a_killed_copy_is_resumed_and_verified() -> Outcome {
    let data = tempfile::tempdir()?;
    let first = Driver::start(data.path(), &[]).await?;
    let window = first.page();
    journey::speak(&window, "en").await?;
    journey::try_the_demo(&window).await?;
    journey::open_both(&window, &SHORT).await?;
    journey::copy_and_paste(&window, &SHORT).await?;
    journey::start(&window).await?;
    let before = journey::until_share(&window, 0.3).await?;
    assert!(
        before.share() < 0.9,
        "killed too late to prove anything: {before:?}"
    );
    first.kill_program()?;
    drop(first);
    let mut copies = PartCopies::read(data.path(), SHORT.object)?;

    let second = Driver::start(data.path(), &[]).await?;
    let window = second.page();
    window.find("interrupted-banner").await?;
    assert_eq!(journey::job(&window).await?.state, "interrupted");
    window.click("resume-all").await?;
    journey::watch(&window).await?;
    let after = journey::until_verified(&window).await?;

    copies.add(&PartCopies::read(data.path(), SHORT.object)?);
    assert_eq!(copies.parts(), after.parts_total as usize);
    assert!(
        copies.repeated() <= before.in_flight,
        "{} part requests repeated, {} were in flight",
        copies.repeated(),
        before.in_flight
    );
    window
        .wait_until_gone(&page::marked("interrupted-banner"))
        .await
}

#[tokio::test]
async fn the_page_gets_nothing_of_tauri_but_the_two_commands() -> Outcome {
    let data = tempfile::tempdir()?;
    let driver = Driver::start(data.path(), &[]).await?;
    let window = driver.page();
    window.find("try-demo").await?;
    let refused = window
        .invoke(
            "plugin:window|set_title",
            serde_json::json!({ "label": "main", "value": "taken" }),
        )
        .await;
    let told = refused.expect_err("a command outside of the capability answered");
    assert!(told.to_string().contains("not allowed"), "{told}");
    let global = window
        .run("return typeof window.__TAURI__", Vec::new())
        .await?;
    assert_eq!(global, "undefined");
    Ok(())
}

#[tokio::test]
async fn nothing_on_the_first_screen_breaks_the_content_policy() -> Outcome {
    let data = tempfile::tempdir()?;
    let driver = Driver::start(data.path(), &[]).await?;
    let window = driver.page();
    window.find("try-demo").await?;
    // What a page of somebody else would try: an inline script, and a request to the outside.
    let script = "
        const seen = [];
        const done = arguments[arguments.length - 1];
        addEventListener('securitypolicyviolation', (event) => seen.push(event.effectiveDirective));
        const inline = document.createElement('script');
        inline.textContent = 'window.taken = true';
        document.body.append(inline);
        fetch('http://127.0.0.1:9/').catch(() => {}).finally(() =>
            setTimeout(() => done([window.taken === true, seen]), 200));";
    let told = window.run_async(script, Vec::new()).await?;
    assert_eq!(told[0], false, "an inline script ran");
    let directives = told[1].to_string();
    assert!(directives.contains("script-src"), "{directives}");
    assert!(directives.contains("connect-src"), "{directives}");
    Ok(())
}
