//! A lease keeps each job to one process: who holds it, for how long, and whether that
//! process is still there.

use std::path::Path;
use std::time::Duration;

use uuid::Uuid;

/// How long a lease holds without being renewed.
pub(crate) const LEASE: Duration = Duration::from_secs(15);

/// How often it is renewed.
pub(crate) const RENEW: Duration = Duration::from_secs(5);

/// A name for this process: `host/pid/word`. The word tells two engines of one process and
/// a reused process number apart.
pub fn holder() -> String {
    let word = Uuid::new_v4().simple().to_string();
    format!("{}/{}/{}", host(), std::process::id(), &word[..8])
}

/// Whether the process that wrote `other` into a lease certainly no longer runs. Only said
/// of processes of this computer, and only where the system shows its processes as files;
/// everywhere else the lease runs out by itself.
pub(crate) fn is_gone(other: &str, ours: &str) -> bool {
    let mut fields = other.split('/');
    let (Some(their_host), Some(pid), Some(_)) = (fields.next(), fields.next(), fields.next())
    else {
        return false;
    };
    let Ok(pid) = pid.parse::<u32>() else {
        return false;
    };
    let our_host = ours.split('/').next().unwrap_or_default();
    if their_host.is_empty() || their_host != our_host || other == ours {
        return false;
    }
    let processes = Path::new("/proc");
    processes.join("self").exists() && !runs(&processes.join(pid.to_string()))
}

/// A killed process keeps its entry until its parent has asked for its end; it writes nothing
/// any more.
fn runs(process: &Path) -> bool {
    let Ok(stat) = std::fs::read_to_string(process.join("stat")) else {
        return process.exists();
    };
    // The name before the state is in parentheses and may contain any.
    let state = stat
        .rsplit_once(") ")
        .and_then(|(_, rest)| rest.chars().next());
    !matches!(state, Some('Z' | 'X'))
}

fn host() -> String {
    std::fs::read_to_string("/proc/sys/kernel/hostname")
        .or_else(|_| std::fs::read_to_string("/etc/hostname"))
        .map(|name| name.trim().replace('/', "-"))
        .ok()
        .or_else(|| std::env::var("COMPUTERNAME").ok())
        .or_else(|| std::env::var("HOSTNAME").ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_living_process_is_never_called_gone() {
        let ours = holder();
        let neighbour = format!("{}/{}/other", host(), std::process::id());
        assert!(!is_gone(&ours, &ours));
        assert!(!is_gone(&neighbour, &ours));
        assert!(!is_gone("elsewhere/1/word", &ours));
        assert!(!is_gone("a word of another make", &ours));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_dead_process_of_this_computer_is_gone() {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let holder_of_child = format!("{}/{}/word", host(), child.id());
        // Not waited for: it becomes a zombie first.
        let ours = holder();
        let begun = std::time::Instant::now();
        while !is_gone(&holder_of_child, &ours) {
            assert!(begun.elapsed() < Duration::from_secs(10), "it never ended");
            std::thread::sleep(Duration::from_millis(5));
        }
        child.wait().unwrap();
        assert!(is_gone(&holder_of_child, &ours));
    }
}
