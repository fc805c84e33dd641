//! Commands by name: what Tauri's IPC and the bridge call.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::api::Api;
#[allow(
    clippy::wildcard_imports,
    reason = "the list of commands names the types"
)]
use crate::contract::*;
use crate::error::ApiError;

macro_rules! dispatcher {
    ($($name:ident($argument:ty) -> $answer:ty;)*) => {
        /// The names of all commands.
        pub const NAMES: &[&str] = &[$(stringify!($name)),*];

        /// Runs the command of that name. `argument` is its argument as JSON; `null` stands
        /// for the empty one.
        pub async fn dispatch(api: &Api, name: &str, argument: Value) -> Result<Value, ApiError> {
            match name {
                $(stringify!($name) => {
                    let argument: $argument = read(name, argument)?;
                    // Boxed, or every caller's future would be as large as the largest command's.
                    let answer: $answer = Box::pin(api.$name(argument)).await?;
                    write(name, &answer)
                })*
                _ => Err(ApiError::new(
                    "unknown_command",
                    format!("there is no command {name:?}; window and program may be of different versions"),
                )),
            }
        }
    };
}
crate::commands!(dispatcher);

fn read<T: DeserializeOwned>(name: &str, argument: Value) -> Result<T, ApiError> {
    let argument = match argument {
        Value::Null => Value::Object(serde_json::Map::new()),
        given => given,
    };
    // Serde's words name the field and the wanted type, and may repeat a wrong value: never
    // for the commands that carry a secret.
    serde_json::from_value(argument).map_err(|error| {
        let reason = match name {
            "test_account" | "save_account" => "a field is missing or of the wrong type".to_owned(),
            _ => error.to_string(),
        };
        ApiError::new(
            "bad_argument",
            format!("{name} cannot use its argument: {reason}"),
        )
    })
}

fn write<T: Serialize>(name: &str, answer: &T) -> Result<Value, ApiError> {
    serde_json::to_value(answer).map_err(|error| {
        ApiError::new(
            "internal",
            format!("{name} cannot write its answer: {error}"),
        )
    })
}
