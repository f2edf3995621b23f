//! The one place that decides what is reported: how severe, silenced or not, once, and in which order.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use camino::Utf8PathBuf;

use super::allow::Used;
use super::levels::{Levels, severity};
use super::page::Page;
use crate::diagnostic::{Code, Diagnostic, Finding, Fix, Label, Report};
use crate::syntax::Document;
use crate::text::near::nearest;
use crate::text::{Place, Span, secret, shown};

/// Collects findings and pages, then judges them.
#[derive(Debug, Default)]
pub struct Sink {
    findings: Vec<Finding>,
    pages: Vec<JudgedPage>,
    by_path: HashMap<Utf8PathBuf, usize>,
}

#[derive(Debug)]
struct JudgedPage {
    page: Arc<Page>,
    /// Its allow comments that silenced something.
    used: Used,
    /// What the config of its project says about the rules.
    levels: Arc<Levels>,
    /// Values that must not be shown, in order.
    hidden: Vec<Span>,
}

impl Sink {
    /// Takes a page in, with what the config of its project says about the rules; a file that was taken in already counts once.
    pub fn page(&mut self, page: Arc<Page>, levels: Arc<Levels>) {
        let path = page.source.path.clone();
        if !self.by_path.contains_key(&path) {
            self.by_path.insert(path, self.pages.len());
            self.pages.push(JudgedPage { page, used: Used::default(), levels, hidden: Vec::new() });
        }
    }

    /// Takes in a file that many films share: a bible, or the config.
    pub fn bible(&mut self, document: &Document, levels: &Arc<Levels>) {
        if !self.by_path.contains_key(&document.source.path) {
            self.page(Page::new(document, true, document.tree.incomplete).into(), levels.clone());
        }
    }

    /// Takes findings in.
    pub fn findings(&mut self, findings: impl IntoIterator<Item = Finding>) {
        self.findings.extend(findings);
    }

    /// Decides what is reported. `files` are the names of the files that were checked.
    pub fn judge(mut self, flags: &Levels, files: Vec<String>) -> Report {
        for JudgedPage { page, .. } in &self.pages {
            for allow in page.allows.unknown() {
                self.findings.push(unknown_rule(page.place(allow.span), &allow.name));
            }
        }
        let mut findings = std::mem::take(&mut self.findings);
        let hidden = self.hide_secrets(&findings);
        findings = self.merge(findings);
        findings.retain(|finding| !self.silences(finding));
        findings.extend(self.unused_allows());
        let silent = Levels::default();
        let mut reported: Vec<Diagnostic> = Vec::with_capacity(findings.len());
        for finding in findings {
            let page = self.page_of(&finding.place);
            let config = page.map_or(&silent, |index| &self.pages[index].levels);
            let own = finding.severity.unwrap_or(finding.code.severity());
            if let Some(severity) = severity(finding.code, own, flags, config) {
                reported.push(Diagnostic { severity, ..self.diagnostic(finding, page) });
            }
        }
        reported.sort_by(|a, b| order(a).cmp(&order(b)));
        let mut report = Report::new(reported, files);
        report.hidden = hidden;
        report
    }

    fn page_of(&self, place: &Place) -> Option<usize> {
        self.by_path.get(&place.source.path).copied()
    }

    /// The values that were found to be keys, silenced or not.
    fn hide_secrets(&mut self, findings: &[Finding]) -> Vec<Place> {
        let secrets = findings.iter().filter(|finding| finding.code == Code::SecretInFile);
        let places: Vec<Place> = secrets.map(|finding| finding.place.clone()).collect();
        for place in &places {
            if let Some(page) = self.page_of(place) {
                self.pages[page].hidden.push(place.span);
            }
        }
        self.pages.iter_mut().for_each(|page| page.hidden.sort());
        places
    }

    /// One finding for each place and code: a value in `defaults` or in a bible is reported once, with all shots that it
    /// affects.
    fn merge(&self, findings: Vec<Finding>) -> Vec<Finding> {
        let mut merged: Vec<Finding> = Vec::with_capacity(findings.len());
        let mut known: HashMap<(Option<usize>, Span, Code), usize> = HashMap::new();
        let mut shots: HashSet<(usize, String)> = HashSet::new();
        for finding in findings {
            let key = (self.page_of(&finding.place), finding.place.span, finding.code);
            let Some(&index) = known.get(&key) else {
                known.insert(key, merged.len());
                shots.extend(finding.shots.iter().map(|shot| (merged.len(), shot.clone())));
                merged.push(finding);
                continue;
            };
            for shot in finding.shots {
                if shots.insert((index, shot.clone())) {
                    merged[index].shots.push(shot);
                }
            }
        }
        merged
    }

    /// Whether an allow comment covers a finding; the comment counts as used.
    fn silences(&mut self, finding: &Finding) -> bool {
        match self.page_of(&finding.place) {
            Some(page) if finding.code.can_be_silenced() => {
                let JudgedPage { page, used, .. } = &mut self.pages[page];
                page.allows.silence(finding.code, &page.source, finding.place.span.start(), used)
            }
            _ => false,
        }
    }

    /// Codes in allow comments that silenced nothing. `unused-allow` itself may be allowed, so it comes last.
    fn unused_allows(&mut self) -> Vec<Finding> {
        let mut reported = Vec::new();
        for is_last in [false, true] {
            for index in 0..self.pages.len() {
                let JudgedPage { page, used, .. } = &self.pages[index];
                if page.is_incomplete || page.lends {
                    continue;
                }
                let unused = page.allows.unused(used).filter(|(code, _)| (*code == Code::UnusedAllow) == is_last);
                let unused: Vec<_> = unused.map(|(code, span)| unused_allow(page.place(span), code)).collect();
                reported.extend(unused.into_iter().filter(|finding| is_last || !self.silences(finding)));
            }
        }
        reported
    }

    fn diagnostic(&self, finding: Finding, page: Option<usize>) -> Diagnostic {
        let page = page.map(|index| &self.pages[index]);
        let secrets: Vec<&str> = page.into_iter().flat_map(|page| page.secrets_at(finding.place.span)).collect();
        let shown = |text: &str| shown(text, &secrets);
        let shot = page.and_then(|page| page.page.shot_at(finding.place.span));
        let shots = match &shot {
            Some(shot) => vec![shot.clone()],
            // A shot without an id has no name that would help.
            None => finding.shots.into_iter().filter(|shot| !shot.is_empty()).collect(),
        };
        let uses = page.map(|page| page.page.uses_of(finding.place.span)).unwrap_or_default();
        let labels = finding.labels.into_iter().chain(uses);
        Diagnostic {
            code: finding.code,
            severity: finding.code.severity(),
            message: shown(&finding.message),
            help: finding.help.as_deref().map(shown),
            place: finding.place,
            shot: shot.map(|shot| secret::masked(&shot).into_owned()),
            shots: shots.iter().map(|shot| secret::masked(shot).into_owned()).collect(),
            labels: labels.map(|label| Label { message: shown(&label.message), ..label }).collect(),
            fix: finding.fix.filter(shows_no_key).map(|fix| Fix { message: shown(&fix.message), ..fix }),
        }
    }
}

impl JudgedPage {
    /// The texts that must not be shown and that a message about `span` may quote.
    fn secrets_at(&self, span: Span) -> impl Iterator<Item = &str> {
        let first = self.hidden.partition_point(|hidden| hidden.end() < span.start());
        let overlapping = self.hidden[first..].iter().take_while(move |hidden| hidden.start() <= span.end());
        overlapping.map(|hidden| self.page.source.slice(*hidden).trim_matches(['"', '\'']))
    }
}

/// A sentence as it is reported: safe to show, of a length that can be read, without the values in `secrets`.
fn shown(text: &str, secrets: &[&str]) -> String {
    const LONGEST: usize = 1000;
    let mut text = std::borrow::Cow::Borrowed(text);
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        let quoted = shown::words(secret);
        text = text.replace(secret, secret::MASK).replace(quoted.trim_end_matches('…'), secret::MASK).into();
    }
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", shown::lines(&text[..end])),
        None => shown::lines(&text),
    }
}

/// Whether a fix can be shown and applied: one that would write a key again is neither.
fn shows_no_key(fix: &Fix) -> bool {
    fix.edits.iter().all(|edit| secret::find(&edit.text).next().is_none())
}

fn order(diagnostic: &Diagnostic) -> (&str, usize, &str, usize, &str) {
    let Place { source, span } = &diagnostic.place;
    (&source.name, span.start(), diagnostic.code.as_str(), span.end(), &diagnostic.message)
}

/// A rule that does not exist, in a comment or in the config.
pub fn unknown_rule(place: Place, name: &str) -> Finding {
    let near = nearest(name, Code::ALL.iter().map(|code| code.as_str()));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`clapboard explain` lists all rules".into(),
    };
    Finding::new(Code::UnknownRule, place, format!("there is no rule `{}`", shown::words(name))).help(help)
}

fn unused_allow(place: Place, code: Code) -> Finding {
    if code.can_be_silenced() {
        Finding::new(Code::UnusedAllow, place, format!("`{code}` finds nothing here, so there is nothing to allow"))
            .help("remove it from the comment, so that it does not hide something later")
    } else {
        Finding::new(Code::UnusedAllow, place, format!("`{code}` cannot be allowed"))
            .help("remove it from the comment, and fix what it reports")
    }
}
