//! The window: wires the contract in `partway-api` to Tauri's IPC and decides nothing itself.
#![cfg_attr(all(windows, not(debug_assertions)), windows_subsystem = "windows")]

mod app;
mod commands;
mod panic;
mod stream;
mod window;

fn main() -> std::process::ExitCode {
    panic::install();
    app::run()
}
