//! `account providers`: what can be chosen by name.

use partway_api::providers::providers;

use crate::terminal::Terminal;

pub(super) fn show(terminal: &Terminal) {
    let providers = providers();
    if terminal.json {
        terminal.value(&providers);
        return;
    }
    let mut table = comfy_table::Table::new();
    table
        .load_preset(comfy_table::presets::NOTHING)
        .set_header(["PROVIDER", "REGION", "PLACE", "ENDPOINT"]);
    for provider in &providers {
        let pattern = provider.networks.first().map(|network| &network.host);
        let Some(pattern) = pattern else {
            table.add_row([
                provider.id.as_str(),
                "any",
                provider.en.as_str(),
                "--endpoint URL",
            ]);
            continue;
        };
        for region in &provider.regions {
            let host = region
                .host
                .clone()
                .unwrap_or_else(|| pattern.replace("{region}", &region.code));
            let place = if region.closed {
                format!("{} (existing buckets only)", region.en)
            } else {
                region.en.clone()
            };
            table.add_row([
                &provider.id,
                &region.code,
                &place,
                &format!("https://{host}"),
            ]);
        }
    }
    terminal.say(&table.trim_fmt());
}
