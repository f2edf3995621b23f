//! Text to bodies: one object, a list of them, or JSON Lines; bare, or as `compile` prints them.

use std::cell::Cell;
use std::collections::HashSet;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::api::legacy::BODY_FIELDS;
use crate::text::shown::shorten;

/// A request body.
#[derive(Debug, Clone)]
pub struct Body {
    /// The file that it was read from.
    pub file: Arc<str>,
    /// The line on which it begins, from 1.
    pub line: usize,
    /// The name that it came with: its shot's id, or that of a file with no other body in it.
    pub name: Option<String>,
    /// Whether an earlier body has the same name.
    pub is_namesake: bool,
    /// Whether the name is the file's.
    pub is_file_name: bool,
    /// Its fields with the lines on which they stand, in the order written; of a doubled one the last, as JSON readers do.
    pub fields: IndexMap<String, (usize, Value)>,
}

/// Why a text is no request body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

/// Reads the request bodies of a file. `stem` is the file's name without folder and extension.
///
/// # Errors
/// The text is not JSON, or what it holds are not request bodies.
pub fn bodies(file: &str, stem: &str, text: &str, earlier: &[Body]) -> Result<Vec<Body>, Fault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let reader = Reader { file, text, name: file.into(), counted: Cell::new((0, 1)) };
    let mut bodies = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter::<&RawValue>() {
        let value = value.map_err(|error| reader.fault(0, &error))?;
        if value.get().starts_with('[') {
            let items: Vec<&RawValue> =
                serde_json::from_str(value.get()).map_err(|error| reader.fault(reader.offset(value), &error))?;
            for item in items {
                bodies.push(reader.body(item)?);
            }
        } else {
            bodies.push(reader.body(value)?);
        }
    }
    if bodies.is_empty() {
        return Err(reader.fault_at(0, "there is no request body in it".into()));
    }
    if let [only] = &mut bodies[..]
        && only.name.is_none()
    {
        only.name = Some(stem.to_owned());
        only.is_file_name = true;
    }
    let mut names: HashSet<String> = earlier.iter().filter_map(|body| body.name.clone()).collect();
    for body in &mut bodies {
        body.is_namesake = body.name.as_ref().is_some_and(|name| !names.insert(name.clone()));
    }
    Ok(bodies)
}

struct Reader<'t> {
    file: &'t str,
    text: &'t str,
    name: Arc<str>,
    /// An offset and its line.
    counted: Cell<(usize, usize)>,
}

impl<'t> Reader<'t> {
    /// Where a part of the text begins.
    fn offset(&self, part: &RawValue) -> usize {
        part.get().as_ptr() as usize - self.text.as_ptr() as usize
    }

    /// The line of an offset, counted on from the last one asked for: bodies with pictures in them are long.
    fn line(&self, offset: usize) -> usize {
        let (mut from, mut line) = self.counted.get();
        if offset < from {
            (from, line) = (0, 1);
        }
        line += self.text.as_bytes()[from..offset].iter().filter(|byte| **byte == b'\n').count();
        self.counted.set((offset, line));
        line
    }

    fn body(&self, value: &'t RawValue) -> Result<Body, Fault> {
        let fields = self.object(value, "a request body")?;
        let is_bare = fields.keys().any(|name| BODY_FIELDS.iter().any(|(field, _)| *field == &**name));
        match fields.get("body").filter(|body| !is_bare && body.get().starts_with('{')) {
            None => self.fields(value, fields, None),
            Some(&body) => {
                let shot = match fields.get("shot") {
                    None => None,
                    Some(shot) => match self.value(shot)? {
                        Value::String(shot) if !shot.is_empty() => Some(shot),
                        Value::Number(number) => Some(number.to_string()),
                        _ => None,
                    },
                };
                self.fields(body, self.object(body, "a request body")?, shot)
            }
        }
    }

    fn fields(
        &self,
        place: &RawValue,
        fields: IndexMap<String, &'t RawValue>,
        name: Option<String>,
    ) -> Result<Body, Fault> {
        let mut body = Body {
            file: self.name.clone(),
            line: self.line(self.offset(place)),
            name,
            is_namesake: false,
            is_file_name: false,
            fields: IndexMap::new(),
        };
        for (name, value) in fields {
            let line = self.line(self.offset(value));
            body.fields.insert(name, (line, self.value(value)?));
        }
        Ok(body)
    }

    fn object(&self, value: &'t RawValue, what: &str) -> Result<IndexMap<String, &'t RawValue>, Fault> {
        let at = self.offset(value);
        let found = match value.get().as_bytes().first() {
            Some(b'{') => return serde_json::from_str(value.get()).map_err(|error| self.fault(at, &error)),
            Some(b'[') => "a list",
            Some(b'"') => "a text",
            Some(b't' | b'f') => "true or false",
            Some(b'n') => "null",
            _ => "a number",
        };
        Err(self.fault_at(at, format!("here stands {found}, not {what} `{{…}}`")))
    }

    fn value(&self, value: &RawValue) -> Result<Value, Fault> {
        serde_json::from_str(value.get()).map_err(|error| self.fault(self.offset(value), &error))
    }

    fn fault_at(&self, offset: usize, message: String) -> Fault {
        let start = self.text[..offset].rfind('\n').map_or(0, |at| at + 1);
        let column = self.text[start..offset].chars().count() + 1;
        Fault { file: self.file.to_owned(), line: self.line(offset), column, message }
    }

    /// An error in the part of the text that begins at `offset`.
    fn fault(&self, offset: usize, error: &serde_json::Error) -> Fault {
        let lines_before = error.line().saturating_sub(1);
        let part = &self.text[offset..];
        let line_start = part.split_inclusive('\n').take(lines_before).map(str::len).sum::<usize>();
        // Its column counts bytes, and may lie one past the end.
        let mut at = (offset + line_start + error.column().saturating_sub(1)).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let is_after_comma = self.text[..at].trim_end().ends_with(',') && self.text[at..].starts_with(['}', ']']);
        let message = if is_after_comma { TRAILING_COMMA.into() } else { plain(error) };
        self.fault_at(at, message)
    }
}

const TRAILING_COMMA: &str = "a comma stands before the closing bracket: remove it";

/// What is wrong with a JSON text, in plain words.
fn plain(error: &serde_json::Error) -> String {
    const PLAIN: &[(&str, &str)] = &[
        ("trailing comma", TRAILING_COMMA),
        ("key must be a string", "a field's name must stand in double quotes"),
        ("expected `:`", "a colon is missing after the field's name"),
        ("expected `,` or `]`", "a comma or the closing `]` is missing"),
        ("expected `,` or `}`", "a comma or the closing `}` is missing"),
        ("control character", "a line break or tab stands inside a text: write it as \\n or \\t"),
        ("expected value", "a value is missing here; texts stand in double quotes"),
        ("expected ident", "a value is missing here; texts stand in double quotes"),
        ("invalid escape", "there is no such escape: a backslash in a text is written \\\\"),
        ("surrogate", "half of a character (\\ud800 to \\udfff) stands here without its other half"),
        ("unexpected end of hex escape", "half of a character (\\ud800 to \\udfff) stands here without its other half"),
        ("invalid number", "this number is not one that JSON knows"),
        ("number out of range", "this number is too large"),
        ("recursion limit", "fields lie in fields too deep"),
        ("trailing characters", "something stands after the closing bracket"),
    ];
    if error.is_eof() {
        return "the JSON ends too early: a closing bracket or quote is missing".into();
    }
    let text = error.to_string();
    match PLAIN.iter().find(|(words, _)| text.contains(words)) {
        Some((_, plain)) => (*plain).into(),
        None => shorten(text.split(" at line ").next().unwrap_or(&text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Body>, Fault> {
        bodies("a.json", "a", text, &[])
    }

    #[test]
    fn one_body_a_list_and_lines_are_the_same() {
        let bodies = read("{\"mode\":\"std\"}").unwrap();
        assert_eq!((bodies.len(), bodies[0].name.as_deref()), (1, Some("a")));
        for text in ["[{\"mode\":\"std\"},\n{\"mode\":\n\"pro\"}]", "{\"mode\":\"std\"}\n{\"mode\":\n\"pro\"}\n"] {
            let bodies = read(text).unwrap();
            assert_eq!(bodies.iter().map(|body| body.line).collect::<Vec<_>>(), [1, 2]);
            assert_eq!(bodies[1].fields["mode"], (3, Value::from("pro")));
            assert_eq!(bodies[1].name, None);
        }
    }

    #[test]
    fn what_compile_prints_keeps_its_shots() {
        let bodies = read(r#"[{"storyboard":"f.yaml","shot":"x-1","body":{"mode":"std"}}]"#).unwrap();
        assert_eq!(bodies[0].name.as_deref(), Some("x-1"));
        assert_eq!(bodies[0].fields.len(), 1);
    }

    #[test]
    fn faults_have_their_place_in_plain_words() {
        for (text, line, column, words) in [
            ("", 1, 1, "no request body"),
            ("{\n  \"a\": 1,\n}", 3, 1, "comma stands before"),
            ("[{\"a\": [1,]}]", 1, 11, "comma stands before"),
            ("{\n  'a': 1}", 2, 3, "double quotes"),
            ("[{}, 5]", 1, 6, "a number, not a request body"),
            ("[{\"é\": tru}]", 1, 11, "value is missing"),
            ("{\"a\": \"\\ud800\"}", 1, 14, "half of a character"),
            ("{\"a\": {", 1, 7, "ends too early"),
        ] {
            let fault = read(text).unwrap_err();
            assert!(fault.message.contains(words), "{text}: {fault:?}");
            assert_eq!((fault.line, fault.column), (line, column), "{text}: {fault:?}");
        }
    }
}
