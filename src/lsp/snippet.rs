//! The text that a completion inserts: a field with room for its value, or several lines at once.

use serde_json::Value;

use super::form::Form;
use crate::text::Format;

/// How something is written at one place.
#[derive(Clone, Copy, Debug)]
pub struct Hand {
    /// YAML or TOML.
    pub format: Format,
    /// Whether the collection around it is in brackets.
    pub is_inline: bool,
    /// How many columns further lines begin behind the first one's line.
    pub indent: usize,
    /// Whether the client knows places to fill in.
    pub takes_places: bool,
}

impl Hand {
    /// A field with room for its value.
    pub fn field(self, name: &str, form: Form) -> String {
        let is_list = form.is("array") && !form.is("number");
        let is_group = form.is("object") && !form.is("string");
        let has_words = form.choices().iter().any(|choice| choice.value.is_string());
        let text = match (self.format, self.is_inline) {
            (Format::Yaml, false) if is_list => format!("{name}:\n  - $0"),
            (Format::Yaml, false) if is_group => format!("{name}:\n  $0"),
            (Format::Yaml, _) if is_list => format!("{name}: [$0]"),
            (Format::Yaml, _) if is_group => format!("{name}: {{ $0 }}"),
            (Format::Yaml, _) => format!("{name}: $0"),
            (Format::Toml, _) if is_list => format!("{name} = [$0]"),
            (Format::Toml, _) if is_group => format!("{name} = {{ $0 }}"),
            (Format::Toml, _) if has_words || form.is("string") && !form.is("integer") => format!("{name} = \"$0\""),
            (Format::Toml, _) => format!("{name} = $0"),
        };
        self.placed(&text)
    }

    /// A snippet's body.
    pub fn body(self, body: &Value) -> String {
        let text = match (body, self.format, self.is_inline) {
            (Value::Object(_), Format::Yaml, false) => yaml(body, 0),
            (Value::Object(fields), Format::Toml, false) => fields
                .iter()
                .map(|(name, value)| format!("{name} = {}", inline(value, Format::Toml)))
                .collect::<Vec<_>>()
                .join("\n"),
            _ => inline(body, self.format),
        };
        self.placed(&text)
    }

    /// Further lines moved to where the first one begins; without places to fill in, where the client knows none.
    fn placed(self, text: &str) -> String {
        let text = text.replace('\n', &format!("\n{}", " ".repeat(self.indent)));
        if self.takes_places { text } else { without_places(&text) }
    }
}

/// A body as YAML in lines, `depth` columns in. The first line has no indent: it begins where the cursor is.
fn yaml(value: &Value, depth: usize) -> String {
    let indent = " ".repeat(depth);
    match value {
        Value::Object(fields) => {
            let field = |(name, value): (&String, &Value)| match value {
                Value::Array(items) if items.iter().any(Value::is_object) => {
                    let item = |item| format!("\n{indent}  - {}", yaml(item, depth + 4));
                    format!("{name}:{}", items.iter().map(item).collect::<String>())
                }
                value => format!("{name}: {}", inline(value, Format::Yaml)),
            };
            fields.iter().map(field).collect::<Vec<_>>().join(&format!("\n{indent}"))
        }
        value => inline(value, Format::Yaml),
    }
}

fn inline(value: &Value, format: Format) -> String {
    let sign = if format == Format::Yaml { ": " } else { " = " };
    match value {
        Value::Object(fields) => {
            let fields = fields.iter().map(|(name, value)| format!("{name}{sign}{}", inline(value, format)));
            format!("{{ {} }}", fields.collect::<Vec<_>>().join(", "))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(|item| inline(item, format)).collect::<Vec<_>>().join(", "))
        }
        // A place whose text is a number is a number.
        Value::String(text) if format == Format::Toml && without_places(text).parse::<f64>().is_err() => {
            format!("\"{text}\"")
        }
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A text with what its places suggest: `${1:a}` is `a`, `${1|a,b|}` is `a`, and `$0` is nothing.
fn without_places(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match rest.strip_prefix('{').and_then(|inner| inner.split_once('}')) {
            Some((place, behind)) => {
                let suggested = place.trim_start_matches(|c: char| c.is_ascii_digit()).trim_matches(['|', ':']);
                out.push_str(suggested.split(',').next().filter(|_| place.contains('|')).unwrap_or(suggested));
                rest = behind;
            }
            None => rest = rest.trim_start_matches(|c: char| c.is_ascii_digit()),
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const YAML: Hand = Hand { format: Format::Yaml, is_inline: false, indent: 2, takes_places: true };

    #[test]
    fn a_body_is_written_as_a_writer_would() {
        let body = json!({ "id": "${1:a}", "cuts": [{ "duration": "${2:5}", "prompt": "${3:Close.}" }] });
        assert_eq!(YAML.body(&body), "id: ${1:a}\n  cuts:\n    - duration: ${2:5}\n      prompt: ${3:Close.}");
        let toml = Hand { format: Format::Toml, indent: 0, ..YAML };
        assert_eq!(toml.body(&body), "id = \"${1:a}\"\ncuts = [{ duration = ${2:5}, prompt = \"${3:Close.}\" }]");
        let plain = Hand { takes_places: false, indent: 0, ..YAML };
        assert_eq!(plain.body(&json!({ "preset": "${1|up,down|}", "id": "${1:a}" })), "preset: up\nid: a");
        assert_eq!(without_places("name: $0"), "name: ");
    }
}
