//! The form of a file: by its content first, then by its name.

use super::{curl, edl, fountain, http};

/// A form that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Json,
    /// Cells between this byte.
    Table(u8),
    Markdown,
    Yaml,
    Toml,
    Curl,
    Http,
    Fountain,
    FinalDraft,
    Edl,
    /// Some program's text, in which JSON may stand.
    Code,
}

/// The form of a file called `name` that holds `text`.
pub(super) fn of(name: &str, text: &str) -> Form {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).unwrap_or_default();
    let begins = text.trim_start();
    let named = match &*extension {
        "csv" => Some(Form::Table(delimiter(text))),
        "tsv" | "tab" => Some(Form::Table(b'\t')),
        "md" | "markdown" | "mdx" => Some(Form::Markdown),
        "yaml" | "yml" => Some(Form::Yaml),
        "toml" => Some(Form::Toml),
        "fountain" | "spmd" => Some(Form::Fountain),
        "fdx" => Some(Form::FinalDraft),
        "edl" => Some(Form::Edl),
        "otio" => Some(Form::Json),
        "http" | "rest" | "hurl" => Some(Form::Http),
        _ => None,
    };
    // Calls and JSON are known wherever they stand: an example is often saved under another name.
    match named {
        Some(form) => form,
        None if begins.starts_with(['{', '[']) && !is_hurl_section(begins) => Form::Json,
        None if edl::is_edl(begins) => Form::Edl,
        None if curl::is_curl(text) => Form::Curl,
        None if begins.starts_with("<?xml") || begins.starts_with("<FinalDraft") => Form::FinalDraft,
        None if begins.contains("\n```") || begins.starts_with("```") || is_markdown_table(text) => Form::Markdown,
        None if http::is_http(text) => Form::Http,
        None if matches!(&*extension, "json" | "jsonl" | "ndjson" | "jsonc" | "json5" | "har") => Form::Json,
        None if begins.starts_with("//") || begins.starts_with("/*") => json_or_code(&extension),
        None if fountain::is_script(text) => Form::Fountain,
        None if is_yaml(text) => Form::Yaml,
        None if text.contains('{') => Form::Code,
        None if text.lines().next().is_some_and(|line| line.contains('\t')) => Form::Table(b'\t'),
        None if text.lines().next().is_some_and(|line| line.contains([',', ';'])) => Form::Table(delimiter(text)),
        None => Form::Json,
    }
}

fn json_or_code(extension: &str) -> Form {
    if matches!(extension, "" | "txt") { Form::Json } else { Form::Code }
}

fn is_hurl_section(text: &str) -> bool {
    text.lines()
        .next()
        .is_some_and(|line| line.trim_end().ends_with(']') && line.contains(|c: char| c.is_ascii_uppercase()))
        && http::is_http(text)
}

fn is_markdown_table(text: &str) -> bool {
    text.lines().map(str::trim).any(|line| {
        line.contains("--") && line.contains('|') && line.bytes().all(|byte| matches!(byte, b'|' | b'-' | b':' | b' '))
    })
}

fn is_yaml(text: &str) -> bool {
    text.lines().any(|line| {
        let key = line.split(':').next().unwrap_or_default();
        line.contains(':') && ["shots", "scenes", "clips", "- id", "- shot", "- prompt"].contains(&key)
    })
}

/// The one of comma, semicolon and tab that the first line has most of.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let count = |delimiter: &u8| first.bytes().filter(|byte| byte == delimiter).count();
    *[b',', b';', b'\t'].iter().rev().max_by_key(|delimiter| count(delimiter)).unwrap_or(&b',')
}
