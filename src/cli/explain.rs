use std::io::{self, Write};

use clap::Args;

use super::{Exit, Global};
use clapboard::diagnostic::Code;
use clapboard::rules::{Example, RULES, Rule, RuleDocument, url};
use clapboard::text::near::nearest;

/// Explain a rule, or list all of them
///
/// What it checks, why it matters, a wrong and a right example, and where it comes from.
#[derive(Args, Debug)]
pub struct Explain {
    /// The code, as it stands in a diagnostic
    code: Option<String>,
    /// The form
    #[arg(long, value_enum, default_value = "human", help_heading = "Output")]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Human,
    /// For scripts
    Json,
}

impl Explain {
    pub fn run(&self, global: &Global) -> io::Result<Exit> {
        let stdout = io::stdout();
        let terminal = global.color.terminal(&stdout);
        let mut out = stdout.lock();
        let Some(name) = &self.code else {
            match self.format {
                Format::Human => table(&mut out, terminal.width)?,
                Format::Json => {
                    let all: serde_json::Value = RULES.iter().map(json).collect();
                    writeln!(out, "{}", serde_json::to_string_pretty(&all)?)?;
                }
            }
            return Ok(Exit::Done);
        };
        let Some(code) = Code::parse(name) else {
            let near = nearest(name, Code::ALL.iter().map(|code| code.as_str()));
            let help = near.map_or("`clapboard explain` lists all".into(), |near| format!("did you mean `{near}`?"));
            eprintln!("clapboard: there is no rule `{}`; {help}", clapboard::report::plain(name));
            return Ok(Exit::Failed);
        };
        match self.format {
            Format::Human => page(&mut out, Rule::of(code), terminal.color)?,
            Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&json(Rule::of(code)))?)?,
        }
        Ok(Exit::Done)
    }
}

fn json(rule: &Rule) -> serde_json::Value {
    let RuleDocument { code, summary, what, why, wrong, right, source } = rule.document();
    let files = |examples: &[Example]| -> serde_json::Value {
        examples.iter().map(|example| serde_json::json!({ "info": example.info, "text": example.text })).collect()
    };
    serde_json::json!({
        "code": code.as_str(),
        "severity": code.severity().as_str(),
        "can_be_silenced": code.can_be_silenced(),
        "fix": code.fix().map(|safety| safety.as_str()),
        "summary": summary,
        "what": what,
        "why": why,
        "wrong": files(&wrong),
        "right": files(&right),
        "source": source,
        "url": url(code),
    })
}

fn table(out: &mut impl Write, width: usize) -> io::Result<()> {
    let longest = Code::ALL.iter().map(|code| code.as_str().len()).max().unwrap_or_default();
    for rule in RULES {
        let summary = rule.document().summary;
        let room = width.saturating_sub(longest + 11).max(20);
        let mut lines = wrap(summary, room).into_iter();
        writeln!(
            out,
            "{:longest$}  {:7}  {}",
            rule.code,
            rule.code.severity().as_str(),
            lines.next().unwrap_or_default()
        )?;
        for line in lines {
            writeln!(out, "{:longest$}  {:7}  {line}", "", "")?;
        }
    }
    Ok(())
}

fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.last_mut().expect("there is one");
        if !last.is_empty() && last.chars().count() + 1 + word.chars().count() > width {
            lines.push(word.to_owned());
        } else {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(word);
        }
    }
    lines
}

/// A rule's document, its headings and examples set off.
fn page(out: &mut impl Write, rule: &Rule, color: bool) -> io::Result<()> {
    let (bold, dim, end) = if color { ("\x1b[1m", "\x1b[2m", "\x1b[0m") } else { ("", "", "") };
    let code = rule.code;
    let mut facts = vec![code.severity().as_str().to_owned()];
    if !code.can_be_silenced() {
        facts.push("cannot be silenced".into());
    }
    facts.extend(code.fix().map(|safety| format!("has a fix ({})", safety.as_str())));
    writeln!(out, "{bold}{code}{end}  {dim}{}{end}", facts.join(", "))?;
    let mut in_fence = false;
    for line in rule.markdown.trim_end().lines().skip(1) {
        if let Some(info) = line.strip_prefix("```") {
            in_fence = !in_fence;
            if let Some(name) = info.split_once("file=").map(|(_, name)| name) {
                writeln!(out, "    {dim}{name}:{end}")?;
            }
        } else if in_fence {
            writeln!(out, "    {line}")?;
        } else if let Some(title) = line.strip_prefix("## ") {
            writeln!(out, "{bold}{title}{end}")?;
        } else {
            writeln!(out, "{line}")?;
        }
    }
    Ok(())
}
