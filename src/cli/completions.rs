use clap::{Args, CommandFactory, ValueEnum};
use clap_complete::Shell;

use super::failure::Failure;
use super::ui::Ui;
use super::{Cli, Exit};
use clapboard::check::Workspace;
use clapboard::judge::Levels;
use clapboard::project::find;
use clapboard::text::FileId;

/// Print a script that lets your shell complete commands, options, rules and shot ids
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  clapboard completions bash > ~/.local/share/bash-completion/completions/clapboard
  clapboard completions zsh > \"${fpath[1]}/_clapboard\"
  clapboard completions fish > ~/.config/fish/completions/clapboard.fish")]
pub struct Completions {
    /// Your shell
    #[arg(value_enum)]
    shell: Completing,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Completing {
    Bash,
    Elvish,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
    Zsh,
    /// The ids of the shots below the current folder: what the scripts ask for
    #[value(hide = true)]
    Shots,
}

impl Completions {
    pub fn run(&self, ui: &Ui) -> Result<Exit, Failure> {
        let text = match self.shell {
            Completing::Bash => script(Shell::Bash) + BASH,
            Completing::Elvish => script(Shell::Elvish),
            Completing::Fish => script(Shell::Fish) + FISH,
            Completing::PowerShell => script(Shell::PowerShell),
            Completing::Zsh => ["", "=TASK_ID", "=N"].iter().fold(script(Shell::Zsh), |script, value| {
                script.replace(&format!(":[FILE:]SHOT{value}:_default"), ZSH)
            }),
            Completing::Shots => shots(),
        };
        ui.print(&text)?;
        Ok(Exit::Done)
    }
}

fn script(shell: Shell) -> String {
    let mut command = Cli::command();
    let name = command.get_name().to_owned();
    // Into memory first: the library panics where a pipe is closed.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, name, &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

const BASH: &str = r#"
# Shot ids are those of the storyboards below the current folder.
_clapboard_with_shots() {
    case "${COMP_WORDS[COMP_CWORD-1]}" in
        --shot|--again|--adopt|--forget|--choose|--restore)
            COMPREPLY=($(compgen -W "$(clapboard completions shots 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            ;;
        *)
            _clapboard "$@"
            ;;
    esac
}
complete -F _clapboard_with_shots -o bashdefault -o default clapboard
"#;

/// `{…}` is run when a value is completed; a colon in the value's name would end the name.
const ZSH: &str = ":SHOT:{compadd -- ${(f)\"$(clapboard completions shots 2>/dev/null)\"}}";

const FISH: &str = r#"
# Shot ids are those of the storyboards below the current folder.
for option in shot again adopt forget choose
    complete -c clapboard -l $option -x -a "(clapboard completions shots 2>/dev/null)"
end
"#;

/// The ids of all shots below the current folder, one a line. A shell expands what it is given here, so nothing is printed
/// but what is of an id's form.
fn shots() -> String {
    let workspace = Workspace::on_disk(None, Levels::default());
    let files = workspace.files();
    let here = files.absolute(".".into());
    let project = workspace.project(&files.real(&here).unwrap_or(here), "film.storyboard.yaml");
    let mut ids: Vec<String> = Vec::new();
    for path in find(&**files, ".".into(), &project).files {
        let Ok(checked) = workspace.check(&FileId::new(path.as_str(), path.clone())) else { continue };
        ids.extend(checked.film.shots.iter().map(|shot| shot.name()));
    }
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    ids.retain(|id| !id.is_empty() && !id.starts_with('-') && id.bytes().all(is_plain));
    ids.sort();
    ids.dedup();
    ids.into_iter().map(|id| format!("{id}\n")).collect()
}
