//! The texts that are open in the editor, and their analyses.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use camino::{Utf8Path, Utf8PathBuf};
use lsp_types::{
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    LanguageKind, Uri,
};

use super::analysis::{Analysis, Subject};
use super::capabilities::Client;
use super::documents::{Open, changed};
use super::position::Positions;
use super::uri::{path_of, uri_of};
use crate::check::{CheckedFilm, Workspace};
use crate::files::{Files, Overlay};
use crate::judge::Levels;
use crate::project::{CONFIG, Project, find, is_storyboard};
use crate::text::{FileId, Source};

/// One conversation with an editor.
#[derive(Debug)]
pub struct Session {
    /// The client's capabilities.
    pub client: Client,
    /// The checker, over the texts in the editor and the files below them.
    pub workspace: Workspace,
    files: Arc<Overlay>,
    /// The folder that the editor has open: messages name files from here.
    folder: Utf8PathBuf,
    open: HashMap<Uri, Open>,
    /// Whether what was sent to the client may no longer be true.
    is_stale: bool,
    /// Whether something changed that the client does not know to have an effect on what is open.
    wants_refresh: bool,
    /// Messages to show to the user.
    said: Vec<String>,
}

impl Session {
    /// A conversation about files in `folder`, which are read from `files`.
    pub fn new(client: Client, files: Arc<dyn Files>, folder: Utf8PathBuf) -> Self {
        let files = Arc::new(Overlay::new(files));
        let workspace = Workspace::new(files.clone(), None, Levels::default());
        Self {
            client,
            workspace,
            files,
            folder,
            open: HashMap::new(),
            is_stale: false,
            wants_refresh: false,
            said: Vec::new(),
        }
    }

    /// A text was opened.
    pub fn open(&mut self, params: DidOpenTextDocumentParams) {
        let document = params.text_document;
        let file = self.file_of(&document.uri, &document.language_id);
        let file = FileId { path: self.workspace.locate(&file), ..file };
        let text: Arc<str> = document.text.into();
        self.files.set(&file.path, text.clone());
        self.changed(&file.path);
        let open = Open { uri: document.uri.clone(), version: document.version, file, text, analysis: None };
        self.open.insert(document.uri, open);
    }

    /// A text was changed in the editor.
    pub fn change(&mut self, params: DidChangeTextDocumentParams) {
        let id = params.text_document;
        let Some(open) = self.open.get_mut(&id.text_document_identifier.uri) else { return };
        open.text = changed(&open.text, params.content_changes, self.client.encoding).into();
        open.version = id.version;
        let path = open.file.path.clone();
        self.files.set(&path, open.text.clone());
        self.changed(&path);
    }

    /// A text was closed: what is on disk counts again.
    pub fn close(&mut self, params: DidCloseTextDocumentParams) {
        if let Some(open) = self.open.remove(&params.text_document.uri) {
            self.files.remove(&open.file.path);
            self.changed(&open.file.path);
        }
    }

    /// A text was saved. A client that cannot watch files gets a fresh look at all of them.
    pub fn save(&mut self) {
        if !self.client.watches {
            self.start_again();
        }
    }

    /// Files changed on disk.
    pub fn changed_on_disk(&mut self, params: DidChangeWatchedFilesParams) {
        for event in params.changes {
            let Some(path) = path_of(&event.uri) else { continue };
            self.workspace.forget(&path);
            self.forget_analyses(|_| true);
            self.wants_refresh = true;
        }
    }

    /// Forgets all that was worked out and read.
    pub fn start_again(&mut self) {
        self.workspace = Workspace::new(self.files.clone(), None, Levels::default());
        self.forget_analyses(|_| true);
        self.wants_refresh = true;
    }

    /// Forgets what depends on the file at `path`, which an editor has changed.
    fn changed(&mut self, path: &Utf8Path) {
        self.workspace.forget(path);
        let is_config = path.file_name() == Some(CONFIG);
        self.wants_refresh |= is_config;
        self.forget_analyses(|open| {
            let depends = open.analysis.as_ref().is_some_and(|analysis| analysis.depends_on(path));
            is_config || open.file.path == path || depends
        });
    }

    fn forget_analyses(&mut self, is_stale: impl Fn(&Open) -> bool) {
        self.is_stale = true;
        for open in self.open.values_mut().filter(|open| is_stale(open)) {
            open.analysis = None;
        }
    }

    /// Whether something changed since the last call.
    pub fn take_stale(&mut self) -> bool {
        std::mem::take(&mut self.is_stale)
    }

    /// Whether the client has to ask again for what it has, since the last call.
    pub fn take_refresh(&mut self) -> bool {
        std::mem::take(&mut self.wants_refresh)
    }

    /// Has a text shown to the person at the editor.
    pub fn say(&mut self, text: String) {
        self.said.push(text);
    }

    /// The messages to show since the last call.
    pub fn take_said(&mut self) -> Vec<String> {
        std::mem::take(&mut self.said)
    }

    /// The addresses of what is open, in order.
    pub fn uris(&self) -> Vec<Uri> {
        let mut uris: Vec<Uri> = self.open.keys().cloned().collect();
        uris.sort_unstable();
        uris
    }

    /// An open text.
    pub fn get(&self, uri: &Uri) -> Option<&Open> {
        self.open.get(uri)
    }

    /// The analysis of an open text; `None` if it is neither a storyboard nor a config.
    pub fn analysis(&mut self, uri: &Uri) -> Option<Rc<Analysis>> {
        let open = self.open.get_mut(uri)?;
        if open.analysis.is_none() {
            open.analysis = analyse(&self.workspace, &*self.files, open).map(Rc::new);
        }
        open.analysis.clone()
    }

    /// The address of a file: the one under which it is open, where it is.
    pub fn uri_of(&self, path: &Utf8Path) -> Option<Uri> {
        let open = self.open.values().find(|open| open.file.path == path);
        open.map(|open| open.uri.clone()).or_else(|| uri_of(path))
    }

    /// All storyboards of a project, unsaved texts included.
    pub fn films(&self, project: &Project) -> Vec<CheckedFilm> {
        let found = find(&*self.files, &project.root, project).files.into_iter();
        found.filter_map(|path| self.workspace.check(&FileId::new(path.as_str(), path.clone())).ok()).collect()
    }

    /// The places of a text.
    pub fn positions<'s>(&self, source: &'s Source) -> Positions<'s> {
        Positions::new(source, self.client.encoding)
    }

    /// The file of a URI. A text that was never saved counts as a file of the open folder.
    fn file_of(&self, uri: &Uri, language: &LanguageKind) -> FileId {
        let path = path_of(uri).unwrap_or_else(|| {
            let name: String = uri.path().chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
            let ending = if String::from(language.clone()) == "toml" { "toml" } else { "yaml" };
            self.folder.join(format!("{name}.{ending}"))
        });
        let shown = path.strip_prefix(&self.folder).unwrap_or(&path);
        let shown = shown.components().map(|part| part.as_str()).collect::<Vec<_>>().join("/");
        FileId::new(shown, path)
    }
}

fn analyse(workspace: &Workspace, files: &dyn Files, open: &Open) -> Option<Analysis> {
    let path = &open.file.path;
    if path.file_name() == Some(CONFIG) {
        let project = workspace.project(path.parent()?, &open.file.shown);
        let report = workspace.report_config(&project);
        return Some(Analysis { subject: Subject::Config(project), report });
    }
    if !is_storyboard(files, path).is_ok_and(|is_one| is_one) {
        return None;
    }
    let film = workspace.check_bytes(&open.file, open.text.as_bytes().to_vec());
    let report = workspace.report(std::slice::from_ref(&film));
    Some(Analysis { subject: Subject::Film(Box::new(film)), report })
}
