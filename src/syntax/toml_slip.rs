//! Explains TOML syntax errors by the writer's most likely slip, in plain words. The parser's own text is never shown.

use std::sync::Arc;

use toml_parser::ParseError;

use super::limits::MAX_DEPTH;
use super::signs;
use crate::diagnostic::{Code, Finding};
use crate::text::shown;
use crate::text::{Place, Source, Span};

/// A syntax error.
pub(super) struct Slip {
    /// The finding to report.
    pub finding: Finding,
    /// Whether what follows was read as part of it.
    pub swallows_rest: bool,
}

/// The slips behind the parser's errors, in order of place: one a line, the first of a cascade.
pub(super) fn explain(source: &Arc<Source>, errors: &[ParseError]) -> Vec<Slip> {
    let mut slips: Vec<Slip> = errors.iter().map(|error| Fault::new(source, error).slip()).collect();
    slips.sort_by_key(|slip| (slip.finding.place.span.start(), !slip.swallows_rest));
    slips.dedup_by_key(|slip| source.line_index(slip.finding.place.span.start()));
    slips
}

/// Each description that the parser has, and who explains it. The parser is pinned, and a test holds the table against the
/// parser's own invalid files, so that a new description is noticed.
const EXPLAINED: &[(Explain, &[&str])] = &[
    (
        |fault| fault.sign_or(Fault::key_without_value),
        &["key with no value", "missing assignment between key-value pairs"],
    ),
    (|fault| fault.sign_or(Fault::bare_text), &["string values must be quoted"]),
    (|fault| fault.boolean(), &["invalid boolean"]),
    (|fault| fault.open_bracket(), &["unclosed array", "unclosed inline table"]),
    (|fault| fault.open_header(), &["unclosed table", "unclosed array table"]),
    (
        |fault| fault.string(),
        &[
            "invalid basic string",
            "invalid literal string",
            "invalid multi-line basic string",
            "invalid multi-line literal string",
        ],
    ),
    (|fault| fault.opening_quote(), &["missing opening quote"]),
    (|fault| fault.rest_of_line(), &["unexpected key or value", "unexpected content"]),
    (|fault| fault.depth(), &["cannot recurse further; max recursion depth met"]),
    (|fault| fault.leading_zero(), &["unexpected leading zero"]),
    (
        |fault| fault.number(),
        &[
            "invalid integer number",
            "invalid binary number",
            "invalid octal number",
            "invalid hexadecimal number",
            "invalid float",
            "invalid mantissa",
            "invalid fraction",
            "invalid exponent",
            "invalid date-time",
            "integers with a radix cannot be signed",
            "radix must be lowercase",
            "redundant integer number prefix",
            "redundant numeric sign",
            "unexpected sign",
            "`_` may only go between digits",
        ],
    ),
    (
        |fault| fault.sign_or(Fault::missing_comma),
        &[
            "missing comma between array elements",
            "missing comma between key-value pairs",
            "extra assignment between key-value pairs",
        ],
    ),
    (|fault| fault.second_comma(), &["extra comma in array", "extra comma in inline table"]),
    (
        |fault| fault.sign_or(Fault::name),
        &[
            "invalid unquoted key",
            "unquoted keys cannot be empty",
            "invalid key",
            "keys cannot be multi-line basic strings",
            "keys cannot be multi-line literal strings",
        ],
    ),
    (|fault| fault.escape(), &["missing escaped value", "too few unicode value digits", "invalid escape sequence"]),
    (
        |fault| fault.control_character(),
        &["invalid comment character", "unexpected content between comment and newline"],
    ),
    (|fault| fault.line_end(), &["carriage return must be followed by newline"]),
    (
        |fault| fault.sign_or(Fault::unreadable),
        &[
            "extra `=`",
            "unexpected `=` in array",
            "invalid value",
            "invalid key-value pair",
            "invalid inline table element",
            "missing key for inline table element",
            "missing value",
            "missing value for key",
            "missing table open",
        ],
    ),
];

/// Whether the table has this description.
#[cfg(test)]
pub(super) fn is_explained(description: &str) -> bool {
    EXPLAINED.iter().any(|(_, descriptions)| descriptions.contains(&description))
}

type Explain = fn(&Fault) -> Words;

/// The words of a finding.
struct Words {
    span: Span,
    message: String,
    help: String,
    swallows_rest: bool,
}

fn words(span: Span, message: impl Into<String>, help: impl Into<String>) -> Words {
    Words { span, message: message.into(), help: help.into(), swallows_rest: false }
}

/// An error of the parser, and where it is.
struct Fault<'s> {
    source: &'s Arc<Source>,
    description: &'s str,
    /// The construct that it is a part of.
    context: Span,
    unexpected: Span,
    line: Span,
}

impl<'s> Fault<'s> {
    fn new(source: &'s Arc<Source>, error: &'s ParseError) -> Self {
        let span = |span: toml_parser::Span| Span::new(span.start(), span.end());
        let context = error.context().or(error.unexpected()).map_or(Span::empty(0), span);
        let unexpected = error.unexpected().map_or(context, span);
        let line = source.line_around(unexpected.start());
        Self { source, description: error.description(), context, unexpected, line }
    }

    fn slip(&self) -> Slip {
        let explain = EXPLAINED.iter().find(|(_, descriptions)| descriptions.contains(&self.description));
        let words = explain.map_or_else(|| self.sign_or(Self::unreadable), |(explain, _)| explain(self));
        let place = Place { source: self.source.clone(), span: words.span };
        Slip {
            finding: Finding::new(Code::Syntax, place, words.message).help(words.help),
            swallows_rest: words.swallows_rest,
        }
    }

    fn text(&self, span: Span) -> &'s str {
        self.source.slice(span)
    }

    /// The character at `start`.
    fn one(&self, start: usize) -> Span {
        let start = start.min(self.source.text.len());
        let length = self.source.text[start..].chars().next().map_or(0, char::len_utf8);
        Span::at(start, length)
    }

    /// A sign of another language or of another keyboard, or else what `otherwise` says: not for what is wrong inside a text, where
    /// any sign may stand.
    fn sign_or(&self, otherwise: impl Fn(&Self) -> Words) -> Words {
        let sign = self.foreign_comment().or_else(|| self.foreign_operator()).or_else(|| self.odd_sign());
        sign.unwrap_or_else(|| otherwise(self))
    }

    fn foreign_comment(&self) -> Option<Words> {
        let line = line_text(self.source, self.line);
        let (mark, text) = signs::comment(self.text(line))?;
        let message = format!("`{mark}` does not begin a comment in TOML");
        Some(words(Span::at(line.start(), mark.len()), message, format!("write `# {}`", shown::words(text))))
    }

    fn foreign_operator(&self) -> Option<Words> {
        let line = line_text(self.source, self.line);
        let (name, rest) = self.text(line).split_once([' ', '\t']).filter(|(name, _)| is_name(name))?;
        let rest = rest.trim_start();
        let operator = OPERATORS.into_iter().find(|operator| rest.starts_with(operator))?;
        let message = format!("`{operator}` is not how TOML gives a field its value");
        let help = format!("write `{name} = {}`", shown::words(rest[operator.len()..].trim_start()));
        Some(words(Span::at(line.end() - rest.len(), operator.len()), message, help))
    }

    /// The first full-width sign or odd space of the line, before its first quote, or the one at which the parser stopped.
    fn odd_sign(&self) -> Option<Words> {
        let line = self.text(self.line);
        let head = line.split(['"', '\'']).next().unwrap_or_default();
        let at =
            head.find(|c: char| signs::plain(c).is_some() || signs::is_odd_space(c)).map(|at| self.line.start() + at);
        let place = self.one(at.unwrap_or(self.unexpected.start()));
        let sign = self.text(place).chars().next()?;
        let code = u32::from(sign);
        if signs::is_odd_space(sign) {
            let message = format!("{} (U+{code:04X}) is in this line", signs::space(sign).0);
            return Some(words(place, message, "delete it, or replace it with a plain space"));
        }
        // YAML's colon is `=` here.
        let plain = signs::plain(sign).map(|plain| if plain == ':' { '=' } else { plain })?;
        let message = format!("`{sign}` is a full-width character (U+{code:04X}), and TOML needs the plain `{plain}`");
        Some(words(place, message, format!("replace it with `{plain}`")))
    }

    fn key_without_value(&self) -> Words {
        let (span, text) = (line_text(self.source, self.line), self.text(self.line).trim());
        if text.starts_with("- ") {
            let help = "write `[[shots]]` on a line of its own for each shot, its fields below";
            return words(span, "`- ` begins a list item in YAML; this file is TOML", help);
        }
        if let Some(name) = text.strip_suffix(':').filter(|name| is_name(name)) {
            let message = format!("`{name}:` is how YAML begins a part; this file is TOML");
            return words(span, message, format!("write `[{name}]`, or `[[{name}]]` once for each of several"));
        }
        if let Some((before, after)) = text.split_once(':').filter(|(before, _)| !before.contains(' ')) {
            let message = format!("`{before}: …` is how YAML writes a field; this file is TOML");
            return words(span, message, format!("write `{before} = {}`", non_empty(after.trim())));
        }
        if let Some((name, _)) = text.split_once('=') {
            let message = format!("`{}` is not a field's name: it has a space in it", name.trim());
            return words(span, message, "names have `_` instead of spaces, as in `first_frame`");
        }
        let name = text.split([' ', ':', '=']).next().unwrap_or_default();
        words(span, format!("`{name}` has no `=` after it"), "a field is written `name = value`, text in quotes")
    }

    fn bare_text(&self) -> Words {
        let text = self.text(self.unexpected);
        let after = self.source.text[self.unexpected.end()..].trim_start_matches([' ', '\t']);
        match text {
            _ if text.trim().is_empty() => words(
                line_text(self.source, self.line),
                "there is nothing after the `=`",
                "write the value, or remove the line",
            ),
            "on" | "yes" => words(self.unexpected, needs_quotes(text), format!("write `\"{text}\"`, or `true`")),
            "off" | "no" => words(self.unexpected, needs_quotes(text), format!("write `\"{text}\"`, or `false`")),
            _ if after.starts_with('=') => words(self.unexpected, "a comma is missing in here", COMMAS),
            _ => self.text_without_quotes(),
        }
    }

    fn text_without_quotes(&self) -> Words {
        let text = self.text(self.unexpected);
        let digits = &text[..text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len()];
        if !digits.is_empty() {
            let message = format!("`{}` is not a number in TOML", shown::words(text));
            let help =
                format!("write `{digits}` alone; a comment begins with `#`, and text needs quotes: {}", quoted(text));
            return words(self.unexpected, message, help);
        }
        let before = self.text(Span::new(self.line.start(), self.unexpected.start())).trim();
        // Alone behind its name, the text goes on to the line's end, whatever the parser makes of it.
        let is_alone = before.strip_suffix('=').is_some_and(|name| is_name(name.trim_end()));
        let rest = self.text(Span::new(self.unexpected.start(), self.line.end().max(self.unexpected.end())));
        let rest = rest.split(" #").next().unwrap_or_default().trim_end();
        let span = if is_alone { Span::at(self.unexpected.start(), rest.len()) } else { self.unexpected };
        words(span, "text needs quotes in TOML", format!("write {}", quoted(self.text(span))))
    }

    /// The parser takes every bare word that begins with a `t` or an `f` for one.
    fn boolean(&self) -> Words {
        let text = self.text(self.unexpected);
        let small = text.to_lowercase();
        if !matches!(&*small, "true" | "false") {
            return self.text_without_quotes();
        }
        let message = format!("`{text}` is not known: TOML writes `true` and `false` in small letters");
        words(self.unexpected, message, format!("write `{small}`"))
    }

    fn open_bracket(&self) -> Words {
        let bracket = self.text(self.one(self.context.start()));
        let close = if bracket == "{" { "}" } else { "]" };
        let message = format!("the `{bracket}` that opens here is never closed");
        let words = words(self.one(self.context.start()), message, format!("add a `{close}` at its end"));
        Words { swallows_rest: true, ..words }
    }

    fn open_header(&self) -> Words {
        let brackets = if self.description == "unclosed table" { "]" } else { "]]" };
        words(self.context, format!("this header lacks its `{brackets}`"), format!("end the line with `{brackets}`"))
    }

    fn string(&self) -> Words {
        if !self.unexpected.is_empty() {
            return self.control_character();
        }
        let swallows_rest = self.description.contains("multi-line");
        let quote = self.text(self.one(self.context.start()));
        let quotes = if swallows_rest { quote.repeat(3) } else { quote.to_owned() };
        let start = self.context.start();
        let words = words(
            Span::at(start, quotes.len()),
            format!("the quote `{quotes}` that opens here is never closed"),
            format!("add `{quotes}` at the end of the text; text of several lines goes between {}", quote.repeat(3)),
        );
        Words { swallows_rest, ..words }
    }

    fn opening_quote(&self) -> Words {
        let text = self.text(self.context);
        words(self.context, "this text has no quote where it begins", format!("write {}", quoted(text)))
    }

    fn control_character(&self) -> Words {
        let span = self.one(self.unexpected.start());
        let character = self.text(span).chars().next().unwrap_or(' ');
        let message = format!("there is an invisible control character here (U+{:04X})", character as u32);
        words(span, message, "delete it; retyping the words around it does")
    }

    fn rest_of_line(&self) -> Words {
        let rest = self.unexpected.up_to(self.line.end().max(self.unexpected.end()));
        if let sign @ ("," | ";") = self.text(rest).trim() {
            return words(rest, format!("a line does not end with `{sign}` in TOML"), "remove it");
        }
        if self.text(self.line).trim_start().starts_with('[') {
            return words(
                rest,
                "the line goes on after its header",
                "write each field on a line of its own, below the header",
            );
        }
        words(
            rest,
            "the line goes on after its value",
            "one field a line; a quote inside \"…\" is written `\\\"`, or put the text in '…' quotes",
        )
    }

    fn depth(&self) -> Words {
        let message = format!("this is nested more than {MAX_DEPTH} levels deep");
        words(self.one(self.unexpected.start()), message, "a storyboard needs five or six levels; write it flatter")
    }

    fn leading_zero(&self) -> Words {
        let text = self.text(self.context);
        let message = format!("`{text}` begins with a zero, which a number in TOML cannot");
        words(self.context, message, format!("put it in quotes if it is a name: {}", quoted(text)))
    }

    fn number(&self) -> Words {
        let text = self.text(self.context);
        let kind = if self.description == "invalid date-time" { "a date or a number" } else { "a number" };
        let help = format!("write a number, as in `5` or `0.5`; text needs quotes: {}", quoted(text));
        words(self.context, format!("`{}` is not {kind} in TOML", shown::words(text)), help)
    }

    fn missing_comma(&self) -> Words {
        words(self.one(self.unexpected.start()), "a comma is missing before this", COMMAS)
    }

    fn second_comma(&self) -> Words {
        words(self.one(self.unexpected.start()), "there is one comma too many here", "remove it")
    }

    fn name(&self) -> Words {
        let span = if self.unexpected.is_empty() { line_text(self.source, self.line) } else { self.unexpected };
        words(
            span,
            "this cannot be in the name of a field",
            "names have letters, digits, `_` and `-`; any other name goes in quotes",
        )
    }

    fn escape(&self) -> Words {
        let start = self.unexpected.start();
        let backslash = self.source.text[..start].rfind('\\').unwrap_or(start);
        words(
            self.one(backslash.max(self.context.start())),
            "inside \"…\" a `\\` begins a special character, and this is not one that TOML knows",
            "write paths with `/`, a backslash as `\\\\`, or put the text in '…' quotes, where `\\` means itself",
        )
    }

    fn line_end(&self) -> Words {
        words(
            self.unexpected,
            "this line ends in a way that TOML does not know (a carriage return alone)",
            "save the file with ordinary line ends",
        )
    }

    fn unreadable(&self) -> Words {
        let span = if self.unexpected.is_empty() { line_text(self.source, self.line) } else { self.unexpected };
        let help = "a line is `name = value`, a header `[name]` or `[[name]]`; text goes in quotes";
        words(span, "this cannot be read as TOML", help)
    }
}

/// What gives a name its value in other languages.
const OPERATORS: [&str; 4] = ["->", "=>", ":=", "=="];

const COMMAS: &str = "separate what is inside `{ … }` and `[ … ]` by commas";

fn needs_quotes(text: &str) -> String {
    format!("`{text}` needs quotes in TOML")
}

/// Whether a text is a name that needs no quotes, dots between its parts.
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

fn non_empty(text: &str) -> &str {
    if text.is_empty() { "…" } else { text }
}

fn line_text(source: &Source, line: Span) -> Span {
    let text = source.slice(line);
    let start = line.start() + text.len() - text.trim_start().len();
    Span::at(start, text.trim().len())
}

/// `text` as a quoted TOML string, shortened for a message.
fn quoted(text: &str) -> String {
    let mut short: String = text.chars().take(60).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    let bare = short.trim_matches(['“', '”', '„', '"', '\'']);
    format!("`\"{}\"`", bare.replace('\\', "\\\\").replace('"', "\\\""))
}
