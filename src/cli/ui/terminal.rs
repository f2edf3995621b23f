//! What a terminal, or a file in its place, can show.

use std::env;
use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use clapboard::report::{Surroundings, Terminal};

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

/// The width of an output that is not a terminal, in columns.
const WIDTH: usize = 100;
const NARROWEST: usize = 20;
const WIDEST: usize = 120;

impl ColorChoice {
    /// What `stream` can show.
    pub fn terminal(self, stream: &impl IsTerminal) -> Terminal {
        let is_terminal = stream.is_terminal();
        let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
        let color = match self {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty()) => false,
            ColorChoice::Auto => {
                set("CLICOLOR_FORCE") || is_terminal && env::var_os("TERM").is_none_or(|term| term != "dumb")
            }
        };
        let width = terminal_size::terminal_size().map(|(width, _)| width.0 as usize).filter(|_| is_terminal);
        // A locale that names another encoding than UTF-8 gets ASCII, in a file too; one that names none, as in a container, is
        // taken for UTF-8. The crate `supports-unicode` has it the other way round in both.
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
            .iter()
            .find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()));
        let unicode = locale.is_none_or(|locale| {
            let locale = locale.to_ascii_lowercase();
            locale.contains("utf-8") || locale.contains("utf8") || locale == "c" || locale == "posix"
        });
        Terminal { color, unicode, width: width.unwrap_or(WIDTH).clamp(NARROWEST, WIDEST) }
    }
}

/// The colours of clap's own messages, which it prints before our arguments are read: the value of `--color`, wherever it is given.
pub fn help_color(arguments: impl Iterator<Item = OsString>) -> clap::ColorChoice {
    let arguments: Vec<String> = arguments.map(|argument| argument.to_string_lossy().into_owned()).collect();
    let joined = arguments.iter().filter_map(|argument| argument.strip_prefix("--color=")).next_back();
    let parted = || arguments.windows(2).filter(|pair| pair[0] == "--color").map(|pair| &*pair[1]).next_back();
    match joined.or_else(parted) {
        Some("always") => clap::ColorChoice::Always,
        Some("never") => clap::ColorChoice::Never,
        _ => clap::ColorChoice::Auto,
    }
}

/// Where the program runs: the repository's root is what the CI service says, else the nearest folder with `.git`.
pub fn surroundings() -> Surroundings {
    let here = env::current_dir().unwrap_or_default();
    let here = here.canonicalize().unwrap_or(here);
    let named = |variable: &&str| Path::new(&env::var_os(variable)?).canonicalize().ok();
    let mut roots = ["GITHUB_WORKSPACE", "CI_PROJECT_DIR"].iter().filter_map(named);
    let root = roots.find(|root| here.starts_with(root)).or_else(|| git_root(&here));
    Surroundings { root, here }
}

fn git_root(here: &Path) -> Option<PathBuf> {
    // A worktree or a submodule has a file of that name.
    here.ancestors().find(|folder| folder.join(".git").exists()).map(Path::to_owned)
}
