//! Explains YAML syntax errors by the writer's most likely slip, in plain words. The parser's own text is never shown.

use std::sync::Arc;

use granit_parser::{ErrorKind, ScanError};

use super::limits::MAX_DEPTH;
use super::{signs, yaml_mask};
use crate::diagnostic::{Code, Finding};
use crate::text::shown;
use crate::text::{Place, Source, Span};

/// A syntax error with the place that caused it, which may lie well before the place where the parser gave up.
pub(super) struct Slip {
    /// The finding to report.
    pub finding: Finding,
    /// The byte whose list item is to be left out so that the rest can be read.
    pub culprit: usize,
    /// Whether all the rest of the file was swallowed, so that reading on would only mislead.
    pub swallows_rest: bool,
}

/// Explains why the parser stopped at byte `at`; `last` is the last thing that it understood.
pub(super) fn explain(source: &Arc<Source>, text: &str, error: &ScanError, at: usize, last: Span) -> Slip {
    let scene = Scene { source, text, at, last };
    if let Some(slip) = scene.invisible_mark() {
        return slip;
    }
    match error.kind() {
        ErrorKind::MappingValueNotAllowed => scene.stray_colon(),
        ErrorKind::UnexpectedCharacter { character } if character.is_control() => scene.control_character(*character),
        ErrorKind::UnexpectedCharacter { character } => scene.special_start(*character),
        ErrorKind::InvalidBlockScalarHeader
        | ErrorKind::MissingAnchorOrAliasName
        | ErrorKind::UndeclaredTagHandle
        | ErrorKind::InvalidTagTerminator
        | ErrorKind::MissingTagUri
        | ErrorKind::ExpectedTagBang
        | ErrorKind::InvalidTagEscape
        | ErrorKind::UnclosedVerbatimTag => scene.special_start(scene.value_start_char()),
        ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::BlockSequenceEntryNotAllowed => scene.broken_block(),
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            scene.text_after_quote()
        }
        ErrorKind::UnclosedQuotedScalar
        | ErrorKind::DocumentIndicatorInQuotedScalar
        | ErrorKind::InvalidQuotedScalarIndent => scene.open_quote(scene.quote_start()),
        ErrorKind::TabInPlainScalar
        | ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart => scene.tab(),
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => scene.no_colon(),
        ErrorKind::ExpectedFlowMappingSeparator
        | ErrorKind::ExpectedFlowSequenceSeparator
        | ErrorKind::InvalidColonPlacement
        | ErrorKind::UnexpectedEofFlowMapping
        | ErrorKind::UnexpectedEofFlowSequence
        | ErrorKind::UnexpectedEofImplicitFlowMapping
        | ErrorKind::UnclosedFlowCollection { .. }
        | ErrorKind::MismatchedFlowCollectionEnd { .. }
        | ErrorKind::InvalidFlowScalarIndent
        | ErrorKind::BlockEntryInFlowCollection => scene.broken_flow(),
        ErrorKind::MisplacedFlowCollectionEnd => scene.slip(
            Span::new(at, scene.char_end(at)),
            format!("this `{}` closes nothing", scene.char_at(at)),
            "remove it, or put the whole text in quotes",
        ),
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate
        | ErrorKind::InvalidUnicodeEscape => scene.bad_escape(),
        ErrorKind::RecursionLimitExceeded => scene.slip(
            Span::empty(at),
            format!("this is nested more than {MAX_DEPTH} levels deep"),
            "a storyboard needs five or six levels; write it flatter",
        ),
        ErrorKind::CommentInterceptedScalar | ErrorKind::CommentNotSeparated => scene.slip(
            scene.line_text(at),
            "a comment breaks this text in two".into(),
            "move the comment to a line of its own, above the text",
        ),
        ErrorKind::InvalidIndentation | ErrorKind::InvalidBlockScalarIndent => scene.bad_indent(),
        _ => scene.slip(
            scene.line_text(at),
            "this line cannot be read as YAML".into(),
            "check its indentation, its quotes and its colons; text with unusual characters is safest in quotes",
        ),
    }
}

/// `*name` where no `&name` came before.
pub(super) fn unknown_alias(source: &Arc<Source>, name: &str, at: Span) -> Finding {
    let line = source.line_around(at.start());
    let rest = source.text[at.start()..line.end().max(at.end())].trim_end();
    let finding = Finding::new(
        Code::Syntax,
        Place { source: source.clone(), span: at },
        format!(
            "text that begins with `*` repeats something named before, and nothing is named `&{}`",
            shown::words(name)
        ),
    );
    finding.help(format!(
        "if it is meant as text, put it in quotes: {}; else write `&{}` before the value that it repeats",
        quoted(rest),
        shown::words(name)
    ))
}

/// `text` as a quoted YAML scalar, shortened for a message, in the quotes that it needs the fewest escapes in.
fn quoted(text: &str) -> String {
    let short = shown::words(text);
    match short.contains('"') && !short.contains('\'') {
        true => format!("`'{short}'`"),
        false => format!("`\"{}\"`", short.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

/// Whether what is between the outer quotes closes one quotation and opens another: `Wait," she says, "for me.`
fn is_two_quotations(inside: &str, quote: char) -> bool {
    let Some((before, after)) = inside.split_once(quote) else { return false };
    let closes = !before.ends_with(char::is_whitespace) && after.starts_with(char::is_whitespace);
    closes && inside.matches(quote).count().is_multiple_of(2)
}

struct Scene<'s> {
    source: &'s Arc<Source>,
    text: &'s str,
    at: usize,
    last: Span,
}

impl Scene<'_> {
    fn slip(&self, span: Span, message: String, help: impl Into<String>) -> Slip {
        let place = Place { source: self.source.clone(), span };
        Slip {
            culprit: span.start(),
            finding: Finding::new(Code::Syntax, place, message).help(help),
            swallows_rest: false,
        }
    }

    /// A byte order mark or another invisible sign on the line where the parser stopped: two files glued together, or copied text.
    fn invisible_mark(&self) -> Option<Slip> {
        let line = self.line(self.at);
        let start = line.start().max(self.source.mark_len());
        let at = start + self.text.get(start..line.end())?.find(signs::is_invisible)?;
        let sign = self.char_at(at);
        Some(self.slip(
            Span::new(at, self.char_end(at)),
            format!("{} (U+{:04X}) is in this line", signs::space(sign).0, sign as u32),
            "delete it: put the cursor behind it and press Backspace, or type the line again",
        ))
    }

    fn char_at(&self, at: usize) -> char {
        self.text.get(at..).and_then(|rest| rest.chars().next()).unwrap_or(' ')
    }

    fn char_end(&self, at: usize) -> usize {
        (at + self.char_at(at).len_utf8()).min(self.text.len())
    }

    fn line(&self, at: usize) -> Span {
        self.source.line_around(at)
    }

    /// The line around `at` without its indentation.
    fn line_text(&self, at: usize) -> Span {
        let line = self.line(at);
        let text = self.source.slice(line);
        let start = line.start() + text.len() - text.trim_start().len();
        Span::new(start, (start + text.trim().len()).max(start))
    }

    /// Where the value on the line around `at` begins: after `- ` and after `name: `.
    fn value_start(&self, at: usize) -> usize {
        let line = self.line_text(at);
        let text = self.source.slice(line);
        let mut start = line.start();
        let mut rest = text;
        while let Some(item) = rest.strip_prefix("- ") {
            start += rest.len() - item.trim_start().len();
            rest = item.trim_start();
        }
        if let Some(colon) = rest.find(": ") {
            let value = rest[colon + 1..].trim_start();
            start += rest.len() - value.len();
        }
        start
    }

    fn value_start_char(&self) -> char {
        self.char_at(self.value_start(self.at))
    }

    /// The value on the line around `at`, up to a comment or the line's end.
    fn value(&self, at: usize) -> Span {
        let start = self.value_start(at);
        let end = self.line(at).end();
        let text = &self.text[start..end.max(start)];
        let text = text.find(" #").map_or(text, |comment| &text[..comment]);
        Span::at(start, text.trim_end().len())
    }

    fn quote_help(&self, at: usize) -> String {
        format!("put the text in quotes: {}", quoted(self.source.slice(self.value(at))))
    }

    /// A `:` that YAML does not expect.
    fn stray_colon(&self) -> Slip {
        // What the parser read last is the text before the colon.
        let begin = self.last.start().min(self.at);
        let first_line = self.line_text(begin);
        if self.source.line_index(begin) == self.source.line_index(self.at) {
            return self.slip(
                Span::new(self.at, self.char_end(self.at)),
                "a `: ` inside text that is not in quotes: YAML takes what is before it for the name of a field".into(),
                self.quote_help(self.at),
            );
        }
        // The text before the colon runs over several lines, so the first of them was not a field.
        let words = self.source.slice(Span::new(begin, first_line.end().max(begin)));
        if let Some(slip) = self.not_a_field(Span::at(begin, words.len()), words) {
            return slip;
        }
        let above = self.source.slice(first_line);
        if let Some(slip) = self.foreign_sign(first_line, above) {
            return slip;
        }
        if above.starts_with('-')
            && !above.starts_with("- ")
            && let Some(slip) = self.not_a_field(first_line, above)
        {
            return slip;
        }
        let line = self.line_text(self.at);
        if begin - self.line(begin).start() == line.start() - self.line(self.at).start() {
            return self.not_a_pair(Span::at(begin, words.trim_end().len()));
        }
        self.slip(
            line,
            "this line is indented deeper than the field above it, so YAML takes it for more of that field's text"
                .into(),
            "fields of the same shot begin in the same column: line it up with the field above",
        )
    }

    /// A line that begins with a sign of another language: its comment, its list item, its colon.
    fn foreign_sign(&self, span: Span, words: &str) -> Option<Slip> {
        let sign = |at: usize, length: usize| Span::at(span.start() + at, length);
        if let Some((mark, text)) = signs::comment(words) {
            let message = format!("`{mark}` does not begin a comment in YAML");
            return Some(self.slip(sign(0, mark.len()), message, format!("write `# {}`", shown::words(text))));
        }
        if let Some((marker, item)) = yaml_mask::list_marker(words) {
            let message = format!("a list item begins with `- `, not with `{marker}`");
            return Some(self.slip(sign(0, marker.len()), message, format!("write `- {}`", shown::words(item))));
        }
        let (before, after) = words.split_once('：')?;
        let message = "`：` is a full-width character (U+FF1A), and YAML needs the plain `:`";
        let name = before.trim_start_matches("- ");
        let is_name = !name.is_empty() && !name.contains(char::is_whitespace);
        let pair = format!("{name}: {}", after.trim());
        let help = format!("write `{}`", shown::words(pair.trim_end()));
        is_name.then(|| self.slip(sign(before.len(), '：'.len_utf8()), message.into(), help))
    }

    /// `name:value`, `name = value`, `-item`: nearly a field.
    fn not_a_field(&self, span: Span, words: &str) -> Option<Slip> {
        if let Some(slip) = self.foreign_sign(span, words) {
            return Some(slip);
        }
        let name = words.trim_start_matches('-').split([':', '=', ' ']).next().unwrap_or_default();
        if words.starts_with('-') && !words.starts_with("- ") && words.len() > 1 {
            return Some(self.slip(
                span,
                "there is no space after the `-`".into(),
                format!("write `- {}`", shown::words(words.trim_start_matches('-'))),
            ));
        }
        if words.contains(" = ") && !name.is_empty() {
            return Some(self.slip(
                span,
                format!("`{} = …` is how TOML writes a field; this file is YAML", shown::words(name)),
                format!("write `{}: …`, or name the file `.toml` if all of it is TOML", shown::words(name)),
            ));
        }
        let (before, after) = words.split_once(':')?;
        // The colon of an address is none of ours.
        if before.is_empty() || before.contains([' ', '"', '\'']) || after.is_empty() || after.starts_with([' ', '/']) {
            return None;
        }
        let space = self.char_at(span.start() + before.len() + 1);
        let message = match signs::is_odd_space(space) {
            true => format!(
                "the `:` is followed by {} (U+{:04X}), not by a plain space",
                signs::space(space).0,
                space as u32
            ),
            false => "there is no space after the `:`".into(),
        };
        let value = after.trim_start_matches(|c: char| c.is_whitespace() || signs::is_odd_space(c));
        Some(self.slip(span, message, format!("write `{}: {}`", shown::words(before), shown::words(value))))
    }

    fn control_character(&self, character: char) -> Slip {
        self.slip(
            Span::new(self.at, self.char_end(self.at)),
            format!("there is an invisible control character here (U+{:04X})", character as u32),
            "delete it; retyping the words around it does",
        )
    }

    fn special_start(&self, character: char) -> Slip {
        let value = self.value(self.at);
        let line = self.line_text(self.at);
        if let Some(slip) = self.foreign_sign(line, self.source.slice(line)) {
            return slip;
        }
        let shown = if character == '`' { "a backtick".to_owned() } else { format!("`{character}`") };
        self.slip(value, format!("text cannot begin with {shown} unless it is in quotes"), self.quote_help(self.at))
    }

    fn broken_block(&self) -> Slip {
        let value = self.value(self.at);
        let first = self.char_at(value.start());
        if let Some(rest) = self.after_bracket(value) {
            return self.slip(
                rest,
                "the line goes on after its closing bracket".into(),
                format!("remove this, or begin a comment with `#`; if all of it is text, {}", self.quote_help(self.at)),
            );
        }
        if value.start() < self.at && matches!(first, '{' | '[' | '*' | '&' | '!' | '"' | '\'') {
            return self.special_start(first);
        }
        if self.char_at(self.at) == '-' {
            let line = self.line_text(self.at);
            if let Some(slip) = self.not_a_field(line, self.source.slice(line)) {
                return slip;
            }
        }
        self.bad_indent()
    }

    /// What follows a value in brackets that ends before byte `at`, unless it is words: then all of the line is text.
    fn after_bracket(&self, value: Span) -> Option<Span> {
        let text = self.text.get(value.start()..self.at)?.trim_end();
        let is_closed = text.starts_with(['[', '{']) && text.ends_with([']', '}']);
        let rest = Span::new(self.at, value.end().max(self.at));
        let is_text = self.source.slice(rest).starts_with(char::is_alphanumeric);
        (is_closed && !rest.is_empty() && !is_text).then_some(rest)
    }

    fn bad_indent(&self) -> Slip {
        let line = self.line_text(self.at);
        if let Some(slip) = self.foreign_sign(line, self.source.slice(line)) {
            return slip;
        }
        if self.source.slice(line).starts_with("- ") {
            return self.slip(
                line,
                "there is a list item where YAML expects a field of the lines above".into(),
                "if it is a field, remove the `- `; in a list the first item begins with `- ` too, all in the same column",
            );
        }
        self.slip(
            line,
            "this line's indentation matches none of the lines above it".into(),
            "begin it in the same column as the other fields of the same shot, with spaces",
        )
    }

    fn tab(&self) -> Slip {
        // The parser may stop at the text above, of which it takes the line with the tab for a part.
        let first = self.source.line_index(self.at);
        let tab = (first..self.source.line_count()).take(3).find_map(|index| {
            let line = self.source.line_span(index);
            let text = self.source.slice(line);
            let blank = &text[..text.len() - text.trim_start().len()];
            blank.find('\t').map(|tab| line.start() + tab)
        });
        let tab = tab.unwrap_or(self.at);
        self.slip(
            Span::new(tab, self.char_end(tab)),
            "a tab is used for indentation, and YAML takes only spaces".into(),
            "replace it by spaces, two for each level",
        )
    }

    fn no_colon(&self) -> Slip {
        let span = self.line_text(self.at);
        let words = self.source.slice(span);
        self.not_a_field(span, words).unwrap_or_else(|| self.not_a_pair(span))
    }

    /// Words in the place of a field.
    fn not_a_pair(&self, span: Span) -> Slip {
        let words = self.source.slice(span);
        let shown = shown::words(words);
        let is_item = self.source.slice(self.line_text(span.start())).starts_with("- ");
        match is_item && !words.contains(char::is_whitespace) {
            true => self.slip(
                span,
                format!("`{shown}` has no field name before it"),
                format!("write `name: value`, such as `id: {shown}`"),
            ),
            false => self.slip(
                span,
                format!("`{shown}` is not a field: a `:` is missing after its name"),
                "write `name: value`; text that goes on from the line above is indented deeper than its field",
            ),
        }
    }

    /// Where the quoted text begins that the parser was reading.
    fn quote_start(&self) -> usize {
        let from = self.last.end().min(self.at);
        self.text[from..].find(['"', '\'']).map_or(self.at, |quote| from + quote)
    }

    fn text_after_quote(&self) -> Slip {
        let start = self.quote_start();
        if self.source.line_index(start) != self.source.line_index(self.at) {
            return self.open_quote(start);
        }
        // A `#` is text while a quote is open.
        let value = Span::new(start, self.line_text(self.at).end());
        let words = self.source.slice(value);
        let quote = self.char_at(start);
        let inside = words.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
        let inside = inside.filter(|inside| !is_two_quotations(inside, quote));
        let help = match inside {
            _ if self.is_in_flow(start) && quote == '\'' => "inside '…' an apostrophe is written twice: `''`".into(),
            _ if self.is_in_flow(start) => "inside \"…\" a quote is written `\\\"`".into(),
            // `'Close on $ada's hands.'`: the outer quotes are the file's, not the text's.
            Some(inside) => format!("write {}", quoted(inside)),
            // `"Wait," she says.`: the quotes are the text's own.
            None => format!("put all of it in quotes: {}", quoted(words)),
        };
        self.slip(
            Span::new(self.at, value.end().max(self.char_end(self.at))),
            "the text goes on after its closing quote".into(),
            help,
        )
    }

    /// Whether a bracket is open before byte `at` on its line.
    fn is_in_flow(&self, at: usize) -> bool {
        let line = self.line_text(at).start();
        let before = &self.text[line.min(at)..at];
        let count = |open: char, close: char| before.matches(open).count() > before.matches(close).count();
        count('{', '}') || count('[', ']')
    }

    fn open_quote(&self, start: usize) -> Slip {
        let quote = self.char_at(start);
        let mut slip = self.slip(
            Span::new(start, self.char_end(start)),
            format!("the quote `{quote}` that opens here is never closed"),
            format!(
                "add a `{quote}` at the end of the text; inside the text, {}",
                if quote == '"' { "write `\\\"` for a quote" } else { "write `''` for an apostrophe" }
            ),
        );
        slip.swallows_rest = true;
        slip
    }

    fn bad_escape(&self) -> Slip {
        let start = self.quote_start();
        let line_end = self.line(start).end();
        let quoted_text = &self.text[start..line_end.max(start)];
        let known = "0abtnvfre \"/\\N_LPxuU\t";
        let mut at = start;
        let mut characters = quoted_text.char_indices().peekable();
        while let Some((index, character)) = characters.next() {
            if character == '\\' {
                let Some((_, next)) = characters.next() else { break };
                let digits = match next {
                    'x' => 2,
                    'u' => 4,
                    'U' => 8,
                    _ => 0,
                };
                let hex = quoted_text[index + 1 + next.len_utf8()..]
                    .chars()
                    .take(digits)
                    .filter(char::is_ascii_hexdigit)
                    .count();
                if !known.contains(next) || hex < digits {
                    at = start + index;
                    break;
                }
            }
        }
        self.slip(
            Span::new(at, self.char_end(self.char_end(at))),
            "inside \"…\" a `\\` begins a special character, and this is none that YAML knows".into(),
            "write paths with `/`, a backslash as `\\\\`, or put the text in '…' quotes, where `\\` means itself",
        )
    }

    fn broken_flow(&self) -> Slip {
        if let Some(open) = self.unclosed_bracket() {
            let bracket = self.char_at(open);
            let close = if bracket == '{' { '}' } else { ']' };
            if self.at >= self.text.trim_end().len() || self.source.line_index(open) != self.source.line_index(self.at)
            {
                let mut slip = self.slip(
                    Span::new(open, self.char_end(open)),
                    format!("the `{bracket}` that opens here is never closed"),
                    format!("add a `{close}` at its end, or put the text in quotes if it was meant as text"),
                );
                slip.swallows_rest = self.at >= self.text.trim_end().len();
                return slip;
            }
        }
        let message = if self.char_at(self.at) == ':' {
            "a `:` where none can be: a comma is missing before this field, or the text before it needs quotes"
        } else {
            "inside `{ … }` and `[ … ]` a comma is missing here, or the text needs quotes"
        };
        self.slip(
            Span::new(self.at, self.char_end(self.at)),
            message.into(),
            "separate fields by commas, and put text that has a `:`, `,` or bracket in quotes",
        )
    }

    /// The nearest bracket before `at` that was opened and not closed.
    fn unclosed_bracket(&self) -> Option<usize> {
        let mut depth = 0;
        for (index, byte) in self.text.as_bytes()[..self.at.min(self.text.len())].iter().enumerate().rev().take(20_000)
        {
            match byte {
                b'}' | b']' => depth += 1,
                b'{' | b'[' if depth == 0 => return Some(index),
                b'{' | b'[' => depth -= 1,
                _ => {}
            }
        }
        None
    }
}
