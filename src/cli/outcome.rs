//! How a run ended, for people and for programs.

use std::io::{self, Write};

use serde::Serialize;

use clapboard::api::{self, ERRORS, Request};
use clapboard::ledger::ShotState;
use clapboard::plan::Plan;
use clapboard::select::{Ready, Selection};
use clapboard::submit::{Halt, Outcome, Settled, Summary, Who};
use clapboard::text::counted;
use clapboard::text::shown::line as plain;

use super::Exit;
use super::ui::Ui;

pub fn exit_of(summary: &Summary, no_wait: bool) -> Exit {
    let is_settled = |settled: &&Settled| match settled.outcome {
        Outcome::Done { .. } => true,
        Outcome::InFlight { .. } => no_wait,
        _ => false,
    };
    let unsettled = summary.settled.iter().filter(|settled| settled.is_current).any(|settled| !is_settled(&settled));
    match &summary.halt {
        _ if summary.interrupted => Exit::Interrupted,
        Some(Halt::Ledger { .. }) => Exit::Failed,
        Some(Halt::Charged { .. }) => Exit::Refused,
        Some(_) => Exit::Unsettled,
        None if unsettled => Exit::Unsettled,
        None => Exit::Done,
    }
}

/// A line a shot and one for the whole on standard output, and on standard error the writer's own words where the service
/// objected to them.
pub fn show(summary: &Summary, selection: &Selection<Ready<'_>>, usd_per_unit: f64, ui: &Ui) -> io::Result<()> {
    let mut out = ui.out();
    let color = ui.out_terminal().color;
    let names: Vec<String> = summary.settled.iter().map(|settled| shown_name(&settled.who)).collect();
    let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    for (settled, name) in summary.settled.iter().zip(&names) {
        let earlier = if settled.is_current { "" } else { "(an earlier version) " };
        let (word, detail) = words(&settled.outcome);
        let line = format!("{}  {name:width$}  {earlier}{detail}", painted(word, color));
        writeln!(out, "{}", line.trim_end())?;
    }
    if !summary.settled.is_empty() {
        writeln!(out, "{}", sum(summary, usd_per_unit))?;
    }
    drop(out);
    for settled in summary.settled.iter().filter(|settled| settled.is_current) {
        if let Outcome::Failed { code, message } = &settled.outcome
            && let Some(ready) = selection.ready().find(|ready| ready.item.clip == settled.who.clip)
        {
            let _ = write!(ui.err(), "\n{}", at_the_words(&ready.request, *code, message));
        }
    }
    Ok(())
}

/// The same for a run that had nothing to do.
pub fn show_done(plan: &Plan, ui: &Ui) -> io::Result<()> {
    let color = ui.out_terminal().color;
    let mut out = ui.out();
    for row in &plan.rows {
        let detail = match row.state {
            ShotState::Done if row.is_missing => "not here: clapboard status --fetch",
            ShotState::Done => "was here already",
            _ => row.reason.as_deref().unwrap_or_default(),
        };
        let (name, state) = (format!("{} {}", plain(&row.item.clip.film), row.item.clip.shot), row.state.word());
        writeln!(out, "{}  {name}  {}", painted(&state.replace('_', " "), color), plain(detail))?;
    }
    Ok(())
}

/// Whether a clip is in flight because something is wrong, rather than because it takes its time.
pub fn is_stuck(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::InFlight { note: Some(note), .. } if !note.starts_with("its status is "))
}

fn shown_name(who: &Who) -> String {
    format!("{} {}", plain(&who.clip.film), who.clip.shot)
}

fn words(outcome: &Outcome) -> (&'static str, String) {
    match outcome {
        Outcome::Done { path: Some(path), .. } => ("done", plain(&path.to_string_lossy())),
        Outcome::Done { path: None, .. } => ("done", "was here already".to_owned()),
        Outcome::Failed { code: Some(code), message } => ("failed", format!("({code}) {message}")),
        Outcome::Failed { code: None, message } => ("failed", message.clone()),
        Outcome::InFlight { task_id, note: Some(note) } => ("in flight", format!("task {task_id}: {note}")),
        Outcome::InFlight { task_id, note: None } => ("in flight", format!("task {task_id}")),
        Outcome::Unknown { reason, .. } => ("unknown", reason.clone()),
        Outcome::NotBought { reason } => ("not bought", reason.clone()),
    }
}

fn painted(word: &str, color: bool) -> String {
    const WIDTH: usize = 10;
    let on = match word {
        "done" => "\x1b[32m",
        "failed" => "\x1b[31m",
        "in flight" => "\x1b[36m",
        "unknown" => "\x1b[35m",
        _ => "\x1b[33m",
    };
    if color { format!("{on}{word:<WIDTH$}\x1b[0m") } else { format!("{word:<WIDTH$}") }
}

/// What a run came to, in one line.
fn sum(summary: &Summary, usd_per_unit: f64) -> String {
    let count = |word: &str| summary.settled.iter().filter(|settled| words(&settled.outcome).0 == word).count();
    let here =
        summary.settled.iter().filter(|settled| matches!(settled.outcome, Outcome::Done { path: Some(_), .. })).count();
    let charged: f64 = summary
        .settled
        .iter()
        .map(|settled| match settled.outcome {
            Outcome::Done { path: Some(_), units } => units.unwrap_or(0.0),
            _ => 0.0,
        })
        .sum();
    let mut parts = vec![format!("{here} downloaded")];
    for word in ["in flight", "failed", "unknown", "not bought"] {
        parts.extend(Some(count(word)).filter(|count| *count > 0).map(|count| format!("{count} {word}")));
    }
    if charged > 0.0 {
        let charged = (charged * 100.0).round() / 100.0;
        parts.push(format!("{} charged (${:.2})", counted(charged, "unit"), charged * usd_per_unit));
    }
    format!("{}.", parts.join(", "))
}

/// What the service objects to, at the lines that it came from: the fields that its text names, else the shot.
fn at_the_words(request: &Request, code: Option<u32>, message: &str) -> String {
    const MOST: usize = 4;
    let fields = api::of(request.target).blamed_fields(message);
    let mut places: Vec<_> = fields.iter().flat_map(|field| request.sources.places(field)).collect();
    if places.is_empty() {
        places.push(&request.place);
    }
    let mut lines: Vec<String> = Vec::new();
    for place in places {
        let source = &place.source;
        let position = source.position(place.span.start());
        let span = source.line_span(position.line - 1);
        let text = source.text.get(span.start()..span.end()).unwrap_or_default();
        let line = format!("  {}:{}:{}: {}\n", plain(&source.name), position.line, position.column, plain(text.trim()));
        if !lines.contains(&line) && lines.len() < MOST {
            lines.push(line);
        }
    }
    let row = ERRORS.iter().find(|row| Some(row.code) == code);
    let next = row.map_or("change what the message names", |row| row.next);
    let code = code.map_or(String::new(), |code| format!(" ({code})"));
    format!(
        "{}: the service refused shot `{}`{code}: {message}\n{}  Next: {next}, then `clapboard submit` again (with --retry-failed if \
         nothing of it was changed).\n",
        plain(&request.storyboard),
        request.shot,
        lines.concat()
    )
}

#[derive(Serialize)]
struct ResultEvent<'a> {
    version: u32,
    event: &'static str,
    #[serde(flatten)]
    who: &'a Who,
    /// Whether this is the shot as it is in the storyboard today.
    current: bool,
    state: &'static str,
    path: Option<String>,
    units: Option<f64>,
    code: Option<u32>,
    message: Option<&'a str>,
    task_id: Option<&'a str>,
    attempt: Option<&'a str>,
}

/// An event a shot, and the last one.
pub fn show_as_json(summary: &Summary, exit: Exit, ui: &Ui) {
    for settled in &summary.settled {
        let mut event = ResultEvent {
            version: 1,
            event: "result",
            who: &settled.who,
            current: settled.is_current,
            state: "done",
            path: None,
            units: None,
            code: None,
            message: None,
            task_id: None,
            attempt: None,
        };
        match &settled.outcome {
            Outcome::Done { path, units } => {
                event.path = path.as_ref().map(|path| path.to_string_lossy().into_owned());
                event.units = *units;
            }
            Outcome::Failed { code, message } => {
                (event.state, event.code, event.message) = ("failed", *code, Some(message.as_str()));
            }
            Outcome::InFlight { task_id, note } => {
                (event.state, event.task_id, event.message) = ("in_flight", Some(task_id.as_str()), note.as_deref());
            }
            Outcome::Unknown { attempt, reason, candidate } => {
                (event.state, event.attempt, event.message) =
                    ("unknown", Some(attempt.as_str()), Some(reason.as_str()));
                event.task_id = candidate.as_deref();
            }
            Outcome::NotBought { reason } => (event.state, event.message) = ("not_bought", Some(reason.as_str())),
        }
        ui.event(&event);
    }
    show_end(exit, summary.interrupted, ui);
}

/// The last event of a run.
pub fn show_end(exit: Exit, interrupted: bool, ui: &Ui) {
    ui.event(&serde_json::json!({"version": 1, "event": "end", "exit": exit as u8, "interrupted": interrupted}));
}

/// How to go on, on standard error.
pub fn show_next_steps(summary: &Summary, ui: &Ui) {
    if let Some(halt) = &summary.halt
        && let Some(text) = stopped(halt)
    {
        ui.say(text);
    }
    for settled in &summary.settled {
        if let Outcome::Unknown { candidate, .. } = &settled.outcome {
            show_how_to_settle(&settled.who, candidate.as_deref(), ui);
        }
    }
    let in_flight =
        summary.settled.iter().filter(|settled| matches!(settled.outcome, Outcome::InFlight { .. })).count();
    if summary.interrupted {
        ui.say(
            "interrupted. To go on: clapboard submit (buys what is left, nothing twice), or clapboard status --wait (only \
             downloads what is in flight)",
        );
    } else if in_flight > 0 {
        ui.say(format!(
            "{in_flight} in flight. To fetch what is ready: clapboard status; to wait for all: clapboard status --wait"
        ));
    }
}

/// Why nothing more was sent.
fn stopped(halt: &Halt) -> Option<String> {
    let why = match halt {
        Halt::Account { code, message, advice } => {
            let code = code.map_or(String::new(), |code| format!("({code}) "));
            format!("the service refuses it: {code}{message}. Next: {advice}")
        }
        Halt::Unreachable { reason } => format!("the service cannot be reached: {reason}"),
        Halt::Unknown { reason } => format!("the service does not answer as it should: {reason}"),
        Halt::Charged { shown, charged } => format!(
            "the service charged {} for a clip that was shown as {}, more than twice as much. Look at its prices before you go on",
            counted(charged, "unit"),
            counted(shown, "unit")
        ),
        Halt::Disk { reason } | Halt::Ledger { reason } => reason.clone(),
        Halt::Interrupted => return None,
    };
    Some(format!("sending stopped: {why}. What was not sent stays as it was"))
}

/// What a person does about an outcome that nobody knows. `candidate` looked like a task id in the service's answer.
pub fn show_how_to_settle(who: &Who, candidate: Option<&str>, ui: &Ui) {
    let name = format!("{}:{}", who.file, who.clip.shot);
    let adopt = match candidate {
        Some(task_id) => format!("Its answer names a task. To take it: clapboard status --adopt {name}={task_id}"),
        None => {
            format!("Look for it in the service's console. If it is there: clapboard status --adopt {name}=TASK_ID")
        }
    };
    ui.say(format!(
        "{name}: it is not known whether the service took this shot, so it is not sent again. {adopt}. If it is not there: clapboard \
         status --forget {name}"
    ));
}
