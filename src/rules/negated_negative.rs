use crate::clip::by_text;
use crate::diagnostic::{Code, Edit, Finding, Safety};
use crate::language::Text;
use crate::text::shown;

use super::Context;
use super::run::tag;

const NEGATIONS: &[&str] = &["no", "not", "without", "avoid", "don't", "don’t"];

pub(super) fn check(context: &Context, out: &mut Vec<Finding>) {
    // One in `defaults` is looked at once, however many shots it holds for.
    for (text, clips) in by_text(context.made(), |clip| clip.negative_prompt.value()) {
        let before = out.len();
        in_text(text, out);
        tag(&mut out[before..], &clips);
    }
}

fn in_text(text: &Text, out: &mut Vec<Finding>) {
    let mut at = 0;
    for part in text.value.split_inclusive([',', ';', '、', '，', '\n']) {
        let item = part.trim_end_matches([',', ';', '、', '，', '\n']).trim();
        let start = at + part.len() - part.trim_start().len();
        at += part.len();
        let word = item.split(char::is_whitespace).next().unwrap_or_default();
        if !NEGATIONS.iter().any(|negation| word.to_lowercase() == *negation) {
            continue;
        }
        let message = format!(
            "`{}` may ask for what it names: everything in a negative prompt is already avoided",
            shown::words(item)
        );
        let finding = Finding::new(Code::NegatedNegative, text.part(start..start + item.len()), message);
        let rest = item[word.len()..].trim_start();
        out.push(if rest.is_empty() {
            finding.help("say what must not appear, or remove it")
        } else {
            let dropped = text.part(start..start + item.len() - rest.len()).span;
            finding.help(format!("write `{}`", shown::words(rest))).fix(
                Safety::Unsafe,
                format!("remove `{word}`"),
                vec![Edit { span: dropped, text: String::new() }],
            )
        });
    }
}
