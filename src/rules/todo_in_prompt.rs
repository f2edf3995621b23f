use crate::diagnostic::{Code, Finding};
use crate::language::Text;

use super::Context;

const NOTES: &[&str] = &["TODO", "FIXME", "XXX", "TBD"];

pub(super) fn check(_: &Context, text: &Text, out: &mut Vec<Finding>) {
    for note in NOTES {
        let words = text.value.match_indices(note).filter(|(start, _)| is_word(&text.value, *start, note.len()));
        for (start, _) in words {
            let message = format!("`{note}` would be sent to Kling as part of the prompt");
            let finding = Finding::new(Code::TodoInPrompt, text.part(start..start + note.len()), message);
            out.push(finding.help("finish the text, or put the remark into `notes`, which is never sent"));
        }
    }
}

fn is_word(text: &str, start: usize, length: usize) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    !text[..start].ends_with(is_letter) && !text[start + length..].starts_with(is_letter)
}
