//! The one place that decides what is told: how grave, silenced or not, once, and in which order.

use camino::Utf8PathBuf;
use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;

use super::allow::{Allow, allows};
use super::levels::{Levels, severity};
use crate::diagnostic::{Code, Diagnostic, Finding, Label, Report};
use crate::language::shots_of;
use crate::syntax::Document;
use crate::text::near::nearest;
use crate::text::shown::{printable, shorten};
use crate::text::{Place, Span};

/// A document as the sink needs it.
#[derive(Clone, Debug)]
pub struct Page {
    /// The document.
    pub document: Arc<Document>,
    /// Whether what its allow comments are for may lie in files that are not looked at: it is a bible.
    pub lends: bool,
    /// What the config of its project says about the rules.
    pub levels: Arc<Levels>,
}

/// Collects findings and pages, then judges them.
#[derive(Debug, Default)]
pub struct Sink {
    findings: Vec<Finding>,
    pages: Vec<Page>,
    /// For each page its shots, once they are asked for.
    shots: Vec<OnceCell<Vec<(Span, String)>>>,
    by_path: HashMap<Utf8PathBuf, usize>,
}

impl Sink {
    /// Takes a document in; a file that was taken in already counts once.
    pub fn page(&mut self, page: Page) {
        let path = page.document.source.path.clone();
        if !self.by_path.contains_key(&path) {
            self.by_path.insert(path, self.pages.len());
            self.pages.push(page);
            self.shots.push(OnceCell::new());
        }
    }

    /// Takes findings in.
    pub fn findings(&mut self, findings: impl IntoIterator<Item = Finding>) {
        self.findings.extend(findings);
    }

    /// Decides what is told. `files` are the names of the files that were checked.
    pub fn judge(mut self, flags: &Levels, files: Vec<String>) -> Report {
        let mut allowed: Vec<Vec<Allow>> = self.pages.iter().map(|page| allows(&page.document)).collect();
        for (page, allows) in self.pages.iter().zip(&allowed) {
            for allow in allows.iter().filter(|allow| allow.code.is_none()) {
                self.findings.push(unknown_rule(page.document.place(allow.span), &allow.name));
            }
        }
        let findings = merge(std::mem::take(&mut self.findings));
        let mut told: Vec<Diagnostic> = findings
            .into_iter()
            .filter(|finding| !self.is_silenced(finding, &mut allowed))
            .map(|f| self.tell(f))
            .collect();
        for finding in self.unused_allows(&mut allowed) {
            told.push(self.tell(finding));
        }
        let silent = Levels::default();
        told.retain_mut(|diagnostic| {
            let config = self.page_of(&diagnostic.place).map_or(&silent, |page| &self.pages[page].levels);
            let told = severity(diagnostic.code, flags, config);
            diagnostic.severity = told.unwrap_or(diagnostic.severity);
            told.is_some()
        });
        told.sort_by(|a, b| order(a).cmp(&order(b)));
        Report { diagnostics: told, files }
    }

    fn page_of(&self, place: &Place) -> Option<usize> {
        self.by_path.get(&place.source.path).copied()
    }

    fn is_silenced(&self, finding: &Finding, allowed: &mut [Vec<Allow>]) -> bool {
        let Some(page) = self.page_of(&finding.place) else { return false };
        if !finding.code.can_be_silenced() {
            return false;
        }
        let document = &self.pages[page].document;
        let start = finding.place.span.start as usize;
        let mut silenced = false;
        for allow in allowed[page].iter_mut().filter(|allow| allow.code == Some(finding.code)) {
            if allow.scope.covers(document, start) {
                allow.used = true;
                silenced = true;
            }
        }
        silenced
    }

    /// Codes in allow comments that silenced nothing. `unused-allow` itself may be allowed, so it comes last.
    fn unused_allows(&self, allowed: &mut [Vec<Allow>]) -> Vec<Finding> {
        let mut told = Vec::new();
        for is_last in [false, true] {
            for (index, page) in self.pages.iter().enumerate() {
                if page.document.tree.incomplete || page.lends {
                    continue;
                }
                let unused: Vec<Finding> = allowed[index]
                    .iter()
                    .filter(|allow| !allow.used && (allow.code == Some(Code::UnusedAllow)) == is_last)
                    .filter_map(|allow| Some(unused_allow(page.document.place(allow.span), allow.code?)))
                    .collect();
                told.extend(unused.into_iter().filter(|finding| is_last || !self.is_silenced(finding, allowed)));
            }
        }
        told
    }

    /// The shot in whose text a place lies.
    fn shot_at(&self, page: usize, span: Span) -> Option<String> {
        let document = &self.pages[page].document;
        let shots = self.shots[page].get_or_init(|| shots_of(document));
        let index = shots.partition_point(|(extent, _)| extent.start <= span.start);
        let (extent, id) = shots.get(index.checked_sub(1)?)?;
        // A comment behind the shot's last value is the shot's too.
        let source = &document.source;
        let end = extent.end as usize;
        let line_end = source.line_span(source.line_index(end.saturating_sub(1))).end as usize;
        let has_comment = source.text.get(end..line_end).is_some_and(|rest| rest.trim_start().starts_with('#'));
        let end = if has_comment { line_end } else { end };
        ((span.start as usize) < end).then(|| id.clone())
    }

    fn tell(&self, finding: Finding) -> Diagnostic {
        let index = self.page_of(&finding.place);
        let page = index.map(|index| &self.pages[index]);
        let shot = index.and_then(|index| self.shot_at(index, finding.place.span));
        let mut message = finding.message;
        // A shot without an id has no name that would help.
        let named: Vec<String> = finding.shots.into_iter().filter(|shot| !shot.is_empty()).collect();
        if shot.is_none() && !named.is_empty() {
            message.push_str(&hits(&named));
        }
        let mut labels = finding.labels;
        labels.extend(page.into_iter().flat_map(|page| alias_labels(page, finding.place.span)));
        Diagnostic {
            code: finding.code,
            severity: finding.code.severity(),
            message: printable(message),
            help: finding.help.map(printable),
            place: finding.place,
            shot,
            labels,
            fix: finding.fix,
        }
    }
}

fn order(diagnostic: &Diagnostic) -> (&str, Span, &str, &str) {
    let place = &diagnostic.place;
    // By start first: a span's own order is start, then end. The code comes before the end.
    let start = Span { start: place.span.start, end: place.span.start };
    (&place.source.name, start, diagnostic.code.as_str(), &diagnostic.message)
}

/// One finding for each place and code: a value in `defaults` or in a bible is told once, with all shots that it hits.
fn merge(findings: Vec<Finding>) -> Vec<Finding> {
    let mut merged: Vec<Finding> = Vec::with_capacity(findings.len());
    let mut known: HashMap<(Utf8PathBuf, Span, Code), usize> = HashMap::new();
    for finding in findings {
        let key = (finding.place.source.path.clone(), finding.place.span, finding.code);
        match known.get(&key) {
            Some(&index) => {
                for shot in finding.shots {
                    if !merged[index].shots.contains(&shot) {
                        merged[index].shots.push(shot);
                    }
                }
            }
            None => {
                known.insert(key, merged.len());
                merged.push(finding);
            }
        }
    }
    merged
}

fn hits(shots: &[String]) -> String {
    const MOST: usize = 3;
    let names: Vec<String> = shots.iter().take(MOST).map(|shot| format!("`{}`", shorten(shot))).collect();
    let more = shots.len().saturating_sub(MOST);
    let names = match (&names[..], more) {
        ([only], 0) => return format!(" (it hits shot {only})"),
        ([first @ .., last], 0) => format!("{} and {last}", first.join(", ")),
        (_, more) => format!("{} and {more} more", names.join(", ")),
    };
    format!(" (it hits shots {names})")
}

/// What is wrong in an anchored text is wrong wherever it is used.
fn alias_labels(page: &Page, span: Span) -> Vec<Label> {
    const MOST: usize = 5;
    let document = &page.document;
    let holds = |node| document.tree.node(node).extent.contains(span);
    let anchors = document.tree.anchors.iter().filter(|anchor| !anchor.uses.is_empty() && holds(anchor.node));
    let uses = anchors.flat_map(|anchor| anchor.uses.iter().map(move |at| (anchor, at)));
    uses.take(MOST)
        .map(|(anchor, at)| Label { place: document.place(*at), message: format!("used here, as `*{}`", anchor.name) })
        .collect()
}

/// A rule's name that there is none of; also for the config.
pub fn unknown_rule(place: Place, name: &str) -> Finding {
    let near = nearest(name, Code::ALL.iter().map(|code| code.as_str()));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`clapboard explain` lists all rules".into(),
    };
    Finding::new(Code::UnknownRule, place, format!("there is no rule `{}`", shorten(name))).help(help)
}

fn unused_allow(place: Place, code: Code) -> Finding {
    if code.can_be_silenced() {
        Finding::new(Code::UnusedAllow, place, format!("`{code}` finds nothing here, so there is nothing to allow"))
            .help("remove it from the comment, so that it does not hide something later")
    } else {
        Finding::new(Code::UnusedAllow, place, format!("`{code}` cannot be allowed"))
            .help("remove it from the comment, and mend what it tells")
    }
}
