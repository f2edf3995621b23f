//! The plan for the eye.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::{Change, Difference, Hold, Plan, Row, price};
use crate::kling::price::TABLE;
use crate::ledger::ShotState;
use crate::text::{counted, shown};

/// A line a shot under the name of its file, and at the end what it comes to, what was spent, and what to type next.
pub fn human(plan: &Plan, color: bool) -> String {
    let mut text = String::new();
    let rows: Vec<Cells> = plan.rows.iter().map(Cells::of).collect();
    let widest = |cell: fn(&Cells) -> &str| rows.iter().map(|row| cell(row).width()).max().unwrap_or(0);
    let widths = [widest(|row| &row.state).max(9), widest(|row| &row.shot), widest(|row| &row.price)];
    let mut file = None;
    for (row, cells) in plan.rows.iter().zip(&rows) {
        if file != Some(&row.item.file) {
            file = Some(&row.item.file);
            let _ = writeln!(text, "{}", shown::line(&row.item.file));
        }
        let (on, off) = if color { (color_of(row), "\x1b[0m") } else { ("", "") };
        let state = padded(&cells.state, widths[0]);
        let (shot, price) = (padded(&cells.shot, widths[1]), padded(&cells.price, widths[2]));
        let seconds = known(row.item.seconds);
        let line = format!("  {on}{state}{off}  {shot}  {seconds:>3} s  {price}  {}", cells.reason);
        let _ = writeln!(text, "{}", line.trim_end());
    }
    if let Some(since) = &plan.since {
        for item in &since.removed {
            let _ = writeln!(text, "  removed  {} {}", shown::line(&item.clip.film), shown::line(&item.clip.shot));
        }
    }
    cautions(plan, &mut text);
    let _ = writeln!(text, "{}", last_line(plan, shown::line));
    text
}

/// A row's cells, safe to show.
struct Cells {
    state: String,
    shot: String,
    price: String,
    reason: String,
}

impl Cells {
    fn of(row: &Row) -> Cells {
        let state = if row.is_missing { "done, not here".into() } else { row.state.word().replace('_', " ") };
        let price = if row.to_buy { price(row.item.units, row.item.usd) } else { String::new() };
        Cells { state, shot: shown::line(&row.item.clip.shot), price, reason: shown::line(&reason(row)) }
    }
}

/// A length in seconds, `?` for one that nobody knows.
pub(super) fn known(seconds: u32) -> String {
    if seconds == 0 { "?".into() } else { seconds.to_string() }
}

/// The differences of a shot, and why it is, or is not, bought.
pub fn reason(row: &Row) -> String {
    let list = |changes: &[Change]| changes.iter().map(Change::to_string).collect::<Vec<_>>().join(", ");
    let mut reasons = Vec::new();
    match &row.since {
        Some(Difference::New) => reasons.push("a new shot".to_owned()),
        Some(Difference::Changed(changes)) if !changes.is_empty() => {
            reasons.push(format!("changed: {}", list(changes)));
        }
        Some(Difference::Changed(_)) | None => {}
    }
    if row.since.is_none() && !row.changed.is_empty() {
        reasons.push(format!("changed: {}", list(&row.changed)));
    }
    if row.hold == Some(Hold::Open) {
        reasons.push("no other take is bought while one is in flight or not known".into());
    }
    reasons.extend(row.reason.clone());
    reasons.extend(row.notes.iter().cloned());
    reasons.join("; ")
}

fn color_of(row: &Row) -> &'static str {
    match row.state {
        _ if row.is_missing => "\x1b[33m",
        ShotState::Done => "\x1b[32m",
        ShotState::InFlight => "\x1b[36m",
        ShotState::Failed => "\x1b[31m",
        ShotState::Unknown => "\x1b[35m",
        ShotState::New | ShotState::Changed => "\x1b[33m",
    }
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// Notes to read before anything is bought.
fn cautions(plan: &Plan, text: &mut String) {
    let first = plan.rows.iter().find(|row| row.to_buy && !row.item.may_be_dropped.is_empty());
    if let Some(row) = first {
        let fields = row.item.may_be_dropped.join("`, `");
        let shot = shown::line(&row.item.clip.shot);
        let _ = writeln!(
            text,
            "Gateways built on new-api drop `{fields}` without a word: the clip is made without them and charged in full. Try one \
             shot first: clapboard submit --shot {shot}. If its clip is right, write passes = [\"{}\"] under [target] in clapboard.toml.",
            row.item.may_be_dropped.join("\", \"")
        );
    }
    if plan.totals.clips > 0 {
        let _ = writeln!(
            text,
            "Prices are estimates by {} ({}); the service may charge something else.",
            TABLE.page, TABLE.date
        );
    }
}

/// The purchase, as a sentence.
pub fn total_sentence(plan: &Plan) -> String {
    let totals = &plan.totals;
    if totals.clips > 0 {
        let clips = counted(totals.clips, "clip");
        return format!("{clips} to buy: {} s, {}.", totals.seconds, price(totals.units, totals.usd));
    }
    let is_done = |row: &Row| row.state == ShotState::Done && row.hold.is_none() && !row.is_missing;
    if plan.rows.iter().all(is_done) {
        return match plan.rows.len() {
            0 if plan.skipped > 0 => format!("0 clips to buy: {}.", counted(plan.skipped, "skipped shot")),
            0 => "Nothing to buy.".into(),
            1 => "Nothing to buy: the clip is done.".into(),
            count => format!("Nothing to buy: all {count} clips are done."),
        };
    }
    let mut parts = Vec::new();
    for (count, what) in counts(plan).into_iter().filter(|(count, _)| *count > 0) {
        parts.push(format!("{count} {what}"));
    }
    format!("0 clips to buy: {}.", parts.join(", "))
}

/// How many shots are not bought, and why.
fn counts(plan: &Plan) -> [(usize, &'static str); 9] {
    let count = |what: &dyn Fn(&Row) -> bool| plan.rows.iter().filter(|row| what(row)).count();
    let free = |row: &Row| row.hold.is_none();
    [
        (count(&|row| free(row) && row.state == ShotState::Done && !row.is_missing), "done"),
        (count(&|row| free(row) && row.is_missing), "done but not here"),
        (count(&|row| free(row) && row.state == ShotState::InFlight), "in flight"),
        (count(&|row| free(row) && row.state == ShotState::Failed), "failed"),
        (count(&|row| free(row) && row.state == ShotState::Unknown), "not known"),
        (count(&|row| matches!(row.hold, Some(Hold::Blocked | Hold::Unbuildable))), "held back"),
        (count(&|row| row.hold == Some(Hold::OverSpend)), "over the budget"),
        (count(&|row| matches!(&row.hold, Some(Hold::Before(sign)) if sign.is_taken_over())), "to take over"),
        (count(&|row| matches!(&row.hold, Some(Hold::Before(sign)) if !sign.is_taken_over())), "bought before"),
    ]
}

/// The plan's last line: what would be bought, what was spent so far, and what to type next. `quoted` makes a name safe.
pub(super) fn last_line(plan: &Plan, quoted: fn(&str) -> String) -> String {
    let mut parts = Vec::new();
    if let Some(since) = &plan.since {
        let revision = quoted(&since.revision);
        parts.push(match since.difference(plan.usd_per_unit) {
            Some((units, usd)) => {
                let units = counted(format_args!("{units:+}"), "unit");
                format!("Since {revision}: {units}, {}${:.2}.", sign(usd), usd.abs())
            }
            None => format!("Since {revision}: the difference in price is not known."),
        });
    }
    parts.push(total_sentence(plan));
    parts.extend(spent_sentence(plan));
    parts.extend(next_step(plan).map(|step| format!("Next: {step}")));
    parts.join(" ")
}

fn sign(usd: f64) -> char {
    if usd < 0.0 { '-' } else { '+' }
}

/// The amount spent so far, by the ledger.
fn spent_sentence(plan: &Plan) -> Option<String> {
    let spent = &plan.spent;
    if spent.clips == 0 && spent.unknown == 0 {
        return None;
    }
    let number = |units: f64| (units * 100.0).round() / 100.0;
    let usd = |units: f64| format!("${:.2}", units * plan.usd_per_unit);
    let mut text = format!(
        "Spent so far: {} charged ({}), {} as shown, for {}",
        counted(number(spent.charged), "unit"),
        usd(spent.charged),
        number(spent.shown),
        counted(spent.clips, "clip")
    );
    if spent.uncharged > 0 {
        let _ = write!(text, "; for {} of them the service has not said what it charged", spent.uncharged);
    }
    if spent.unknown > 0 {
        let _ = write!(text, "; {} more may have been bought", spent.unknown);
    }
    Some(text + ".")
}

fn next_step(plan: &Plan) -> Option<&'static str> {
    let any = |what: &dyn Fn(&Row) -> bool| plan.rows.iter().any(what);
    let held = |wanted: &dyn Fn(&Hold) -> bool| any(&|row| row.hold.as_ref().is_some_and(wanted));
    let steps = [
        (held(&|hold| *hold == Hold::Blocked), Some("clapboard check")),
        // Its row says where.
        (held(&|hold| *hold == Hold::Unbuildable), None),
        (
            held(&|hold| matches!(hold, Hold::Before(sign) if !sign.is_taken_over())),
            Some("clapboard status --restore, or clapboard submit --again SHOT"),
        ),
        (plan.totals.clips > 0, Some("clapboard submit")),
        (held(&|hold| matches!(hold, Hold::Before(_))), Some("clapboard submit")),
        (any(&|row| row.state == ShotState::Unknown), Some("clapboard status")),
        (any(&|row| row.state == ShotState::InFlight), Some("clapboard status --wait")),
        (any(&|row| row.is_missing), Some("clapboard status --fetch")),
        (any(&|row| row.state == ShotState::Failed), Some("clapboard submit --retry-failed")),
    ];
    steps.into_iter().find(|(applies, _)| *applies).and_then(|(_, step)| step)
}

#[cfg(test)]
mod tests {
    use super::super::{Choice, Plan, samples};

    #[test]
    fn reads_well() {
        insta::assert_snapshot!(super::human(&samples::plan(), false), @r"
        ferry.storyboard.yaml
          done       done     5 s
          changed    old      5 s  4 units, $0.56    changed: duration 10 → 5, prompt
          unknown    lost     5 s
          failed     bad      5 s                    no
          new        fresh    5 s  2.5 units, $0.35
        Prices are estimates by Kling's list prices for image-to-video (2026-10-08); the service may charge something else.
        2 clips to buy: 10 s, 6.5 units, $0.91. Spent so far: 8 units charged ($1.12), 8 as shown, for 2 clips; 1 more may have been bought. Next: clapboard submit
        ");
        insta::assert_snapshot!(super::human(&Plan::default(), false), @"Nothing to buy.");
        let done = samples::plan_of([samples::item("done", 'a', Some(40))], &samples::ledger(), Choice::default());
        insta::assert_snapshot!(super::human(&done, false), @r"
        ferry.storyboard.yaml
          done       done    5 s
        Nothing to buy: the clip is done. Spent so far: 8 units charged ($1.12), 8 as shown, for 2 clips; 1 more may have been bought.
        ");
        let failed = samples::plan_of([samples::item("bad", 'f', Some(40))], &samples::ledger(), Choice::default());
        insta::assert_snapshot!(super::human(&failed, false), @r"
        ferry.storyboard.yaml
          failed     bad    5 s    no
        0 clips to buy: 1 failed. Spent so far: 8 units charged ($1.12), 8 as shown, for 2 clips; 1 more may have been bought. Next: clapboard submit --retry-failed
        ");
    }

    #[test]
    fn a_comparison_reads_well() {
        let now = [samples::item("old", 'c', Some(40)), samples::item("fresh", 'd', Some(25))];
        let then = vec![samples::item("old", 'b', Some(80)), samples::item("gone", 'f', Some(10))];
        let plan = samples::plan_of(now, &samples::ledger(), Choice::default()).since("main", then);
        insta::assert_snapshot!(super::human(&plan, false), @r"
        ferry.storyboard.yaml
          changed    old      5 s  4 units, $0.56    changed: duration 10 → 5, prompt
          new        fresh    5 s  2.5 units, $0.35  a new shot
          removed  ferry gone
        Prices are estimates by Kling's list prices for image-to-video (2026-10-08); the service may charge something else.
        Since main: -2.5 units, -$0.35. 2 clips to buy: 10 s, 6.5 units, $0.91. Spent so far: 8 units charged ($1.12), 8 as shown, for 2 clips; 1 more may have been bought. Next: clapboard submit
        ");
        insta::assert_snapshot!(super::super::markdown(&plan), @r"
        **Since `main`: -2.5 units, -$0.35. 2 clips to buy: 10 s, 6.5 units, $0.91. Spent so far: 8 units charged ($1.12), 8 as shown, for 2 clips; 1 more may have been bought. Next: clapboard submit**

        | | shot | storyboard | seconds | units | US$ | why |
        | --- | --- | --- | --: | --: | --: | --- |
        | changed | `old` | `ferry.storyboard.yaml` | 5 | 4 | 0.56 | `changed: duration 10 → 5, prompt` |
        | new | `fresh` | `ferry.storyboard.yaml` | 5 | 2.5 | 0.35 | `a new shot` |
        | removed | `gone` | `ferry` | 5 | | | |
        ");
    }
}
