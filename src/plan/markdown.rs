//! The plan for a pull request's comment.

use std::fmt::Write as _;

use super::human::plain;
use super::{Plan, total_sentence};

/// A sentence about the whole, and a table of the shots that are not simply done.
pub fn markdown(plan: &Plan) -> String {
    let mut text = format!("**{}**\n", cell(&total_sentence(&plan.totals)));
    let rows: Vec<_> = plan.rows.iter().filter(|row| row.state != crate::ledger::ShotState::Done).collect();
    if !rows.is_empty() {
        text.push_str("\n| | shot | storyboard | seconds | units | US$ | changed |\n| --- | --- | --- | --: | --: | --: | --- |\n");
    }
    for row in &rows {
        let item = &row.item;
        let units = item.units.map_or("?".to_owned(), |units| units.to_string());
        let usd = item.usd.map_or("?".to_owned(), |usd| format!("{usd:.2}"));
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {units} | {usd} | {} |",
            row.state.word().replace('_', " "),
            cell(&item.clip.shot),
            cell(&item.file),
            item.seconds,
            cell(&row.changed.join(", ")),
        );
    }
    let done = plan.rows.len() - rows.len();
    if done > 0 {
        let _ = writeln!(text, "\n{done} done already.");
    }
    text
}

/// Text that can neither end its cell nor begin anything else.
fn cell(text: &str) -> String {
    let mut out = String::new();
    for c in plain(text).chars() {
        if matches!(c, '|' | '\\' | '`' | '*' | '_' | '<' | '>' | '[' | ']' | '@' | '#' | '!') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::{Plan, tests};

    #[test]
    fn reads_well() {
        insta::assert_snapshot!(super::markdown(&tests::plan()), @r"
        **2 clips to buy: 10 s, 6.5 units, $0.91. Estimated by Kling's list prices for image-to-video (2026-10-08); what the service charges may differ.**

        | | shot | storyboard | seconds | units | US$ | changed |
        | --- | --- | --- | --: | --: | --: | --- |
        | changed | old | ferry.storyboard.yaml | 5 | 4 | 0.56 | prompt |
        | unknown | lost | ferry.storyboard.yaml | 5 | 4 | 0.56 |  |
        | failed | bad | ferry.storyboard.yaml | 5 | 4 | 0.56 |  |
        | new | fresh | ferry.storyboard.yaml | 5 | 2.5 | 0.35 |  |
        | new | fresh | ferry.storyboard.yaml | 5 | 2.5 | 0.35 |  |

        1 done already.
        ");
    }

    #[test]
    fn a_name_cannot_break_out_of_its_cell() {
        let mut item = tests::item("a", 'a', None);
        item.file = "x | y\n<img> [a](b).yaml".into();
        let text = super::markdown(&Plan::new([item], &Default::default(), false));
        assert!(text.contains("| x \\| y\\\\u{a}\\<img\\> \\[a\\](b).yaml |"), "{text}");
    }
}
