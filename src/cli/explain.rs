use std::io::{self, Write};

use clap::Args;
use clap::builder::StringValueParser;

use super::Exit;
use super::failure::Failure;
use super::ui::Ui;
use super::values::{Format, Offering, codes};
use clapboard::diagnostic::Code;
use clapboard::kling::{Facts, Feature};
use clapboard::models;
use clapboard::report::Terminal;
use clapboard::rules::{Example, RULES, Rule, RuleDocument, url};
use clapboard::text::near::nearest;

/// Explain a rule, search the rules for a word, or list all of them
///
/// What a rule checks, why it matters, a wrong and a right example, and where the rule comes from.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  clapboard explain                          all rules, by subject
  clapboard explain last-frame-unsupported   one rule
  clapboard explain voice                    the rules about a word")]
pub struct Explain {
    /// A rule's code, as in `error[code]`, or a word to search for
    #[arg(value_name = "CODE|WORD", value_parser = Offering { parser: StringValueParser::new(), values: codes }, hide_possible_values = true)]
    code: Option<String>,
    /// Output format
    #[arg(long, value_enum, default_value = "human", help_heading = "Output")]
    format: Format,
}

impl Explain {
    pub fn run(&self, ui: &Ui) -> Result<Exit, Failure> {
        let terminal = ui.out_terminal();
        let mut out = Vec::new();
        match self.code.as_deref().map(|name| (name, Code::parse(&name.to_lowercase()))) {
            None => self.list(&mut out, &terminal, RULES.iter().collect())?,
            Some((_, Some(code))) => self.one(&mut out, &terminal, Rule::of(code))?,
            Some((word, None)) => self.list(&mut out, &terminal, search(word)?)?,
        }
        ui.print(&String::from_utf8_lossy(&out))?;
        Ok(Exit::Done)
    }

    fn one(&self, out: &mut impl Write, terminal: &Terminal, rule: &Rule) -> io::Result<()> {
        match self.format {
            Format::Human => {
                page(out, rule, terminal.color)?;
                facts(out, rule.code)
            }
            Format::Json => writeln!(out, "{:#}", json(rule)),
        }
    }

    fn list(&self, out: &mut impl Write, terminal: &Terminal, rules: Vec<&'static Rule>) -> io::Result<()> {
        match self.format {
            Format::Human => table(out, terminal, &rules),
            Format::Json => writeln!(out, "{:#}", rules.into_iter().map(json).collect::<serde_json::Value>()),
        }
    }
}

/// The rules whose code or whose text has the word.
fn search(word: &str) -> Result<Vec<&'static Rule>, Failure> {
    let wanted = word.to_lowercase();
    if is_model(&wanted) {
        let failure = Failure::cannot(format!("`{word}` is a model, not a rule"));
        return Err(failure.hint("clapboard models shows what each model can do and costs"));
    }
    let has_word = |rule: &&Rule| {
        let RuleDocument { summary, what, .. } = rule.document();
        rule.code.as_str().contains(&wanted) || [summary, what].iter().any(|text| text.to_lowercase().contains(&wanted))
    };
    let found: Vec<&Rule> = RULES.iter().filter(has_word).collect();
    if !found.is_empty() && !wanted.trim().is_empty() {
        return Ok(found);
    }
    let near = nearest(&wanted, Code::ALL.iter().map(|code| code.as_str()));
    Err(match near {
        Some(near) => Failure::cannot(format!("there is no rule `{word}`; did you mean `{near}`?")),
        None => Failure::cannot(format!("there is no rule `{word}`")).hint("clapboard explain lists all"),
    })
}

/// What the facts table has on a rule's subject, each line with its source.
fn facts(out: &mut impl Write, code: Code) -> io::Result<()> {
    let lines: Vec<String> =
        features(code).iter().flat_map(|feature| models::facts_about(Facts::kling(), *feature)).collect();
    if !lines.is_empty() {
        writeln!(out, "\nThe facts behind it (source, date, how sure)\n")?;
        lines.iter().try_for_each(|line| writeln!(out, "  {line}"))?;
    }
    Ok(())
}

/// The features that a rule holds against the facts table.
fn features(code: Code) -> &'static [Feature] {
    match code {
        Code::LastFrameUnsupported => &[Feature::LastFrame],
        Code::SoundWithLastFrame => &[Feature::SoundWithLastFrame],
        Code::SoundUnsupported => &[Feature::Sound],
        Code::VoiceUnsupported | Code::VoiceUndocumented => &[Feature::Voices],
        Code::MultiShotUnsupported => &[Feature::Cuts, Feature::AutoCuts],
        Code::CameraUnsupported => &[Feature::CameraAxes, Feature::CameraPresets],
        Code::BrushUnsupported => &[Feature::Brush],
        Code::CfgScaleUnsupported => &[Feature::CfgScale],
        Code::TooManyElements | Code::ElementsWithVoices => &[Feature::Elements],
        Code::NotOnTarget => Feature::ALL,
        _ => &[],
    }
}

/// Whether a word is a model's name, or would be one.
fn is_model(word: &str) -> bool {
    word.strip_prefix("kling").is_some_and(|rest| rest.contains(|character: char| character.is_ascii_digit()))
}

fn json(rule: &Rule) -> serde_json::Value {
    let RuleDocument { code, summary, what, why, wrong, right, source } = rule.document();
    let files = |examples: &[Example]| -> serde_json::Value {
        examples.iter().map(|example| serde_json::json!({ "info": example.info, "text": example.text })).collect()
    };
    serde_json::json!({
        "code": code.as_str(),
        "group": code.group(),
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

/// The rules by subject: code, severity, and what is wrong.
fn table(out: &mut impl Write, terminal: &Terminal, rules: &[&Rule]) -> io::Result<()> {
    let (bold, end) = if terminal.color { ("\x1b[1m", "\x1b[0m") } else { ("", "") };
    let longest = rules.iter().map(|rule| rule.code.as_str().len()).max().unwrap_or_default();
    let before = longest + 2 + "warning".len() + 2;
    let indent = " ".repeat(before);
    let mut group = None;
    for rule in rules {
        if group != Some(rule.code.group()) {
            let line = if group.is_some() { "\n" } else { "" };
            writeln!(out, "{line}{bold}{}{end}", rule.code.group())?;
            group = Some(rule.code.group());
        }
        let summary = rule.document().summary;
        let lines = textwrap::wrap(summary, terminal.width.saturating_sub(before).max(20));
        write!(out, "{:longest$}  {:7}  ", rule.code, rule.code.severity().as_str())?;
        writeln!(out, "{}", lines.join(&format!("\n{indent}")))?;
    }
    Ok(())
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
