//! The one place that decides what is reported: how severe, silenced or not, once, and in which order.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use camino::Utf8PathBuf;

use super::allow::Allows;
use super::levels::{Levels, severity};
use crate::diagnostic::{Code, Diagnostic, Finding, Fix, Label, Report};
use crate::language::shots_of;
use crate::syntax::{Anchor, Document};
use crate::text::near::nearest;
use crate::text::{Nested, Place, Span, secret, shown};

/// A document as the sink needs it.
#[derive(Clone, Debug)]
pub struct Page {
    /// The document.
    pub document: Arc<Document>,
    /// Whether it is a bible: what its allow comments are for may be in files that are not checked now.
    pub lends: bool,
    /// The severities in the config of its project.
    pub levels: Arc<Levels>,
}

/// Collects findings and pages, then judges them.
#[derive(Debug, Default)]
pub struct Sink {
    findings: Vec<Finding>,
    pages: Vec<JudgedPage>,
    by_path: HashMap<Utf8PathBuf, usize>,
}

/// A page with what is looked up in it for each finding, made when it is first asked for.
#[derive(Debug)]
struct JudgedPage {
    page: Page,
    shots: OnceCell<Vec<(Span, String)>>,
    anchors: OnceCell<Nested<usize>>,
    /// Values that must not be shown, in order.
    hidden: Vec<Span>,
}

impl Sink {
    /// Takes a document in; a file that was taken in already counts once.
    pub fn page(&mut self, page: Page) {
        let path = page.document.source.path.clone();
        if !self.by_path.contains_key(&path) {
            self.by_path.insert(path, self.pages.len());
            self.pages.push(JudgedPage { page, shots: OnceCell::new(), anchors: OnceCell::new(), hidden: Vec::new() });
        }
    }

    /// Takes findings in.
    pub fn findings(&mut self, findings: impl IntoIterator<Item = Finding>) {
        self.findings.extend(findings);
    }

    /// Decides what is reported. `files` are the names of the files that were checked.
    pub fn judge(mut self, flags: &Levels, files: Vec<String>) -> Report {
        let mut allows: Vec<Allows> = self.pages.iter().map(|judged| Allows::of(&judged.page.document)).collect();
        for (judged, allows) in self.pages.iter().zip(&allows) {
            for allow in allows.unknown() {
                self.findings.push(unknown_rule(judged.page.document.place(allow.span), &allow.name));
            }
        }
        let mut findings = std::mem::take(&mut self.findings);
        let hidden = self.hide_secrets(&findings);
        findings = self.merge(findings);
        findings.retain(|finding| !self.is_silenced(finding, &mut allows));
        findings.extend(self.unused_allows(&mut allows));
        let silent = Levels::default();
        let mut reported: Vec<Diagnostic> = Vec::with_capacity(findings.len());
        for finding in findings {
            let page = self.page_of(&finding.place);
            let config = page.map_or(&silent, |index| &self.pages[index].page.levels);
            if let Some(severity) = severity(&finding, flags, config) {
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

    fn is_silenced(&self, finding: &Finding, allows: &mut [Allows]) -> bool {
        match self.page_of(&finding.place) {
            Some(page) if finding.code.can_be_silenced() => {
                let source = &self.pages[page].page.document.source;
                allows[page].silence(finding.code, source, finding.place.span.start())
            }
            _ => false,
        }
    }

    /// Codes in allow comments that silenced nothing. `unused-allow` itself may be allowed, so it comes last.
    fn unused_allows(&self, allows: &mut [Allows]) -> Vec<Finding> {
        let mut reported = Vec::new();
        for is_last in [false, true] {
            for (index, JudgedPage { page, .. }) in self.pages.iter().enumerate() {
                if page.document.tree.incomplete || page.lends {
                    continue;
                }
                let unused: Vec<Finding> = allows[index]
                    .unused()
                    .filter(|(code, _)| (*code == Code::UnusedAllow) == is_last)
                    .map(|(code, span)| unused_allow(page.document.place(span), code))
                    .collect();
                reported.extend(unused.into_iter().filter(|finding| is_last || !self.is_silenced(finding, allows)));
            }
        }
        reported
    }

    fn diagnostic(&self, finding: Finding, page: Option<usize>) -> Diagnostic {
        let page = page.map(|index| &self.pages[index]);
        let secrets: Vec<&str> = page.into_iter().flat_map(|page| page.secrets_at(finding.place.span)).collect();
        let shown = |text: &str| shown(text, &secrets);
        let shot = page.and_then(|page| page.shot_at(finding.place.span));
        let shots = match &shot {
            Some(shot) => vec![shot.clone()],
            // A shot without an id has no name that would help.
            None => finding.shots.into_iter().filter(|shot| !shot.is_empty()).collect(),
        };
        let uses = page.map(|page| page.uses_of(finding.place.span)).unwrap_or_default();
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
    /// The shot whose text contains a place.
    fn shot_at(&self, span: Span) -> Option<String> {
        let document = &self.page.document;
        let shots = self.shots.get_or_init(|| shots_of(document));
        let index = shots.partition_point(|(extent, _)| extent.start() <= span.start());
        let (extent, id) = shots.get(index.checked_sub(1)?)?;
        // A comment behind the shot's last value is the shot's too.
        let source = &document.source;
        let end = extent.end();
        let line_end = source.line_around(end.saturating_sub(1)).end();
        let rest = source.text.get(end..line_end).unwrap_or_default().trim_start();
        // Where the value itself is lost to the comment, the shot ends at its key.
        let has_comment = rest.strip_prefix(':').unwrap_or(rest).trim_start().starts_with('#');
        let end = if has_comment { line_end } else { end };
        (span.start() < end).then(|| id.clone())
    }

    /// Where an anchored text that holds `span` is used: what is wrong in it is wrong there too.
    fn uses_of(&self, span: Span) -> Vec<Label> {
        const MOST: usize = 5;
        let document = &self.page.document;
        let anchors = &document.tree.anchors;
        let used = self.anchors.get_or_init(|| {
            let used = anchors.iter().enumerate().filter(|(_, anchor)| !anchor.uses.is_empty());
            Nested::new(used.map(|(index, anchor)| (document.tree.node(anchor.node).extent, index)))
        });
        let around = used.around(span).map(|&index| &anchors[index]);
        let label = |anchor: &Anchor, at: Span| Label {
            place: document.place(at),
            message: format!("used here, as `*{}`", shown::words(&anchor.name)),
        };
        around.flat_map(|anchor| anchor.uses.iter().map(|&at| label(anchor, at)).take(MOST)).take(MOST).collect()
    }

    /// The texts that must not be shown and that a message about `span` may quote.
    fn secrets_at(&self, span: Span) -> impl Iterator<Item = &str> {
        let first = self.hidden.partition_point(|hidden| hidden.end() < span.start());
        let overlapping = self.hidden[first..].iter().take_while(move |hidden| hidden.start() <= span.end());
        overlapping.map(|hidden| self.page.document.source.slice(*hidden).trim_matches(['"', '\'']))
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
