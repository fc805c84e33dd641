//! What was found, for people: in a terminal, and in a page of Markdown.

use std::fmt::Write as _;

use super::case::Case;
use super::cases::CASES;
use super::goals::{ELSEWHERE, GOALS};
use super::run::{CPU, LATE, REQUESTS, RSS, Run, WALL};
use super::sheet::Sheet;

/// The rows of a case, racers as they start.
pub(super) fn of_case(sheet: &Sheet, case: &Case) -> String {
    let mut table = format!(
        "  {:15} {:>8} {:>15} {:>7} {:>8} {:>8} {:>9} {:>5}\n",
        "", "wall s", "lowest-highest", "×ideal", "CPU s", "RSS MB", "requests", "peak"
    );
    for racer in case.all() {
        let name = racer.name();
        let median = |figure| sheet.median(case.name, name, figure);
        let Some(wall) = median(WALL).filter(|wall| wall.is_finite()) else {
            let _ = writeln!(table, "  {name:15} {}", sheet.reason(case.name, name));
            continue;
        };
        let walls = sheet.figures(case.name, name, WALL);
        let spread = format!("{:.2}-{:.2}", walls[0], walls[walls.len() - 1]);
        let ideal = case.ideal().map(|ideal| format!("{:.2}", wall / ideal));
        let _ = writeln!(
            table,
            "  {name:15} {wall:>8.2} {spread:>15} {:>7} {:>8.2} {:>8.1} {:>9.0} {:>5.0}{}",
            ideal.unwrap_or_default(),
            median(CPU).unwrap_or_default(),
            median(RSS).unwrap_or_default() / 1e6,
            median(REQUESTS).unwrap_or_default(),
            median(|run| run.counts.peak as f64).unwrap_or_default(),
            more(sheet.runs(case.name, name)),
        );
    }
    table
}

/// The other figures of the runs, the median of each.
fn more<'a>(runs: impl Iterator<Item = &'a Run>) -> String {
    let runs: Vec<_> = runs.collect();
    let names = runs.first().map(|run| run.more.keys()).into_iter();
    names.flatten().fold(String::new(), |mut shown, name| {
        let mut figures: Vec<f64> = runs.iter().map(|run| run.more(name)).collect();
        figures.sort_by(f64::total_cmp);
        let _ = write!(shown, "  {name} {:.1}", figures[figures.len() / 2]);
        shown
    })
}

/// Every goal with its figure.
pub(super) fn of_goals(sheet: &Sheet) -> String {
    let mut table = String::from("goals:\n");
    for goal in GOALS {
        let found = goal.found(sheet);
        let figure = found.map_or_else(|| "-".to_owned(), |found| format!("{found:.2}"));
        let _ = writeln!(
            table,
            "  {:48} {:>6} {figure:>8}  {}",
            goal.what,
            goal.bound.shown(),
            goal.bound.word(found)
        );
    }
    let missed = GOALS
        .iter()
        .filter(|goal| goal.bound.word(goal.found(sheet)) == "NOT MET");
    let _ = writeln!(table, "  not met: {}", missed.count());
    table.push_str("shown by tests:\n");
    for (what, command) in ELSEWHERE {
        let _ = writeln!(table, "  {what}\n    {command}");
    }
    table
}

/// The jobs of the page, by what they are there, and who stands in its columns.
const SHOWN: &[(&str, &str)] = &[
    ("parts-20", "1 TiB in 10,000 parts, 64 at once"),
    ("parts-20-wide", "the same, 256 at once"),
    ("resume", "the same, killed half way: the rest"),
    ("storm", "the same, 11 % of the answers faults"),
    ("small", "20,000 small objects"),
    ("list", "1,000,000 keys in folders counted"),
    ("list-flat", "1,000,000 keys on one level counted"),
];
const COLUMNS: &[&str] = &[
    "partway",
    "s3util",
    "rclone",
    "s5cmd",
    "aws-cli",
    "cos-nodejs",
];

/// The table of the README: wall, processor and memory of each.
pub(super) fn markdown(sheet: &Sheet) -> String {
    let mut page = format!("| | {} |\n|---|", COLUMNS.join(" | "));
    page.push_str(&"---|".repeat(COLUMNS.len()));
    for (name, what) in SHOWN {
        let _ = write!(page, "\n| {what} |");
        let case = CASES.iter().find(|case| case.name == *name);
        for racer in COLUMNS {
            let runs = case.is_some_and(|case| case.all().any(|one| one.name() == *racer));
            let _ = write!(
                page,
                " {} |",
                if runs {
                    cell(sheet, name, racer)
                } else {
                    String::new()
                }
            );
        }
    }
    page.push('\n');
    page
}

fn cell(sheet: &Sheet, case: &str, racer: &str) -> String {
    let median = |figure| sheet.median(case, racer, figure).unwrap_or_default();
    if sheet.runs(case, racer).next().is_none() {
        let late = sheet.reason(case, racer).starts_with(LATE);
        return if late { "not done" } else { "–" }.to_owned();
    }
    let redone = median(|run| run.more.get("redone").copied().unwrap_or(0.0));
    let redone = if redone > 0.0 {
        format!(", {redone:.0} parts again")
    } else {
        String::new()
    };
    format!(
        "{:.1} s, CPU {:.1} s, {:.0} MB{redone}",
        median(WALL),
        median(CPU),
        median(RSS) / 1e6
    )
}
