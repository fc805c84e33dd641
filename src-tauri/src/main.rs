//! The window: wires the contract in `partway-api` to Tauri's IPC and decides nothing itself.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod app;
mod commands;
mod desk;
mod leave;
mod panic;
mod stream;
mod tray;
mod window;
mod words;

fn main() -> std::process::ExitCode {
    panic::install();
    app::run()
}
