//! curl commands, as API pages and terminals have them.

use std::iter::Peekable;
use std::str::CharIndices;

use super::call::Call;
use super::node::Node;

/// The requests of all curl commands in a text.
pub(super) fn calls(text: &str) -> Vec<Call> {
    let mut calls = Vec::new();
    let mut line = 1;
    let mut rest = text;
    while let Some(at) = command(rest) {
        line += newlines(&rest[..at]);
        let (words, length) = Shell::new(&rest[at..]).words();
        calls.extend(call(&words, line));
        line += newlines(&rest[at..at + length]);
        rest = &rest[at + length..];
    }
    calls
}

/// Whether a text has a curl command in it.
pub(super) fn is_curl(text: &str) -> bool {
    command(text).is_some()
}

/// Where the next command begins: the word `curl` at the start of a line, or behind a prompt or another command.
fn command(text: &str) -> Option<usize> {
    text.match_indices("curl").map(|(at, _)| at).find(|&at| {
        let before = text[..at].trim_end_matches([' ', '\t']);
        let begins = before.is_empty() || before.ends_with(['\n', '$', '|', ';', '&', '(', '>', '`']);
        let after = &text[at + 4..];
        begins && (after.starts_with([' ', '\t', '\\', '^', '`']) || after.starts_with(".exe"))
    })
}

fn newlines(text: &str) -> usize {
    text.bytes().filter(|byte| *byte == b'\n').count()
}

/// A word of a command and the line, from 0, on which it begins.
type Word = (usize, String);

fn call(words: &[Word], line: usize) -> Option<Call> {
    let mut call = Call { line, ..Call::default() };
    let mut data: Option<Word> = None;
    let mut words = words.iter().skip(1);
    while let Some((at, word)) = words.next() {
        let (flag, glued) = match word.split_once('=') {
            Some((flag, value)) if flag.starts_with("--") => (flag, Some(value.to_owned())),
            _ => (word.as_str(), None),
        };
        let (flag, glued) = match flag {
            short if short.len() > 2 && (short.starts_with("-d") || short.starts_with("-H")) => {
                (&short[..2], Some(short[2..].to_owned()))
            }
            flag => (flag, glued),
        };
        let mut value = || glued.clone().map(|value| (*at, value)).or_else(|| words.next().cloned());
        match flag {
            "-d" | "--data" | "--data-raw" | "--data-binary" | "--data-ascii" | "--json" => data = value().or(data),
            "-H" | "--header" => {
                let header = value()?.1;
                call.headers.push(header.split(':').next().unwrap_or_default().trim().to_owned());
            }
            "-u" | "--user" | "--oauth2-bearer" => {
                value();
                call.headers.push("Authorization".into());
            }
            "--url" => call.url = value().map(|(_, url)| url),
            "-X" | "--request" | "-o" | "--output" | "-b" | "--cookie" | "-A" | "--user-agent" | "-m"
            | "--max-time" => {
                value();
            }
            url if url.contains("://") => call.url = Some(url.to_owned()),
            HEREDOC => data = value().or(data),
            _ => {}
        }
    }
    let (at, body) = data?;
    call.body = Some(Node::text(line + at, body));
    Some(call)
}

/// The word before the text of a here-document.
const HEREDOC: &str = "<<";

/// The words of one command of a shell, as far as a curl command needs it: quotes of sh, of cmd and `$'…'`, lines that go on,
/// here-documents.
struct Shell<'t> {
    text: &'t str,
    chars: Peekable<CharIndices<'t>>,
    line: usize,
    words: Vec<Word>,
}

impl<'t> Shell<'t> {
    fn new(text: &'t str) -> Self {
        Self { text, chars: text.char_indices().peekable(), line: 0, words: Vec::new() }
    }

    /// The command's words, and where it ends.
    fn words(mut self) -> (Vec<Word>, usize) {
        let mut word: Option<Word> = None;
        let mut end = self.text.len();
        while let Some((at, c)) = self.chars.next() {
            let line = self.line;
            match c {
                // The line goes on: `\` in sh, `^` in cmd, a backtick in PowerShell.
                '\\' | '^' | '`' if self.line_ends() => {}
                '\'' => {
                    let text = self.until('\'', false);
                    begun(&mut word, line).push_str(&text);
                }
                '"' => {
                    let text = self.until('"', true);
                    begun(&mut word, line).push_str(&text);
                }
                '$' if word.is_none() && self.chars.peek().is_some_and(|(_, next)| *next == '\'') => {
                    self.chars.next();
                    let text = self.until('\'', true);
                    begun(&mut word, line).push_str(&text);
                }
                '\\' | '^' => {
                    if let Some((_, next)) = self.chars.next() {
                        begun(&mut word, line).push(next);
                    }
                }
                '<' if word.is_none() && self.text[at..].starts_with("<<") => {
                    if let Some(document) = self.here_document(at) {
                        self.words.push((line, HEREDOC.into()));
                        self.words.push(document);
                    }
                }
                '\n' | ';' | '|' | '&' | ')' => {
                    end = at;
                    break;
                }
                c if c.is_whitespace() => self.words.extend(word.take()),
                c => begun(&mut word, line).push(c),
            }
        }
        self.words.extend(word);
        (self.words, end)
    }

    /// Whether nothing but a line end follows; it is passed over.
    fn line_ends(&mut self) -> bool {
        let mut ahead = self.chars.clone();
        loop {
            match ahead.next() {
                Some((_, '\n')) => {
                    self.chars = ahead;
                    self.line += 1;
                    return true;
                }
                Some((_, ' ' | '\t' | '\r')) => {}
                _ => return false,
            }
        }
    }

    /// The text up to a closing quote. In double quotes a backslash makes the next character mean itself.
    fn until(&mut self, quote: char, escapes: bool) -> String {
        let mut text = String::new();
        while let Some((_, c)) = self.chars.next() {
            match c {
                '\n' => {
                    self.line += 1;
                    text.push(c);
                }
                '\\' if escapes => match self.chars.next() {
                    Some((_, next @ ('"' | '\\' | '\'' | '$' | '`'))) => text.push(next),
                    Some((_, '\n')) => self.line += 1,
                    Some((_, next)) => text.extend(['\\', next]),
                    None => {}
                },
                // A quote in a text in quotes, as sh writes it: `'\''`.
                c if c == quote => return text,
                c => text.push(c),
            }
        }
        text
    }

    /// The text of a here-document, `<<EOF … EOF`, whose mark is at `at`.
    fn here_document(&mut self, at: usize) -> Option<Word> {
        let head = self.text[at + 2..].lines().next()?;
        let mark = head.trim_start_matches('-').split_whitespace().next()?.trim_matches(['\'', '"']);
        let start = at + 2 + head.len() + 1;
        let line = self.line + 1;
        let mut length = 0;
        let mut lines = 0;
        for text in self.text.get(start..)?.split_inclusive('\n') {
            if text.trim() == mark {
                break;
            }
            length += text.len();
            lines += 1;
        }
        let body = self.text[start..start + length].to_owned();
        while self.chars.peek().is_some_and(|(place, _)| *place < start + length) {
            self.chars.next();
        }
        self.line += lines + 1;
        Some((line, body))
    }
}

/// The word that is being read, begun on `line` if it is not yet.
fn begun(word: &mut Option<Word>, line: usize) -> &mut String {
    &mut word.get_or_insert((line, String::new())).1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> String {
        let calls = calls(text);
        assert_eq!(calls.len(), 1, "{text}");
        calls[0].body.as_ref().and_then(Node::as_str).expect("a body").to_owned()
    }

    #[test]
    fn the_body_is_found_however_the_shell_quotes_it() {
        let right = "{\"prompt\": \"It's $5\"}";
        for command in [
            "curl -d '{\"prompt\": \"It'\\''s $5\"}' https://a.example",
            "curl -X POST https://a.example \\\n  --data \"{\\\"prompt\\\": \\\"It's \\$5\\\"}\"",
            "$ curl --json=\"{\\\"prompt\\\": \\\"It's $5\\\"}\" https://a.example | jq .",
            "curl https://a.example --data-raw $'{\"prompt\": \"It\\'s $5\"}'",
            "curl ^\n -d \"{\\\"prompt\\\": \\\"It's $5\\\"}\" https://a.example",
        ] {
            assert_eq!(body(command), right, "{command}");
        }
        let here = "# one\ncurl https://a.example -d @- <<'EOF'\n{\"a\":\n1}\nEOF\necho done\n";
        assert_eq!(body(here), "{\"a\":\n1}\n");
        assert_eq!(calls(here)[0].body.as_ref().unwrap().line, 3);
    }

    #[test]
    fn headers_and_address_are_known_by_name() {
        let calls = calls(
            "curl -H 'Authorization: Bearer x' -u a:b --url https://a.example/x -d '{}'\ncurl https://b.example\n",
        );
        assert_eq!(calls.len(), 1);
        assert_eq!(calls[0].headers, ["Authorization", "Authorization"]);
        assert_eq!(calls[0].url.as_deref(), Some("https://a.example/x"));
    }
}
