//! The plan for a pull request's comment.

use std::fmt::Write as _;

use super::human::{known, last_line, reason};
use super::{Plan, Row};
use crate::ledger::ShotState;
use crate::text::{counted, shown};

/// A sentence about the whole, and a table of the shots that are not simply done.
pub fn markdown(plan: &Plan) -> String {
    let mut text = format!("**{}**\n", last_line(plan, code));
    let is_plainly_done = |row: &&Row| {
        row.state == ShotState::Done && row.since.is_none() && row.hold.is_none() && !row.is_missing && !row.to_buy
    };
    let rows: Vec<&Row> = plan.rows.iter().filter(|row| !is_plainly_done(row)).collect();
    let removed = plan.since.iter().flat_map(|since| &since.removed);
    if !rows.is_empty() || removed.clone().next().is_some() {
        text.push_str(
            "\n| | shot | storyboard | seconds | units | US$ | why |\n| --- | --- | --- | --: | --: | --: | --- |\n",
        );
    }
    for row in &rows {
        let item = &row.item;
        let units = item.units.map_or("?".to_owned(), |units| units.to_string());
        let usd = item.usd.map_or("?".to_owned(), |usd| format!("{usd:.2}"));
        let state = if row.is_missing { "done, not here".into() } else { row.state.word().replace('_', " ") };
        let (shot, file, why) = (code(&item.clip.shot), code(&item.file), code(&reason(row)));
        let _ = writeln!(text, "| {state} | {shot} | {file} | {} | {units} | {usd} | {why} |", known(item.seconds));
    }
    for item in removed {
        let _ = writeln!(
            text,
            "| removed | {} | {} | {} | | | |",
            code(&item.clip.shot),
            code(&item.clip.film),
            known(item.seconds)
        );
    }
    let done = plan.rows.len() - rows.len();
    if done > 0 {
        let _ = writeln!(text, "\n{} done already.", counted(done, "clip"));
    }
    text
}

/// Text in a code span: in one, no service looks for mentions, issues or links.
fn code(text: &str) -> String {
    // A table is split into cells before anything else is read, so `|` is escaped, and no backslash may come before that.
    let text = shown::line(text).replace("\\|", "\\u{5c}|").replace('|', "\\|");
    if text.is_empty() {
        return text;
    }
    // The fence has more backticks than the text has in a row.
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use super::super::{Choice, samples};

    #[test]
    fn reads_well() {
        insta::assert_snapshot!(super::markdown(&samples::plan()), @r"
        **2 clips to buy: 10 s, 6.5 units, $0.91. Spent so far: 8 units charged ($1.12), 8 as shown, for 2 clips; 1 more may have been bought. Next: clapboard submit**

        | | shot | storyboard | seconds | units | US$ | why |
        | --- | --- | --- | --: | --: | --: | --- |
        | changed | `old` | `ferry.storyboard.yaml` | 5 | 4 | 0.56 | `changed: duration 10 → 5, prompt` |
        | unknown | `lost` | `ferry.storyboard.yaml` | 5 | 4 | 0.56 |  |
        | failed | `bad` | `ferry.storyboard.yaml` | 5 | 4 | 0.56 | `no` |
        | new | `fresh` | `ferry.storyboard.yaml` | 5 | 2.5 | 0.35 |  |

        1 clip done already.
        ");
    }

    #[test]
    fn a_name_can_neither_leave_its_cell_nor_mention_anybody() {
        let mut item = samples::item("a", 'z', None);
        item.file = "@octocat | x\n<img> `` #1 www.example.com\\".into();
        let text = super::markdown(&samples::plan_of([item], &Default::default(), Choice::default()));
        assert!(text.contains("| ```@octocat \\| x <img> `` #1 www.example.com\\``` |"), "{text}");
    }
}
