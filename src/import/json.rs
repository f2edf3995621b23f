//! JSON as people have it: with comments and trailing commas, keys without quotes, one value or one after the other.

use std::cell::Cell;
use std::ops::Range;

use jsonc_parser::ast::{self, ObjectPropName};
use jsonc_parser::common::Ranged;
use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::{CollectOptions, ParseOptions, ParseStringErrorKind, parse_to_ast};
use serde_json::Number;

use super::Fault;
use super::node::{Data, Group, Node};

/// All values of a text, in order: one, or JSON Lines, or several that follow each other.
///
/// # Errors
/// The text is not JSON.
pub(super) fn values(file: &str, text: &str) -> Result<Vec<Node>, Fault> {
    let lines = Lines::new(text);
    let mut values = Vec::new();
    let mut at = 0;
    while let Some(range) = next_value(text, at) {
        at = range.end;
        values.push(parse(&lines, range.clone()).map_err(|(offset, message)| lines.fault(file, offset, message))?);
    }
    Ok(values)
}

/// The value that a text holds and nothing else; `None` where it is not JSON.
pub(super) fn value(text: &str) -> Option<Node> {
    parse(&Lines::new(text), 0..text.len()).ok()
}

/// The value that begins at `at`, which is on line `line`, with the place where it ends.
pub(super) fn value_at(text: &str, at: usize, line: usize) -> Option<(Node, usize)> {
    let range = next_value(text, at)?;
    let mut node = parse(&Lines::new(&text[range.clone()]), 0..range.len()).ok()?;
    node.shift(line - 1 + text[at..range.start].bytes().filter(|byte| *byte == b'\n').count());
    Some((node, range.end))
}

fn parse(lines: &Lines<'_>, range: Range<usize>) -> Result<Node, (usize, String)> {
    let options = ParseOptions {
        allow_comments: true,
        allow_loose_object_property_names: true,
        allow_trailing_commas: true,
        allow_single_quoted_strings: true,
        allow_missing_commas: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    let start = range.start;
    let parsed = parse_to_ast(&lines.text[range.clone()], &CollectOptions::default(), &options)
        .map_err(|error| plain(&error, &lines.text[range.clone()], start))?;
    let value = parsed.value.ok_or_else(|| (start, "there is no value here".to_owned()))?;
    node(lines, start, value)
}

fn node(lines: &Lines<'_>, start: usize, value: ast::Value<'_>) -> Result<Node, (usize, String)> {
    let at = start + value.range().start;
    let line = lines.line(at);
    let data = match value {
        ast::Value::NullKeyword(_) => Data::Null,
        ast::Value::BooleanLit(literal) => Data::Bool(literal.value),
        ast::Value::NumberLit(literal) => {
            number(literal.value).ok_or_else(|| (at, "this number is too large".to_owned()))?
        }
        ast::Value::StringLit(literal) => Data::Text(literal.value.into_owned()),
        ast::Value::Array(array) => {
            let items = array.elements.into_iter().map(|item| node(lines, start, item));
            Data::List(items.collect::<Result<_, _>>()?)
        }
        ast::Value::Object(object) => {
            // Of a doubled name the last counts, as with other readers of JSON.
            let mut fields = Group::with_capacity(object.properties.len());
            for property in object.properties {
                let name = match property.name {
                    ObjectPropName::String(name) => name.value.into_owned(),
                    ObjectPropName::Word(name) => name.value.to_owned(),
                };
                fields.insert(name, node(lines, start, property.value)?);
            }
            Data::Group(fields)
        }
    };
    Ok(Node { line, data })
}

/// A number of JSON; `None` where it has no finite value.
fn number(text: &str) -> Option<Data> {
    let is_whole = text.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit());
    if !is_whole {
        return Number::from_f64(text.parse().ok()?).map(Data::Number);
    }
    Some(match text.parse::<i64>() {
        // `-0` is a whole number only in writing.
        Ok(0) if text.starts_with('-') => Data::Number(Number::from_f64(-0.0)?),
        Ok(whole) => Data::Number(whole.into()),
        Err(_) => Data::Digits(text.to_owned()),
    })
}

/// Where the next value after `at` is, after white space, comments and commas. An unclosed one reaches to
/// the end.
fn next_value(text: &str, at: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let start = skip_blank(bytes, at);
    let first = *bytes.get(start)?;
    if !matches!(first, b'{' | b'[') {
        let is_quote = matches!(first, b'"' | b'\'');
        let end = if is_quote { skip_text(bytes, start) } else { start + word_length(&bytes[start..]) };
        return Some(start..end);
    }
    let mut depth = 0_usize;
    let mut at = start;
    while at < bytes.len() {
        match bytes[at] {
            b'"' | b'\'' => {
                at = skip_text(bytes, at);
                continue;
            }
            b'/' if matches!(bytes.get(at + 1), Some(b'/' | b'*')) => {
                at = skip_comment(bytes, at);
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(start..at);
        }
    }
    Some(start..bytes.len())
}

fn skip_blank(bytes: &[u8], mut at: usize) -> usize {
    loop {
        match bytes.get(at) {
            Some(b' ' | b'\t' | b'\r' | b'\n' | b',') => at += 1,
            Some(b'/') if matches!(bytes.get(at + 1), Some(b'/' | b'*')) => {
                let end = skip_comment(bytes, at);
                // A comment without an end may hide a value: reading stops there.
                if bytes[at + 1] == b'*' && !bytes[at + 2..end].ends_with(b"*/") {
                    return at;
                }
                at = end;
            }
            _ => return at,
        }
    }
}

/// A word that is not a bracket or a text; at least one byte, and never a part of a character.
fn word_length(bytes: &[u8]) -> usize {
    let ends = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b',' | b'{' | b'[');
    bytes.iter().skip(1).position(|byte| ends(*byte)).map_or(bytes.len(), |length| length + 1)
}

/// The place after a text that begins at `at`.
fn skip_text(bytes: &[u8], at: usize) -> usize {
    let quote = bytes[at];
    let mut at = at + 1;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            byte if byte == quote => return at + 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

/// The place after a comment that begins at `at`.
fn skip_comment(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at + 2..];
    let length = match bytes[at + 1] {
        b'/' => rest.iter().position(|byte| *byte == b'\n').map(|length| length + 1),
        _ => rest.windows(2).position(|pair| pair == b"*/").map(|length| length + 2),
    };
    length.map_or(bytes.len(), |length| at + 2 + length)
}

/// A text whose lines are counted on from the last place asked for: bodies with pictures in them are long.
pub(super) struct Lines<'t> {
    text: &'t str,
    counted: Cell<(usize, usize)>,
}

impl<'t> Lines<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, counted: Cell::new((0, 1)) }
    }

    /// The line of an offset, from 1.
    pub fn line(&self, offset: usize) -> usize {
        let (mut from, mut line) = self.counted.get();
        if offset < from {
            (from, line) = (0, 1);
        }
        line += self.text.as_bytes()[from..offset].iter().filter(|byte| **byte == b'\n').count();
        self.counted.set((offset, line));
        line
    }

    /// A fault at an offset.
    pub fn fault(&self, file: &str, offset: usize, message: impl Into<String>) -> Fault {
        let start = self.text[..offset].rfind('\n').map_or(0, |at| at + 1);
        let column = self.text[start..offset].chars().count() + 1;
        Fault { file: file.to_owned(), line: self.line(offset), column, message: message.into() }
    }
}

/// Where the parser stopped and why, in a writer's words.
fn plain(error: &ParseError, text: &str, start: usize) -> (usize, String) {
    use ParseErrorKind as Kind;
    // The range ends where reading stopped, except for what has no end: there the beginning is what one looks for.
    let at = text.floor_char_boundary(error.range().start);
    let (before, rest) = text.split_at(at);
    let message = match error.kind() {
        Kind::ExpectedComma => "a comma is missing here",
        Kind::ExpectedColonAfterObjectKey => "a colon is missing after the field's name",
        Kind::ExpectedObjectValue => "a value is missing here",
        Kind::UnexpectedComma => "there is nothing before this comma",
        Kind::UnexpectedTokenInObject if rest.starts_with(',') => "there is nothing before this comma",
        Kind::UnexpectedWord | Kind::UnexpectedToken | Kind::UnexpectedTokenInObject | Kind::UnexpectedColon => {
            "this is not a value: quotes around it, or a comma before it, are missing"
        }
        Kind::UnexpectedCloseBrace | Kind::UnexpectedCloseBracket if before.trim().is_empty() => {
            "this bracket closes nothing"
        }
        Kind::UnexpectedCloseBrace | Kind::UnexpectedCloseBracket => "a value is missing before this bracket",
        Kind::UnterminatedArray => "the JSON ends too early: the closing `]` is missing",
        Kind::UnterminatedObject => "the JSON ends too early: the closing `}` is missing",
        Kind::UnterminatedCommentBlock => "the comment has no end: `*/` is missing",
        Kind::NestingDepthExceeded => "fields are nested too deep",
        Kind::MultipleRootJsonValues => "there is something after the closing bracket",
        Kind::String(ParseStringErrorKind::UnterminatedStringLiteral) => {
            "the text that begins here has no end: the closing quote is missing"
        }
        Kind::String(ParseStringErrorKind::InvalidUnicodeEscapeSequence(_)) => {
            "half of a character (\\ud800 to \\udfff) is here without its other half"
        }
        Kind::String(_) => "there is no such escape: a backslash in text is written \\\\",
        _ => "JSON has no such number",
    };
    (start + at, message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Node>, Fault> {
        values("a.json", text)
    }

    #[test]
    fn one_value_a_list_and_lines() {
        assert_eq!(read("{\"mode\":\"std\"}").unwrap().len(), 1);
        let values = read("// mine\n{\"mode\":\"std\"}\n/* two */ {mode:\n'pro',}\n").unwrap();
        let modes: Vec<_> = values.iter().map(|value| (value.line, value.get("mode").unwrap().clone())).collect();
        assert_eq!(modes, [(2, Node::text(2, "std")), (3, Node::text(4, "pro"))]);
        assert_eq!(read("[{\"a\": 1}, // x\n{\"a\": 2}]").unwrap()[0].as_list().unwrap()[1].line, 2);
        assert!(read(" \n// nothing\n").unwrap().is_empty());
    }

    #[test]
    fn numbers_are_exact_or_kept_as_digits() {
        let data = |text: &str| read(text).unwrap()[0].get("n").unwrap().data.clone();
        assert_eq!(data("{\"n\": 829877809978941442}"), Data::Number(829877809978941442_i64.into()));
        assert_eq!(data("{\"n\": 9223372036854775808}"), Data::Digits("9223372036854775808".into()));
        assert_eq!(data("{\"n\": -9223372036854775809}"), Data::Digits("-9223372036854775809".into()));
        assert_eq!(data("{\"n\": 5.0}"), Data::Number(Number::from_f64(5.0).unwrap()));
        assert!(read("{\"n\": 1e400}").unwrap_err().message.contains("too large"));
    }

    #[test]
    fn faults_have_their_place_in_plain_words() {
        for (text, line, column, words) in [
            ("{\n  \"a\": 1\n \"b\": 2}", 2, 9, "comma is missing"),
            ("[{\"é\": tru}]", 1, 8, "not a value"),
            ("{\"a\": \"\\ud800\"}", 1, 8, "half of a character"),
            ("{\"a\": {", 1, 7, "ends too early"),
            ("{\"a\": ]}", 1, 7, "missing"),
            ("{\"a\": \"x}", 1, 7, "closing quote"),
            ("{\"a\" 1}", 1, 6, "colon"),
            ("{\"a\": 1,, \"b\": 2}", 1, 9, "nothing before this comma"),
            ("[1,, 2]", 1, 4, "nothing before this comma"),
            ("{\"a\": 1} ]", 1, 10, "closes nothing"),
            ("{\"a\": 1}\n/* {\"a\": 2}", 2, 1, "comment has no end"),
            ("/*/", 1, 1, "comment has no end"),
            ("{\"a\": 1} }", 1, 10, "closes nothing"),
        ] {
            let fault = read(text).unwrap_err();
            assert!(fault.message.contains(words), "{text}: {fault:?}");
            assert_eq!((fault.line, fault.column), (line, column), "{text}: {fault:?}");
        }
        let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(read(&deep).unwrap_err().message.contains("too deep"));
    }
}
