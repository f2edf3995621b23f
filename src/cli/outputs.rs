//! `--format` and `--output`: in which formats the report is written, and where. One run may write several.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::builder::PossibleValue;
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, ArgMatches, Args, FromArgMatches, ValueEnum, value_parser};
use fs_err::File;

use super::failure::Failure;
use super::new_file::folder_of;
use super::ui::{Ui, surroundings};
use super::values::Offering;
use clapboard::diagnostic::Report;
use clapboard::report::{self, Format, Terminal, render, step_summary};
use clapboard::text::near::nearest;
use clapboard::text::shown;

/// The formats that a report is written in, each with its file; without one, to standard output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outputs(Vec<(Format, Option<PathBuf>)>);

/// Where a report goes that has no file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    Output,
    Error,
}

impl Outputs {
    /// Writes the report in each format.
    ///
    /// # Errors
    /// Standard output or one of the files cannot be written.
    pub fn write(&self, report: &Report, stream: Stream, ui: &Ui) -> Result<(), Failure> {
        let written: Vec<io::Result<()>> = self
            .0
            .iter()
            .map(|(format, file)| match (file, stream) {
                (None, Stream::Error) => write_to(ui.err(), *format, report, &ui.err_terminal()),
                (None, Stream::Output) => write_to(ui.out(), *format, report, &ui.out_terminal()),
                (Some(path), _) => write_file(path, *format, report, ui),
            })
            .collect();
        if self.0.iter().any(|(format, _)| *format == Format::Github)
            && let Some(path) = std::env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty())
            && let Err(error) = step_summary::append(report, Path::new(&path))
        {
            // The run's page lacks a table; that must not fail the build.
            ui.say(error.to_string());
        }
        // A failed output must not stop the others.
        Ok(written.into_iter().collect::<io::Result<()>>()?)
    }

    /// Writes how often each rule was broken: below the findings where people read them, else to standard error.
    ///
    /// # Errors
    /// The stream cannot be written.
    pub fn write_statistics(&self, report: &Report, ui: &Ui) -> io::Result<()> {
        let for_people = |(format, file): &(Format, Option<PathBuf>)| {
            file.is_none() && matches!(format, Format::Human | Format::Concise)
        };
        if self.0.iter().any(for_people) {
            report::statistics::render(report, &mut ui.out())
        } else {
            report::statistics::render(report, &mut ui.err())
        }
    }
}

/// Writes a new file, with its folders. It may be a pipe, whose reader may go away.
fn write_file(path: &Path, format: Format, report: &Report, ui: &Ui) -> io::Result<()> {
    fs_err::create_dir_all(folder_of(path))?;
    let file = File::create(path)?;
    let terminal = ui.terminal(file.file());
    match write_to(file, format, report, &terminal) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written,
    }
}

fn write_to(out: impl Write, format: Format, report: &Report, terminal: &Terminal) -> io::Result<()> {
    let mut out = io::BufWriter::new(out);
    render(format, report, terminal, &surroundings(), &mut out)?;
    out.flush()
}

impl Args for Outputs {
    fn augment_args(command: clap::Command) -> clap::Command {
        let forms: Vec<String> = Format::value_variants()
            .iter()
            .filter_map(|format| format.to_possible_value())
            .map(|value| format!("- {}: {}", value.get_name(), value.get_help().cloned().unwrap_or_default()))
            .collect();
        let names: Vec<&str> = forms.iter().filter_map(|form| form[2..].split(':').next()).collect();
        command
            .arg(
                Arg::new("format")
                    .long("format")
                    .value_name("FORMAT[=FILE]")
                    .action(ArgAction::Append)
                    .value_parser(Offering { parser: form as Form, values: formats })
                    .hide_possible_values(true)
                    .help_heading("Output")
                    .help(format!(
                        "Output format, with a file for it if need be; may be repeated: {} \
                         [default: human; in GitHub Actions human and github]",
                        names.join(", ")
                    ))
                    .long_help(format!(
                        "Output format, with a file for it if need be; may be repeated\n\n\
                         [default: human; in GitHub Actions human and github]\n\n{}",
                        forms.join("\n")
                    )),
            )
            .arg(
                Arg::new("output")
                    .long("output")
                    .value_name("FILE")
                    .action(ArgAction::Append)
                    .value_parser(value_parser!(PathBuf))
                    .help_heading("Output")
                    .help("Write the report to FILE; belongs to the --format before it"),
            )
    }

    fn augment_args_for_update(command: clap::Command) -> clap::Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Outputs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let formats = indexed::<(Format, Option<PathBuf>)>(matches, "format");
        let files = indexed::<PathBuf>(matches, "output");
        let in_actions = std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true");
        pair(formats, files, in_actions).map(Self).map_err(|why| clap::Error::raw(ErrorKind::ArgumentConflict, why))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// The values of an argument, each with its place on the command line.
fn indexed<T: Clone + Send + Sync + 'static>(matches: &ArgMatches, id: &str) -> Vec<(usize, T)> {
    let indices = matches.indices_of(id).into_iter().flatten();
    indices.zip(matches.get_many::<T>(id).into_iter().flatten().cloned()).collect()
}

type Form = fn(&str) -> Result<(Format, Option<PathBuf>), String>;

fn formats() -> Vec<PossibleValue> {
    Format::value_variants().iter().filter_map(|format| format.to_possible_value()).collect()
}

/// `sarif` or `sarif=report.sarif`.
fn form(value: &str) -> Result<(Format, Option<PathBuf>), String> {
    let (name, file) = match value.split_once('=') {
        Some((_, "")) => return Err("a file's name must follow the `=`".into()),
        Some((name, file)) => (name, Some(PathBuf::from(file))),
        None => (value, None),
    };
    let format = Format::from_str(name, false).map_err(|_| {
        let names = Format::value_variants().iter().filter_map(|format| format.to_possible_value());
        let names: Vec<String> = names.map(|value| value.get_name().to_owned()).collect();
        let near = nearest(name, names.iter().map(String::as_str)).map(|near| format!("; did you mean `{near}`?"));
        format!("unknown format, use one of {}{}", names.join(", "), near.unwrap_or_default())
    })?;
    Ok((format, file))
}

/// Gives each `--output` to the `--format` before it, or where there is none, to the one after it. Without any `--format`
/// the report is for people; in GitHub Actions there are annotations too.
fn pair(
    mut formats: Vec<(usize, (Format, Option<PathBuf>))>,
    files: Vec<(usize, PathBuf)>,
    in_actions: bool,
) -> Result<Vec<(Format, Option<PathBuf>)>, String> {
    if formats.is_empty() {
        formats.push((0, (Format::Human, None)));
        if in_actions {
            formats.push((usize::MAX, (Format::Github, None)));
        }
    }
    for (index, file) in files {
        let before = formats.iter().rposition(|(at, (_, taken))| *at < index && taken.is_none());
        let after = || formats.iter().position(|(at, (_, taken))| *at > index && taken.is_none());
        match before.or_else(after) {
            Some(found) => formats[found].1.1 = Some(file),
            None => return Err(format!("no --format is left for --output {}", shown(&file))),
        }
    }
    let outputs: Vec<_> = formats.into_iter().map(|(_, output)| output).collect();
    for (index, (_, file)) in outputs.iter().enumerate() {
        if let Some(file) = file
            && outputs[..index].iter().any(|(_, earlier)| earlier.as_ref() == Some(file))
        {
            return Err(format!("two formats cannot both be written to {}", shown(file)));
        }
    }
    Ok(outputs)
}

fn shown(path: &Path) -> String {
    shown::line(&path.to_string_lossy())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outputs(arguments: &str, in_actions: bool) -> Result<Vec<(Format, Option<PathBuf>)>, String> {
        let arguments: Vec<&str> = arguments.split_whitespace().collect();
        let of = |name: &str| {
            let pairs = arguments.windows(2).enumerate().filter(move |(_, pair)| pair[0] == name);
            pairs.map(|(index, pair)| (index + 1, pair[1].to_owned())).collect::<Vec<_>>()
        };
        let formats = of("--format").into_iter().map(|(index, value)| Ok((index, form(&value)?)));
        let files = of("--output").into_iter().map(|(index, file)| (index, PathBuf::from(file)));
        pair(formats.collect::<Result<_, String>>()?, files.collect(), in_actions)
    }

    fn to(format: Format, file: &str) -> (Format, Option<PathBuf>) {
        (format, (!file.is_empty()).then(|| file.into()))
    }

    #[test]
    fn an_output_belongs_to_the_format_before_it() {
        assert_eq!(outputs("", false), Ok(vec![to(Format::Human, "")]));
        assert_eq!(outputs("--output a", false), Ok(vec![to(Format::Human, "a")]));
        assert_eq!(outputs("--format sarif --output a", false), Ok(vec![to(Format::Sarif, "a")]));
        assert_eq!(outputs("--output a --format sarif", false), Ok(vec![to(Format::Sarif, "a")]));
        let both = Ok(vec![to(Format::Human, ""), to(Format::Sarif, "a")]);
        assert_eq!(outputs("--format human --format sarif --output a", false), both);
        assert_eq!(outputs("--format human --format sarif=a", false), both);
        let turned = Ok(vec![to(Format::Sarif, "a"), to(Format::Human, "")]);
        assert_eq!(outputs("--format sarif --output a --format human", false), turned);
        let files = Ok(vec![to(Format::Junit, "b"), to(Format::Sarif, "a")]);
        assert_eq!(outputs("--format junit=b --format sarif --output a", false), files);
    }

    #[test]
    fn github_actions_gets_annotations_unless_a_form_is_asked_for() {
        assert_eq!(outputs("", true), Ok(vec![to(Format::Human, ""), to(Format::Github, "")]));
        assert_eq!(outputs("--format json", true), Ok(vec![to(Format::Json, "")]));
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        assert!(outputs("--format json=a --output b", false).is_err());
        assert!(outputs("--format json=a --format sarif=a", false).is_err());
        assert!(outputs("--format jsn", false).is_err());
        assert!(outputs("--format json=", false).is_err());
    }
}
