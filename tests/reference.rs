//! The reference of the command line, `docs/cli.md`, is what the definitions say. `UPDATE=1 cargo test --test reference`
//! writes it.
#![allow(clippy::unwrap_used)]

use std::fmt::Write;
use std::fs;
use std::path::Path;

use clap::{Arg, Command};

const HEAD: &str = "\
# The command line

Written by a test from the definitions; `UPDATE=1 cargo test --test reference` writes it again.

";

fn reference() -> String {
    let mut command = agentspec::cli::command();
    command.build();
    let mut text = HEAD.to_owned();
    for paragraph in command.get_long_about().unwrap().to_string().split("\n\n") {
        write!(text, "{paragraph}\n\n").unwrap();
    }
    let subcommands: Vec<&Command> = command.get_subcommands().filter(|one| one.get_name() != "help").collect();
    text += "| command | what it does |\n|---|---|\n";
    for one in &subcommands {
        let name = one.get_name();
        writeln!(text, "| [`{name}`](#agentspec-{name}) | {} |", cell(&one.get_about().unwrap().to_string())).unwrap();
    }
    text += "\n## Everywhere\n\n";
    table(&mut text, command.get_arguments());
    for one in subcommands {
        let about = one.get_long_about().or(one.get_about()).unwrap().to_string();
        write!(text, "\n## agentspec {}\n\n{}.\n\n", one.get_name(), about.trim_end_matches('.')).unwrap();
        let usage = one.clone().render_usage().to_string();
        write!(text, "```text\n{}\n```\n", usage.trim_start_matches("Usage: ")).unwrap();
        let own = |arg: &&Arg| !arg.is_global_set() && !["help", "version"].contains(&arg.get_id().as_str());
        if one.get_arguments().any(|arg| own(&arg)) {
            text.push('\n');
            table(&mut text, one.get_arguments().filter(own));
        }
    }
    text
}

fn table<'a>(text: &mut String, arguments: impl Iterator<Item = &'a Arg>) {
    *text += "| argument | what it does |\n|---|---|\n";
    for arg in arguments {
        let values = arg.get_value_names().unwrap_or_default().join("> <");
        let takes_value = arg.get_action().takes_values();
        let name = match (arg.get_long(), arg.get_short()) {
            (Some(long), Some(short)) => format!("`-{short}`, `--{long}`"),
            (Some(long), None) if takes_value => format!("`--{long} <{values}>`"),
            (Some(long), None) => format!("`--{long}`"),
            _ => format!("`<{values}>`"),
        };
        let mut says = cell(&arg.get_help().unwrap_or_default().to_string());
        let choices: Vec<String> =
            arg.get_possible_values().iter().map(|value| format!("`{}`", value.get_name())).collect();
        if takes_value && !choices.is_empty() {
            write!(says, ": {}", choices.join(", ")).unwrap();
        }
        let defaults: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
        if takes_value && !defaults.is_empty() {
            write!(says, " (default `{}`)", defaults.join(" ")).unwrap();
        }
        writeln!(text, "| {name} | {says} |").unwrap();
    }
}

fn cell(text: &str) -> String {
    text.trim_end_matches('.').replace('|', "\\|").replace('\n', " ")
}

#[test]
fn the_reference_is_what_the_definitions_say() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cli.md");
    let text = reference();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(there == text, "docs/cli.md is stale; `UPDATE=1 cargo test --test reference` writes it");
}

/// Every argument says what it is for.
#[test]
fn everything_has_help() {
    let mut command = agentspec::cli::command();
    command.build();
    for one in command.get_subcommands() {
        assert!(one.get_about().is_some(), "{}", one.get_name());
        for arg in one.get_arguments() {
            assert!(arg.get_help().is_some() || one.get_name() == "help", "{} {}", one.get_name(), arg.get_id());
        }
    }
}
