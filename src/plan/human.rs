//! The plan for the eye.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

use super::{Plan, price, total_sentence};
use crate::text::shown::is_unsafe;

/// A line a shot under the name of its file, and a sentence about the whole.
pub fn human(plan: &Plan) -> String {
    let mut text = String::new();
    let width = plan.rows.iter().map(|row| row.item.clip.shot.width()).max().unwrap_or(0);
    let mut file = None;
    for row in &plan.rows {
        if file != Some(&row.item.file) {
            file = Some(&row.item.file);
            let _ = writeln!(text, "{}", plain(&row.item.file));
        }
        let state = row.state.word().replace('_', " ");
        let pad = " ".repeat(width - row.item.clip.shot.width());
        let _ = write!(text, "  {state:<9}  {}{pad}  {:>3} s", row.item.clip.shot, row.item.seconds);
        if row.is_bought {
            let _ = write!(text, "  {}", price(row.item.units, row.item.usd));
        }
        if !row.changed.is_empty() {
            let names: Vec<String> = row.changed.iter().map(|name| plain(name)).collect();
            let _ = write!(text, "  (changed: {})", names.join(", "));
        }
        text.push('\n');
    }
    let _ = writeln!(text, "{}", total_sentence(&plan.totals));
    text
}

/// A name from a file system or a ledger, without what a terminal would obey.
pub(super) fn plain(text: &str) -> String {
    text.chars().flat_map(|c| if is_unsafe(c) { c.escape_unicode().collect::<Vec<_>>() } else { vec![c] }).collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Plan, tests};

    #[test]
    fn a_name_cannot_turn_the_text_around() {
        assert_eq!(super::plain("a\u{202e}b\x1b"), "a\\u{202e}b\\u{1b}");
    }

    #[test]
    fn reads_well() {
        insta::assert_snapshot!(super::human(&tests::plan()), @r"
        ferry.storyboard.yaml
          done       done     5 s
          changed    old      5 s  4 units, $0.56  (changed: prompt)
          unknown    lost     5 s
          failed     bad      5 s
          new        fresh    5 s  2.5 units, $0.35
          new        fresh    5 s
        2 clips to buy: 10 s, 6.5 units, $0.91. Estimated by Kling's list prices for image-to-video (2026-10-08); what the service charges may differ.
        ");
        insta::assert_snapshot!(super::human(&Plan::default()), @"Nothing to buy.");
    }
}
