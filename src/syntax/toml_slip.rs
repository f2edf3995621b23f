//! What a writer most likely did where TOML cannot be read, in the writer's words. The parser's own text is never shown.

use std::sync::Arc;

use toml_parser::ParseError;

use super::limits::MAX_DEPTH;
use crate::diagnostic::{Code, Finding};
use crate::text::Place;
use crate::text::{Source, Span};

/// A syntax error.
pub(super) struct Slip {
    /// What is told.
    pub finding: Finding,
    /// Whether what follows was read as part of it.
    pub swallows_rest: bool,
}

/// The slips behind the parser's errors, in order of place: one a line, the first of a cascade.
pub(super) fn explain(source: &Arc<Source>, errors: &[ParseError]) -> Vec<Slip> {
    let mut slips: Vec<Slip> = errors.iter().map(|error| slip(source, error)).collect();
    slips.sort_by_key(|slip| (slip.finding.place.span.start, !slip.swallows_rest));
    slips.dedup_by_key(|slip| source.line_index(slip.finding.place.span.start as usize));
    slips
}

fn slip(source: &Arc<Source>, error: &ParseError) -> Slip {
    let context =
        error.context().or(error.unexpected()).map_or(Span::empty(0), |span| Span::new(span.start(), span.end()));
    let unexpected = error.unexpected().map_or(context, |span| Span::new(span.start(), span.end()));
    let line = source.line_span(source.line_index(unexpected.start as usize));
    let text = source.slice(line).trim();
    let one = |start: u32| {
        let start = start as usize;
        let length = source.text[start..].chars().next().map_or(0, char::len_utf8);
        Span::new(start, start + length)
    };
    let mut swallows_rest = false;
    let (span, message, help): (Span, String, String) = match error.description() {
        "key with no value" => key_without_value(source, line, text),
        "string values must be quoted" if source.slice(unexpected).trim().is_empty() => (
            line_text(source, line),
            "there is nothing after the `=`".into(),
            "write the value, or remove the line".into(),
        ),
        "string values must be quoted" => {
            let words = source.slice(unexpected);
            match words {
                "on" | "off" | "yes" | "no" => (
                    unexpected,
                    format!("`{words}` needs quotes in TOML"),
                    format!(
                        "write `\"{words}\"`, or `{}`",
                        if matches!(words, "on" | "yes") { "true" } else { "false" }
                    ),
                ),
                _ if source.text[unexpected.end as usize..].trim_start_matches([' ', '\t']).starts_with('=') => (
                    unexpected,
                    "a comma is missing in here".into(),
                    "separate what stands inside `{ … }` and `[ … ]` by commas".into(),
                ),
                _ => (unexpected, "text needs quotes in TOML".into(), format!("write {}", quoted(words))),
            }
        }
        // The parser takes every bare word that begins with a `t` or an `f` for one.
        "invalid boolean" if !matches!(&*source.slice(unexpected).to_lowercase(), "true" | "false") => {
            (unexpected, "text needs quotes in TOML".into(), format!("write {}", quoted(source.slice(unexpected))))
        }
        "invalid boolean" => (
            unexpected,
            format!("`{}` is not known: TOML writes `true` and `false` in small letters", source.slice(unexpected)),
            format!("write `{}`", source.slice(unexpected).to_lowercase()),
        ),
        "unclosed array" | "unclosed inline table" => {
            swallows_rest = true;
            let bracket = source.slice(one(context.start));
            let close = if bracket == "{" { "}" } else { "]" };
            (
                one(context.start),
                format!("the `{bracket}` that opens here is never closed"),
                format!("add a `{close}` at its end"),
            )
        }
        "unclosed table" | "unclosed array table" => {
            let brackets = if error.description() == "unclosed table" { "]" } else { "]]" };
            (context, format!("this header lacks its `{brackets}`"), format!("end the line with `{brackets}`"))
        }
        "invalid basic string"
        | "invalid literal string"
        | "invalid multi-line basic string"
        | "invalid multi-line literal string"
            if unexpected.is_empty() =>
        {
            swallows_rest = error.description().contains("multi-line");
            let quote = source.slice(one(context.start));
            let quotes = if swallows_rest { quote.repeat(3) } else { quote.to_owned() };
            (
                Span::new(context.start as usize, context.start as usize + quotes.len()),
                format!("the quote `{quotes}` that opens here is never closed"),
                format!(
                    "add `{quotes}` at the end of the text; text of several lines stands between {}",
                    quote.repeat(3)
                ),
            )
        }
        "invalid basic string"
        | "invalid literal string"
        | "invalid multi-line basic string"
        | "invalid multi-line literal string" => {
            let character = source.slice(one(unexpected.start)).chars().next().unwrap_or(' ');
            (
                one(unexpected.start),
                format!("there is an invisible control character here (U+{:04X})", character as u32),
                "delete it; retyping the words around it does".into(),
            )
        }
        "unexpected key or value" => (
            Span::new(unexpected.start as usize, (line.end as usize).max(unexpected.end as usize)),
            "the line goes on after its value".into(),
            "one field a line; a quote inside \"…\" is written `\\\"`, or put the text in '…' quotes".into(),
        ),
        "cannot recurse further; max recursion depth met" => (
            one(unexpected.start),
            format!("this is nested more than {MAX_DEPTH} levels deep"),
            "a storyboard needs five or six levels; write it flatter".into(),
        ),
        "unexpected leading zero" => (
            context,
            format!("`{}` begins with a zero, which a number in TOML cannot", source.slice(context)),
            format!("put it in quotes if it is a name: {}", quoted(source.slice(context))),
        ),
        description if description.contains("missing comma") || description.contains("extra assignment") => (
            one(unexpected.start.min(source.text.len() as u32)),
            "a comma is missing before this".into(),
            "separate what stands inside `{ … }` and `[ … ]` by commas".into(),
        ),
        description if description.contains("escape") || description.contains("unicode") => {
            let backslash = source.text[..unexpected.start as usize].rfind('\\').unwrap_or(unexpected.start as usize);
            (
                one(backslash.max(context.start as usize) as u32),
                "inside \"…\" a `\\` begins a special character, and this is none that TOML knows".into(),
                "write paths with `/`, a backslash as `\\\\`, or put the text in '…' quotes, where `\\` means itself"
                    .into(),
            )
        }
        description if description.contains("carriage return") => (
            unexpected,
            "this line ends in a way that TOML does not know (a carriage return alone)".into(),
            "save the file with ordinary line ends".into(),
        ),
        _ => (
            if unexpected.is_empty() { line_text(source, line) } else { unexpected },
            "this cannot be read as TOML".into(),
            "a line is `name = value`, a header `[name]` or `[[name]]`; text stands in quotes".into(),
        ),
    };
    let place = Place { source: source.clone(), span };
    Slip { finding: Finding::new(Code::Syntax, place, message).help(help), swallows_rest }
}

fn key_without_value(source: &Source, line: Span, text: &str) -> (Span, String, String) {
    let span = line_text(source, line);
    let name = text.split([' ', ':', '=']).next().unwrap_or_default();
    if text.starts_with("- ") {
        return (
            span,
            "`- ` begins a list item in YAML; this file is TOML".into(),
            "write `[[shots]]` on a line of its own for each shot, its fields below".into(),
        );
    }
    if let Some((before, after)) = text.split_once(':')
        && !before.contains(' ')
    {
        return (
            span,
            format!("`{before}: …` is how YAML writes a field; this file is TOML"),
            format!("write `{before} = {}`", if after.trim().is_empty() { "…" } else { after.trim() }),
        );
    }
    if text.contains('=') {
        return (
            span,
            format!(
                "`{}` is no name of a field: it has a space in it",
                text.split('=').next().unwrap_or_default().trim()
            ),
            "names have `_` instead of spaces, as in `first_frame`".into(),
        );
    }
    (span, format!("`{name}` has no `=` after it"), "a field is written `name = value`, text in quotes".into())
}

fn line_text(source: &Source, line: Span) -> Span {
    let text = source.slice(line);
    let start = line.start as usize + text.len() - text.trim_start().len();
    Span::new(start, start + text.trim().len())
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
