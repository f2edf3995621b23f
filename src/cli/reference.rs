use std::fmt::Write;

use clap::CommandFactory;

use super::Cli;

/// The command line's page, `docs/cli.md`: what holds for all commands, then each command's own help.
pub fn reference() -> String {
    let mut page = String::from(include_str!("reference.md"));
    let mut program = Cli::command().disable_help_subcommand(true).term_width(100);
    program.build();
    for command in program.get_subcommands_mut() {
        let name = command.get_name().to_owned();
        let help = command.render_long_help().to_string();
        let _ = write!(page, "\n## `clapboard {name}`\n\n```text\n");
        for line in help.trim_end().lines() {
            let _ = writeln!(page, "{}", line.trim_end());
        }
        page.push_str("```\n");
    }
    page
}
