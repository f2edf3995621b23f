//! Files made from others: the schemas and the pages on rules, models and the command line.

use std::path::Path;

use super::support::{Expected, assert_none, repository, run};

/// What holds for all commands; each command's own help follows it.
const CLI_INTRODUCTION: &str = include_str!("generated/cli.md");

fn pretty(value: &serde_json::Value) -> String {
    serde_json::to_string_pretty(value).expect("it is JSON") + "\n"
}

fn help(arguments: &[&str]) -> String {
    let output = run(Path::new("."), arguments);
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).expect("the help is UTF-8")
}

/// The commands, in the order in which `--help` lists them.
fn commands() -> Vec<String> {
    let text = help(&["--help"]);
    let (_, list) = text.split_once("Commands:\n").expect("the help lists the commands");
    let lines = list.lines().take_while(|line| !line.is_empty());
    let names = lines.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
    names.filter_map(|line| line.split_whitespace().next()).filter(|name| *name != "help").map(str::to_owned).collect()
}

fn command_line() -> String {
    let mut page = CLI_INTRODUCTION.to_owned();
    for name in commands() {
        page.push_str(&format!("\n## `clapboard {name}`\n\n```text\n"));
        for line in help(&[&name, "--help"]).trim_end().lines() {
            page.push_str(line.trim_end());
            page.push('\n');
        }
        page.push_str("```\n");
    }
    page
}

#[test]
fn files_are_current() {
    let files = [
        (
            "schemas/storyboard.schema.json",
            pretty(&clapboard::language::schema::storyboard(clapboard::kling::Facts::kling())),
        ),
        ("schemas/config.schema.json", pretty(&clapboard::project::schema())),
        ("docs/rules.md", clapboard::rules::page()),
        ("docs/models.md", clapboard::models::markdown(clapboard::kling::Facts::kling())),
        ("docs/cli.md", command_line()),
    ];
    let stale = files.iter().filter_map(|(name, text)| Expected::compare(&repository(name), Some(text)));
    assert_none(&stale.collect::<Vec<_>>());
}

/// The README's pictures of the terminal, drawn from what the program prints.
#[test]
#[cfg(unix)]
fn pictures_of_the_terminal_are_current() {
    let mut command = std::process::Command::new("python3");
    command.arg(repository("examples/terminal.py")).env("CLAPBOARD", env!("CARGO_BIN_EXE_clapboard"));
    if std::env::var_os("UPDATE").is_none() {
        command.arg("--check");
    }
    match command.output() {
        Ok(output) => assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout)),
        Err(error) if std::env::var_os("CI").is_none() => eprintln!("not run: python3: {error}"),
        Err(error) => panic!("python3: {error}"),
    }
}
