//! One WebKitWebDriver with the one program it started.

use std::fs;
use std::net::TcpListener;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

use crate::page::Page;
use crate::session::Session;
use crate::{Failed, Outcome};

/// Until the driver answers, and until the window is there. Generous: machines that test are busy.
const PATIENCE: Duration = Duration::from_secs(60);

/// The window's size in the pictures, in CSS pixels.
const SIZE: (u32, u32) = (1280, 800);

/// The program under test.
pub fn program() -> Outcome<PathBuf> {
    std::env::var_os("PARTWAY_APP").map(PathBuf::from).ok_or_else(|| {
        "PARTWAY_APP does not name the built program; start this through `cargo xtask test --only window`".into()
    })
}

/// A driver with its own port and process group; dropping it ends both processes by their id.
#[derive(Debug)]
pub struct Driver {
    process: Child,
    program: PathBuf,
    client: Client,
}

impl Driver {
    /// Starts the program on a data folder. `environment` is what else it gets. Its window has the
    /// size of all pictures.
    pub async fn start(data: &Path, environment: &[(&str, &str)]) -> Outcome<Self> {
        let driver = Self::start_as_it_was(data, environment).await?;
        driver.client.set_window_size(SIZE.0, SIZE.1).await?;
        Ok(driver)
    }

    /// As `start`, on a desktop of the test's own.
    pub async fn start_on(session: &Session, data: &Path) -> Outcome<Self> {
        Self::start(data, &[("DBUS_SESSION_BUS_ADDRESS", &session.address)]).await
    }

    /// As `start`, with the window where and as large as the program itself puts it.
    pub async fn start_as_it_was(data: &Path, environment: &[(&str, &str)]) -> Outcome<Self> {
        let program = program()?;
        let port = free_port()?;
        let mut command = Command::new("WebKitWebDriver");
        command
            .arg(format!("--port={port}"))
            .stdin(Stdio::null())
            .process_group(0)
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("PARTWAY_DATA_DIR", data)
            // No keyring: these journeys need none, and a desktop's own must not be touched.
            .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
        // What WebKit keeps goes where the journal goes.
        for (name, folder) in [
            ("XDG_DATA_HOME", "share"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_CONFIG_HOME", "config"),
        ] {
            let folder = data.join("webkit").join(folder);
            fs::create_dir_all(&folder)?;
            command.env(name, folder);
        }
        command.envs(environment.iter().copied());
        let process = command
            .spawn()
            .map_err(|error| format!("WebKitWebDriver did not start: {error}"))?;
        let mut leader = Leader(Some(process));
        let client = connect(port, &program).await?;
        Ok(Self {
            process: leader.0.take().ok_or("the driver is gone")?,
            program,
            client,
        })
    }

    /// What the window shows.
    pub fn page(&self) -> Page {
        Page::new(self.client.clone())
    }

    /// Presses the window's close button.
    pub async fn close_window(&self) -> Outcome {
        let pid = self.program_pid()?;
        tokio::task::spawn_blocking(move || crate::frame::press(pid)).await?
    }

    /// Left, top, width and height of the window, in pixels of the screen.
    pub fn geometry(&self) -> Outcome<[i32; 4]> {
        crate::frame::geometry(self.program_pid()?)
    }

    /// Moves and resizes the window.
    pub fn arrange(&self, geometry: [i32; 4]) -> Outcome {
        crate::frame::arrange(self.program_pid()?, geometry)
    }

    /// Whether the program shows no window.
    pub fn is_hidden(&self) -> Outcome<bool> {
        crate::frame::is_hidden(self.program_pid()?)
    }

    /// Whether the program is still there.
    pub fn program_runs(&self) -> bool {
        self.program_pid().is_ok()
    }

    /// Ends the program as a power cut would: `kill -9`, no word to it before.
    pub fn kill_program(&self) -> Outcome {
        let pid = self.program_pid()?;
        kill(&pid.to_string())?;
        let end = Instant::now() + PATIENCE;
        while Path::new(&format!("/proc/{pid}/exe")).read_link().is_ok() {
            if Instant::now() > end {
                return Err(format!("process {pid} outlived kill -9").into());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// The driver's child that runs the program.
    fn program_pid(&self) -> Outcome<u32> {
        let program = self.program.canonicalize()?;
        for entry in fs::read_dir("/proc")? {
            let entry = entry?;
            let Some(pid) = entry
                .file_name()
                .to_str()
                .and_then(|name| name.parse().ok())
            else {
                continue;
            };
            let ours = parent(&entry.path()) == Some(self.process.id());
            if ours
                && entry
                    .path()
                    .join("exe")
                    .read_link()
                    .is_ok_and(|exe| exe == program)
            {
                return Ok(pid);
            }
        }
        Err("the driver has no child that runs the program".into())
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        end_group(&mut self.process);
    }
}

/// Ends the group also when the session never came about.
struct Leader(Option<Child>);

impl Drop for Leader {
    fn drop(&mut self) {
        if let Some(process) = &mut self.0 {
            end_group(process);
        }
    }
}

async fn connect(port: u16, program: &Path) -> Outcome<Client> {
    let options = json!({ "binary": program, "args": [] });
    let capabilities = json!({ "webkitgtk:browserOptions": options });
    let capabilities = capabilities.as_object().cloned().unwrap_or_default();
    let driver = format!("http://127.0.0.1:{port}");
    let end = Instant::now() + PATIENCE;
    loop {
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities.clone());
        // A program that dies while it starts would be waited for without end.
        let Ok(attempt) = tokio::time::timeout(PATIENCE, builder.connect(&driver)).await else {
            return Err(format!("no window within {PATIENCE:?}").into());
        };
        match attempt {
            Ok(client) => return Ok(client),
            // The driver needs a moment before it listens.
            Err(error) if Instant::now() < end && is_refused(&error) => {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
            Err(error) => return Err(format!("the window did not open: {error}").into()),
        }
    }
}

fn is_refused(error: &fantoccini::error::NewSessionError) -> bool {
    !matches!(
        error,
        fantoccini::error::NewSessionError::SessionNotCreated(_)
    )
}

fn free_port() -> Outcome<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}

/// Fourth field of `/proc/PID/stat`, after the name in brackets, which may hold anything.
fn parent(process: &Path) -> Option<u32> {
    let stat = fs::read_to_string(process.join("stat")).ok()?;
    stat.rsplit(") ").next()?.split(' ').nth(1)?.parse().ok()
}

fn end_group(leader: &mut Child) {
    // Already gone is as good, for the group and for its leader.
    let _ = kill(&format!("-{}", leader.id()));
    let _ = leader.wait();
}

fn kill(target: &str) -> Outcome {
    let status = Command::new("kill")
        .args(["-KILL", "--", target])
        .stderr(Stdio::null())
        .status()?;
    if status.success() {
        Ok(())
    } else {
        Err(Failed::from(format!("kill -KILL {target} failed")))
    }
}
