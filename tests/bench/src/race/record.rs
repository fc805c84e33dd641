//! What was found, for programs: everything, with what it takes to do it again.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use super::cases::CASES;
use super::goals::{ELSEWHERE, GOALS, Goal};
use super::peers::Peer;
use super::sheet::Sheet;

pub(super) fn json(sheet: &Sheet, cli: &Path) -> String {
    let cases = CASES.iter().map(|case| {
        let racers = case.all().filter_map(|racer| {
            let turns = sheet.turns(case.name, racer.name());
            (!turns.is_empty()).then(|| json!({ "racer": racer.name(), "turns": turns }))
        });
        json!({
            "case": case.name,
            "what": case.what,
            "server": case.terms,
            "ideal_seconds": case.ideal(),
            "racers": racers.collect::<Vec<_>>(),
        })
    });
    let versions: BTreeMap<&str, String> = Peer::ALL
        .into_iter()
        .map(|peer| (peer.name(), peer.version()))
        .chain([("partway", version(cli))])
        .collect();
    let elsewhere = ELSEWHERE.iter();
    let elsewhere = elsewhere.map(|(what, command)| json!({ "goal": what, "shown_by": command }));
    let all = json!({
        "processors": std::thread::available_parallelism().map_or(0, usize::from),
        "server_per_second": sheet.ceiling,
        "versions": versions,
        "cases": cases.collect::<Vec<_>>(),
        "goals": GOALS.iter().map(|goal| of_goal(goal, sheet)).collect::<Vec<_>>(),
        "elsewhere": elsewhere.collect::<Vec<_>>(),
    });
    serde_json::to_string_pretty(&all).unwrap_or_default()
}

fn of_goal(goal: &Goal, sheet: &Sheet) -> Value {
    let found = goal.found(sheet);
    json!({
        "goal": goal.what,
        "bound": goal.bound.shown(),
        "found": found,
        "verdict": goal.bound.word(found),
    })
}

fn version(cli: &Path) -> String {
    let output = Command::new(cli).arg("--version").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    text.unwrap_or_default()
}
