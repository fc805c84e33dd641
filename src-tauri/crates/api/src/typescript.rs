//! The contract as TypeScript: what `ui/src/ipc/contract.ts` holds.
//!
//! The file is committed so that the UI compiles without Rust; `tests/contract_file.rs` fails
//! when it no longer says what this module generates.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use ts_rs::{Config, TS, TypeVisitor};

#[allow(
    clippy::wildcard_imports,
    reason = "the list of commands names the types"
)]
use crate::contract::*;

const HEADER: &str = "\
// Generated from src-tauri/crates/api by `PARTWAY_UPDATE=1 cargo test -p partway-api`.
// Do not edit: a test fails when this file differs from the Rust it comes from.
";

/// The whole file: every type of the contract and the map of commands.
pub fn typescript() -> String {
    let config = Config::new().with_large_int("number");
    let mut declared = Declared {
        config: &config,
        found: BTreeMap::new(),
    };
    declared.visit::<StreamMessage>();
    declared.visit::<ProviderChoice>();
    let commands = commands_map(&mut declared);

    let mut file = HEADER.to_owned();
    for declaration in declared.found.values() {
        file.push('\n');
        file.push_str(declaration);
    }
    file.push_str(&commands);
    file.push_str(&provider_list());
    file
}

/// The providers as a constant: the form offers them without asking the core for anything.
fn provider_list() -> String {
    let mut list = "\n/** Clouds offered by name, in the order they are offered. */\n\
                    export const PROVIDERS: readonly ProviderChoice[] = [\n"
        .to_owned();
    for provider in crate::providers::providers() {
        let text = serde_json::to_string(&provider).unwrap_or_default();
        // A region per line: a change shows as what it is.
        let text = text.replace("{\"code\"", "\n    {\"code\"");
        let _ = writeln!(list, "  {text},");
    }
    list.push_str("];\n");
    list
}

/// Collects declarations by name, each type once, dependencies included.
struct Declared<'a> {
    config: &'a Config,
    found: BTreeMap<String, String>,
}

impl TypeVisitor for Declared<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        T::visit_generics(self);
        // Only derived types have a file of their own to be declared in.
        if T::output_path().is_none() {
            return;
        }
        let name = T::ident(self.config);
        if self.found.contains_key(&name) {
            return;
        }
        let docs = T::docs().unwrap_or_default();
        let text = format!("{}export {}\n", comment(&docs, ""), T::decl(self.config));
        self.found.insert(name, one_field_per_line(&text));
        T::visit_dependencies(self);
    }
}

/// A doc comment on one line where it fits: `/** … */`.
fn comment(docs: &str, indent: &str) -> String {
    let words: Vec<&str> = docs
        .lines()
        .map(|line| line.trim_start_matches(['/', '*', ' ']).trim_end())
        .filter(|line| !line.is_empty())
        .collect();
    if words.is_empty() {
        return String::new();
    }
    format!("{indent}/** {} */\n", words.join(&format!("\n{indent} * ")))
}

/// Lays out what the generator writes on one line: a field, with its comment, per line.
fn one_field_per_line(declaration: &str) -> String {
    let Some((head, body)) = declaration.split_once("= {") else {
        return declaration.to_owned();
    };
    let Some(body) = body
        .strip_suffix("};\n")
        .filter(|body| !body.contains("} &") && !body.contains("} |"))
    else {
        return declaration.to_owned();
    };
    let mut text = format!("{head}= {{\n");
    let mut rest = body.trim_start();
    while !rest.is_empty() {
        if let Some((docs, after)) = rest.strip_prefix("/*").and_then(|r| r.split_once("*/")) {
            text.push_str(&comment(docs, "  "));
            rest = after.trim_start();
            continue;
        }
        let end = end_of_field(rest);
        let _ = writeln!(text, "  {};", rest[..end].trim_end());
        rest = rest[end..].trim_start_matches(',').trim_start();
    }
    format!("{text}}};\n")
}

/// Where the comma after the first field stands, brackets respected.
fn end_of_field(text: &str) -> usize {
    let mut depth = 0_u32;
    for (at, c) in text.char_indices() {
        match c {
            '<' | '[' | '{' | '(' => depth += 1,
            '>' | ']' | '}' | ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

macro_rules! write_commands {
    ($($name:ident($argument:ty) -> $answer:ty;)*) => {
        fn commands_map(declared: &mut Declared<'_>) -> String {
            let mut map = "\n/** Every command by name: what it takes and what it answers. */\n\
                           export interface Commands {\n".to_owned();
            $(
                declared.visit::<$argument>();
                declared.visit::<$answer>();
                let _ = writeln!(
                    map,
                    "  {}: {{ args: {}; answer: {} }};",
                    stringify!($name),
                    <$argument as TS>::name(declared.config),
                    <$answer as TS>::name(declared.config),
                );
            )*
            map.push_str("}\n");
            map
        }
    };
}
crate::commands!(write_commands);
