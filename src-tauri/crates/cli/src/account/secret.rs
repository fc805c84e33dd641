//! Reading a secret: from a prompt that shows nothing, or from standard input.

use std::io::{self, BufRead as _, IsTerminal as _};

use partway_api::ApiError;

use crate::exit::usage;

/// What was read. Shown nowhere.
pub(super) struct Secret {
    pub(super) secret_key: String,
    pub(super) token: Option<String>,
}

/// Asks for the secret (and the token) without echo when somebody sits at a terminal; else
/// takes the first line (and the second) of standard input.
pub(super) fn read(from_stdin: bool, with_token: bool) -> Result<Secret, ApiError> {
    let ask = !from_stdin && io::stdin().is_terminal();
    let next = |what: &str| {
        if ask {
            rpassword::prompt_password(format!("{what}: "))
        } else {
            line()
        }
        .map_err(|error| usage(format!("the {what} cannot be read: {error}")))
    };
    let secret_key = next("secret key")?;
    if secret_key.trim().is_empty() {
        return Err(usage(
            "the secret key is empty; type it at the prompt or give it as a line of standard input",
        ));
    }
    let token = if with_token {
        Some(next("token")?)
    } else {
        None
    };
    Ok(Secret { secret_key, token })
}

fn line() -> io::Result<String> {
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
