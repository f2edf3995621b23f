//! TOML to the tree.

use clapboard::diagnostic::Code;
use clapboard::text::Format;
use serde_json::{Value, json};

use super::{places, values};

/// Every place is in the text; and what everybody's TOML reader takes or refuses is taken, with the same values, or refused.
pub fn holds(bytes: &[u8]) {
    let document = places::read(bytes, Format::Toml);
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let text = text.trim_start_matches('\u{feff}');
    let theirs: Result<::toml::Table, _> = ::toml::from_str(text);
    let is_readable =
        document.findings.iter().all(|finding| finding.code != Code::Syntax) && document.tree.duplicates.is_empty();
    match theirs {
        Ok(table) if is_readable => {
            let ours = values::of(&document).unwrap_or_else(|| json!({}));
            assert_eq!(ours, value(::toml::Value::Table(table)), "{text:?}");
        }
        Err(why) if is_readable => panic!("only we read it: {why}\n{text:?}"),
        _ => {}
    }
}

fn value(value_: ::toml::Value) -> Value {
    use ::toml::Value::*;
    match value_ {
        // Ours has one line end, whatever the file has.
        String(text) => json!(text.replace("\r\n", "\n")),
        Integer(number) => json!(number),
        Float(number) => values::number(number),
        Boolean(value) => json!(value),
        Datetime(_) => json!("a date"),
        Array(items) => items.into_iter().map(value).collect(),
        Table(pairs) => Value::Object(pairs.into_iter().map(|(key, item)| (key, value(item))).collect()),
    }
}
