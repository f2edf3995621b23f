//! What a run reports, as it happens: moving lines on a terminal, plain lines elsewhere, or events for a program.

use std::collections::HashMap;
use std::time::Duration;

use indicatif::{HumanBytes, MultiProgress, ProgressBar, ProgressStyle};
use parking_lot::Mutex;
use serde::Serialize;

use super::ui::Ui;
use super::values::Format;
use clapboard::ledger::Learned;
use clapboard::service::shown;
use clapboard::submit::{Happening, Sink, Who};
use clapboard::text::counted;

/// How often the time in the last line moves.
const TICK: Duration = Duration::from_secs(1);

/// Where a run's progress goes.
pub struct Console {
    ui: Ui,
    form: Form,
}

/// What a run's progress looks like.
enum Form {
    /// On a terminal, a line for each clip in flight, and one for the whole.
    Moving(Moving),
    /// A plain line for each thing that matters. In a verbose run, for each thing.
    Lines,
    /// On standard output, one JSON object a line.
    Json,
    /// Only what would be lost otherwise.
    Quiet,
}

impl Console {
    /// For a run whose events are for people, or as JSON for a program.
    pub fn new(ui: &Ui, format: Format) -> Console {
        let form = match format {
            Format::Json => Form::Json,
            Format::Human if ui.quiet => Form::Quiet,
            Format::Human => ui.moving_lines().map_or(Form::Lines, |lines| Form::Moving(Moving::new(lines))),
        };
        Console { ui: ui.clone(), form }
    }

    /// Shows from now on how many of so many clips are here.
    pub fn expect(&self, clips: usize) {
        if let Form::Moving(moving) = &self.form {
            moving.expect(clips);
        }
    }

    /// Clears moving lines away, so that what is printed next is by itself.
    pub fn close(&self) {
        if let Form::Moving(moving) = &self.form {
            moving.close();
        }
    }
}

impl Sink for Console {
    fn report(&self, who: &Who, what: &Happening<'_>) {
        let verbose = self.ui.verbose;
        match &self.form {
            Form::Moving(moving) => moving.report(who, what, verbose),
            Form::Lines => line(who, what, verbose).iter().for_each(|line| self.ui.line(line)),
            // Bytes on their way are for the eye.
            Form::Json if matches!(what, Happening::Downloading { .. }) => {}
            Form::Json => self.ui.event(&Event { version: 1, who, what }),
            Form::Quiet => {
                if let Happening::Unrecorded { .. } | Happening::Charged { .. } = what {
                    line(who, what, false).iter().for_each(|line| self.ui.line(line));
                }
            }
        }
    }
}

#[derive(Serialize)]
struct Event<'a> {
    version: u32,
    #[serde(flatten)]
    what: &'a Happening<'a>,
    #[serde(flatten)]
    who: &'a Who,
}

/// A happening as a sentence; `None` for one that only a verbose run reports.
fn line(who: &Who, what: &Happening<'_>, verbose: bool) -> Option<String> {
    let name = name(who);
    let text = match what {
        Happening::Sending { attempt, units } => match (verbose, units) {
            (true, _) => format!("sending (attempt {attempt})"),
            (false, Some(units)) => format!("sending, {}", counted(units, "unit")),
            (false, None) => "sending".into(),
        },
        Happening::Accepted { task_id, how } => match how {
            Learned::Answer => format!("ordered (task {task_id})"),
            Learned::Lookup => format!("had been ordered: the service has it as task {task_id}"),
            Learned::Hand => format!("adopted task {task_id}"),
        },
        Happening::NotSent { reason } => format!("no connection: {reason}. Trying again"),
        Happening::Retrying { reason, pause_seconds } => {
            format!("not accepted yet: {reason}. Trying again in {pause_seconds:.0} s")
        }
        Happening::Refused { code, message, advice, failed } => {
            let code = code.map_or(String::new(), |code| format!(" ({code})"));
            let what = if *failed { "refused" } else { "refused for now" };
            format!("{what}{code}: {message}. Next: {advice}")
        }
        Happening::Unknown { reason, answer, .. } => {
            let answer = answer.map_or(String::new(), |answer| format!(". The service answered: {answer}"));
            format!("the outcome is not known: {reason}{answer}")
        }
        Happening::Charged { shown, charged, .. } => {
            format!("the service charged {}, and the price that was shown is {shown}", counted(charged, "unit"))
        }
        Happening::LookingUp { .. } => "asking the service what became of an earlier attempt".into(),
        Happening::Released { .. } => "an earlier attempt never became a clip: it may be sent again".into(),
        Happening::Progress { status, .. } if verbose => format!("the service says `{status}`"),
        Happening::PollFailed { reason, .. } if verbose => format!("no news: {reason}"),
        Happening::Progress { .. } | Happening::PollFailed { .. } | Happening::Downloading { .. } => return None,
        Happening::Downloaded { path, bytes, units, .. } => {
            let units = units.map_or(String::new(), |units| format!(", {} charged", counted(units, "unit")));
            format!("here: {} ({}{units})", shown(&path.to_string_lossy()), HumanBytes(*bytes))
        }
        Happening::Failed { message, units, .. } => {
            let charge = match units {
                Some(units) if *units == 0.0 => ", not charged".to_owned(),
                Some(units) => format!(", {} charged", counted(units, "unit")),
                None => String::new(),
            };
            format!("failed at the service{charge}: {message}")
        }
        Happening::Unrecorded { task_id, reason } => format!(
            "the service has this clip as task {task_id}, but that could not be written down: {reason}. Keep this number. \
             When the ledger can be written again: clapboard status --adopt {}:{}={task_id}",
            shown(&who.file),
            who.clip.shot
        ),
    };
    Some(format!("{name}: {text}"))
}

fn name(who: &Who) -> String {
    format!("{} {}", shown(&who.clip.film), who.clip.shot)
}

/// Moving lines.
struct Moving {
    lines: MultiProgress,
    total: ProgressBar,
    clips: Mutex<Clips>,
}

#[derive(Default)]
struct Clips {
    bars: HashMap<Who, ProgressBar>,
    here: usize,
    failed: usize,
    /// Units by the price table of what was sent, until the service has taken it.
    prices: HashMap<Who, f64>,
    /// Units by the price table of what the service took in this run.
    ordered: f64,
}

impl Moving {
    fn new(lines: MultiProgress) -> Moving {
        let total = lines.add(ProgressBar::new(0).with_style(style("{pos} of {len} clips here{msg}  {elapsed}")));
        total.enable_steady_tick(TICK);
        Moving { lines, total, clips: Mutex::default() }
    }

    fn close(&self) {
        for (_, bar) in self.clips.lock().bars.drain() {
            bar.finish_and_clear();
        }
        self.total.finish_and_clear();
    }

    fn expect(&self, clips: usize) {
        self.total.reset();
        self.total.set_length(clips as u64);
        self.total.enable_steady_tick(TICK);
    }

    fn report(&self, who: &Who, what: &Happening<'_>, verbose: bool) {
        let mut clips = self.clips.lock();
        let ends = matches!(what, Happening::Downloaded { .. } | Happening::Failed { .. })
            || matches!(what, Happening::Refused { failed: true, .. } | Happening::Unknown { .. });
        if ends {
            if let Some(bar) = clips.bars.remove(who) {
                bar.finish_and_clear();
                self.lines.remove(&bar);
            }
        } else {
            clips.bars.entry(who.clone()).or_insert_with(|| self.bar(who)).set_message(short(what));
        }
        match what {
            Happening::Downloaded { .. } => {
                clips.here += 1;
                self.total.set_position(clips.here as u64);
            }
            Happening::Failed { .. } | Happening::Refused { failed: true, .. } => clips.failed += 1,
            Happening::Sending { units: Some(units), .. } => _ = clips.prices.insert(who.clone(), *units),
            Happening::Accepted { .. } => clips.ordered += clips.prices.remove(who).unwrap_or(0.0),
            _ => {}
        }
        let failed = if clips.failed > 0 { format!(", {} failed", clips.failed) } else { String::new() };
        self.total.set_message(format!(", {} in work{failed}, {:.1} units ordered", clips.bars.len(), clips.ordered));
        // What stays on the screen: ends, troubles, and in a verbose run everything.
        let stays = ends
            || verbose
            || matches!(what, Happening::Unrecorded { .. } | Happening::Released { .. } | Happening::Refused { .. })
            || matches!(what, Happening::Charged { .. });
        if stays && let Some(line) = line(who, what, verbose) {
            let _ = self.lines.println(line);
        }
    }

    /// The line of a clip, above the one for the whole.
    fn bar(&self, who: &Who) -> ProgressBar {
        let bar = ProgressBar::new_spinner().with_style(style("  {prefix}  {msg}  {elapsed}"));
        let bar = self.lines.insert_before(&self.total, bar);
        bar.set_prefix(name(who));
        bar.enable_steady_tick(Duration::from_millis(250));
        bar
    }
}

/// A happening in the few words that a moving line has room for.
fn short(what: &Happening<'_>) -> String {
    match what {
        Happening::Sending { .. } => "sending".into(),
        Happening::Accepted { .. } => "ordered".into(),
        Happening::Retrying { pause_seconds, .. } => format!("waiting to send, {pause_seconds:.0} s"),
        Happening::NotSent { .. } => "no connection".into(),
        Happening::LookingUp { .. } => "looking up".into(),
        Happening::Progress { status, .. } => (*status).to_owned(),
        Happening::PollFailed { .. } => "no news from the service".into(),
        Happening::Downloading { bytes, total: Some(total) } => {
            format!("fetching {} of {}", HumanBytes(*bytes), HumanBytes(*total))
        }
        Happening::Downloading { bytes, total: None } => format!("fetching {}", HumanBytes(*bytes)),
        _ => String::new(),
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}
