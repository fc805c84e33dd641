//! A display where there is none.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

/// Whether a window can open for somebody to see.
pub(crate) fn is_present() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}

/// An X server without a screen, ended when dropped.
pub(crate) struct Headless {
    server: Child,
    name: String,
}

impl Headless {
    /// Starts one on a display number that the server finds free itself.
    pub(crate) fn start() -> Result<Self, String> {
        let mut server = Command::new("Xvfb")
            .args([
                "-displayfd",
                "1",
                "-screen",
                "0",
                "1600x1200x24",
                "-nolisten",
                "tcp",
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("Xvfb did not start: {error}"))?;
        let mut number = String::new();
        if let Some(output) = server.stdout.take() {
            // The number comes once the server is ready; on failure the stream ends without one.
            let _ = BufReader::new(output).read_line(&mut number);
        }
        let headless = Self {
            server,
            name: format!(":{}", number.trim()),
        };
        if number.trim().is_empty() {
            return Err("Xvfb ended without opening a display".to_owned());
        }
        Ok(headless)
    }

    /// Sends a program's windows here, and only here.
    pub(crate) fn lend(&self, command: &mut Command) {
        command
            .env("DISPLAY", &self.name)
            .env("GDK_BACKEND", "x11")
            .env_remove("WAYLAND_DISPLAY");
    }
}

impl Drop for Headless {
    fn drop(&mut self) {
        // Already ended is as good.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
