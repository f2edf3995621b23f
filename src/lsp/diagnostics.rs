//! Diagnostics in the protocol's form: sent when they change, or when a client asks.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use camino::{Utf8Path, Utf8PathBuf};
use lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag,
    DocumentDiagnosticParams, DocumentDiagnosticReport, FullDocumentDiagnosticReport, Location,
    RelatedFullDocumentDiagnosticReport, RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport,
    Uri,
};

use super::analysis::Analysis;
use super::dispatch::Failure;
use super::session::Session;
use crate::diagnostic::{self, Code, Severity};
use crate::rules;

/// Codes whose place an editor draws in another way than as a fault.
const TAGS: &[(Code, DiagnosticTag)] = &[
    (Code::UnusedStyle, DiagnosticTag::Unnecessary),
    (Code::UnusedCast, DiagnosticTag::Unnecessary),
    (Code::UnusedVoice, DiagnosticTag::Unnecessary),
    (Code::UnusedAllow, DiagnosticTag::Unnecessary),
    (Code::ModeIgnored, DiagnosticTag::Unnecessary),
    (Code::ModelRetired, DiagnosticTag::Deprecated),
    (Code::ModelUnavailable, DiagnosticTag::Deprecated),
];

/// Diagnostics by file.
pub type ByUri = BTreeMap<Uri, Vec<Diagnostic>>;

/// The diagnostics of an open text, and of the files it uses that are not open.
///
/// # Errors
/// None.
pub fn pull(session: &mut Session, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReport, Failure> {
    let uri = params.text_document.uri;
    let mut found = of_open(session);
    let items = found.remove(&uri).unwrap_or_default();
    let used = session.analysis(&uri).map(|analysis| files_of(session, &analysis)).unwrap_or_default();
    let is_related = |other: &Uri| session.get(other).is_none() && used.contains(other);
    let related_documents = session.client.takes_related_documents.then(|| {
        found.extract_if(.., |other, _| is_related(other)).map(|(uri, items)| (uri, full(items).into())).collect()
    });
    let report = full(items);
    if related_documents.as_ref().is_none_or(HashMap::is_empty) && report.result_id == params.previous_result_id {
        let result_id = report.result_id.unwrap_or_default();
        return Ok(RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id },
        }
        .into());
    }
    Ok(RelatedFullDocumentDiagnosticReport { related_documents, full_document_diagnostic_report: report }.into())
}

/// The files that a text's diagnostics may be in, but for itself.
fn files_of(session: &Session, analysis: &Analysis) -> HashSet<Uri> {
    let Some(checked) = analysis.film() else { return HashSet::new() };
    let config = checked.project.config_document.iter().map(|document| &document.source.path);
    let bibles = checked.film.bibles.iter().map(|bible| &bible.document.source.path);
    bibles.chain(config).filter_map(|path| session.uri_of(path)).collect()
}

fn full(items: Vec<Diagnostic>) -> FullDocumentDiagnosticReport {
    // A name for what is said: the same for the same.
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(&items).unwrap_or_default().hash(&mut hasher);
    FullDocumentDiagnosticReport { result_id: Some(format!("{:016x}", hasher.finish())), items }
}

/// The diagnostics of all open texts, and of the files they use. Each open text has its entry, an empty one too.
pub fn of_open(session: &mut Session) -> ByUri {
    let mut found = ByUri::new();
    let uris = session.uris();
    let analyses: Vec<Rc<Analysis>> = uris.iter().filter_map(|uri| session.analysis(uri)).collect();
    found.extend(uris.into_iter().map(|uri| (uri, Vec::new())));
    for (path, diagnostics) in by_path(&analyses) {
        if let Some(uri) = session.uri_of(path) {
            found.entry(uri).or_default().extend(converted(session, &diagnostics));
        }
    }
    found
}

/// All diagnostics by the file that they are in, each once: a bible's own problems are found again with each film that uses it.
fn by_path(analyses: &[Rc<Analysis>]) -> BTreeMap<&Utf8Path, Vec<&diagnostic::Diagnostic>> {
    let mut files: BTreeMap<&Utf8Path, Vec<&diagnostic::Diagnostic>> = BTreeMap::new();
    let mut known: HashSet<(&Utf8PathBuf, Code, crate::text::Span, &str)> = HashSet::new();
    for diagnostic in analyses.iter().flat_map(|analysis| &analysis.report.diagnostics) {
        let place = &diagnostic.place;
        if known.insert((&place.source.path, diagnostic.code, place.span, &diagnostic.message)) {
            files.entry(&place.source.path).or_default().push(diagnostic);
        }
    }
    for diagnostics in files.values_mut() {
        diagnostics.sort_by_key(|diagnostic| diagnostic.place.span);
    }
    files
}

/// Diagnostics of one file in the protocol's form, in the order of the text.
pub fn converted(session: &Session, diagnostics: &[&diagnostic::Diagnostic]) -> Vec<Diagnostic> {
    let Some(first) = diagnostics.first() else { return Vec::new() };
    let positions = session.positions(&first.place.source);
    diagnostics
        .iter()
        .map(|found| Diagnostic {
            range: positions.range(found.place.span),
            severity: Some(match found.severity {
                Severity::Error => DiagnosticSeverity::Error,
                Severity::Warning => DiagnosticSeverity::Warning,
            }),
            code: Some(found.code.as_str().to_owned().into()),
            code_description: rules::url(found.code).and_then(|url| Some(CodeDescription { href: url.parse().ok()? })),
            source: Some("clapboard".into()),
            message: message(found).into(),
            tags: TAGS.iter().find(|(code, _)| *code == found.code).map(|(_, tag)| vec![*tag]),
            related_information: session.client.shows_related.then(|| related(session, found)),
            data: None,
        })
        .collect()
}

/// The message, and below it the help.
fn message(found: &diagnostic::Diagnostic) -> String {
    match &found.help {
        Some(help) => format!("{}\nhelp: {help}", found.message),
        None => found.message.clone(),
    }
}

fn related(session: &Session, found: &diagnostic::Diagnostic) -> Vec<DiagnosticRelatedInformation> {
    let place = |label: &diagnostic::Label| {
        let source = &label.place.source;
        let range = session.positions(source).range(label.place.span);
        let location = Location { uri: session.uri_of(&source.path)?, range };
        Some(DiagnosticRelatedInformation { location, message: label.message.clone() })
    };
    found.labels.iter().filter_map(place).collect()
}
