use std::io::IsTerminal;

use clapboard::report::Terminal;

/// When to use colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The columns of what is not a terminal.
const WIDTH: usize = 100;
const WIDEST: usize = 120;

impl ColorChoice {
    /// What `stream` can show.
    pub fn terminal(self, stream: &impl IsTerminal) -> Terminal {
        let is_terminal = stream.is_terminal();
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
        let color = match self {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) => false,
            ColorChoice::Auto => {
                set("CLICOLOR_FORCE") || is_terminal && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
        };
        let width = terminal_size::terminal_size().map(|(width, _)| width.0 as usize).filter(|_| is_terminal);
        // A locale that says it is not UTF-8 gets ASCII; one that says nothing is taken for today's.
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .iter()
            .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()));
        let unicode = locale.is_none_or(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8") || locale == "c" || locale == "posix"
        });
        Terminal { color, unicode, width: width.unwrap_or(WIDTH).clamp(40, WIDEST) }
    }
}
