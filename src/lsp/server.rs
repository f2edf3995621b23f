//! The conversation: from a client's first message to its last.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use camino::Utf8PathBuf;
use lsp_server::{Connection, ErrorCode, Message, Notification, ProtocolError, Request, RequestId, Response};
use lsp_types::{
    CancelNotification, CancelParams, Diagnostic, DiagnosticRefreshRequest, DidChangeWatchedFilesNotification,
    DidChangeWatchedFilesRegistrationOptions, ExitNotification, FileSystemWatcher, GlobPattern, InitializeParams,
    InitializeResult, LogMessageNotification, LogMessageParams, MessageType, Notification as _,
    PublishDiagnosticsNotification, PublishDiagnosticsParams, Registration, RegistrationParams, RegistrationRequest,
    Request as _, ServerInfo, ShowMessageNotification, ShowMessageParams, ShutdownRequest, Uri, WorkspaceFolders,
};
use serde::Serialize;

use super::capabilities::{Client, WATCHED, of_server};
use super::diagnostics::of_open;
use super::dispatch::{Failure, answer, notify};
use super::session::Session;
use super::uri::path_of;
use crate::files::Files;

/// Why a conversation ended before its time.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The client does not keep to the protocol.
    #[error("the editor does not speak the Language Server Protocol: {0}")]
    Protocol(#[from] ProtocolError),
    /// The client's first message is not of its form.
    #[error("the editor's `initialize` request is not of its form: {0}")]
    Initialize(#[from] serde_json::Error),
    /// The client is gone without a word.
    #[error("the editor ended the connection without `shutdown`")]
    Gone,
}

/// Talks with one editor until it is done. Files are read from `files`; `folder` is where the program runs, for an editor that
/// has no folder open.
///
/// # Errors
/// The editor breaks the protocol, or ends the connection without `shutdown`.
pub fn serve(connection: &Connection, files: Arc<dyn Files>, folder: Utf8PathBuf) -> Result<(), ServeError> {
    let (id, params) = connection.initialize_start()?;
    let params: InitializeParams = serde_json::from_value(params).inspect_err(|error| {
        let refusal = Response::new_err(id.clone(), ErrorCode::InvalidParams as i32, error.to_string());
        let _ = connection.sender.send(refusal.into());
    })?;
    let client = Client::of(&params.capabilities);
    let result = InitializeResult {
        capabilities: of_server(&client),
        server_info: Some(ServerInfo { name: "clapboard".into(), version: Some(env!("CARGO_PKG_VERSION").into()) }),
    };
    connection.initialize_finish(id, serde_json::to_value(result)?)?;
    let folder = folder_of(&params).unwrap_or(folder);
    Server {
        connection,
        session: Session::new(client, files, folder),
        waiting: VecDeque::new(),
        cancelled: HashSet::new(),
        published: BTreeMap::new(),
        requests: 0,
        is_shut_down: false,
    }
    .run()
}

/// The first folder that the editor has open.
fn folder_of(params: &InitializeParams) -> Option<Utf8PathBuf> {
    let folders = match &params.workspace_folders_initialize_params.workspace_folders {
        Some(WorkspaceFolders::WorkspaceFolderList(folders)) => &folders[..],
        _ => &[],
    };
    #[expect(deprecated, reason = "older clients send nothing else")]
    let root = params.root_uri.as_ref();
    folders.first().map(|folder| &folder.uri).or(root).and_then(path_of)
}

struct Server<'c> {
    connection: &'c Connection,
    session: Session,
    /// Messages that have arrived and were not handled yet.
    waiting: VecDeque<Message>,
    /// Requests among those that the client no longer wants.
    cancelled: HashSet<RequestId>,
    /// The diagnostics that the client was last sent for each file, with their version.
    published: BTreeMap<Uri, (Option<i32>, Vec<Diagnostic>)>,
    /// How many requests were sent to the client.
    requests: i32,
    is_shut_down: bool,
}

impl Server<'_> {
    fn run(mut self) -> Result<(), ServeError> {
        self.watch();
        loop {
            self.take_in();
            let Some(message) = self.next()? else { continue };
            match message {
                Message::Request(request) => self.request(&request),
                Message::Notification(notification) if notification.method == ExitNotification::METHOD.as_str() => {
                    return if self.is_shut_down { Ok(()) } else { Err(ServeError::Gone) };
                }
                Message::Notification(notification) => self.notification(notification),
                // The client's answers to our requests say nothing that we need.
                Message::Response(_) => {}
            }
        }
    }

    /// Looks at what has arrived, without waiting.
    fn take_in(&mut self) {
        while let Ok(message) = self.connection.receiver.try_recv() {
            self.put(message);
        }
    }

    fn put(&mut self, message: Message) {
        match message {
            Message::Notification(notification) if notification.method == CancelNotification::METHOD.as_str() => {
                if let Ok(CancelParams { id }) = serde_json::from_value(notification.params) {
                    self.cancelled.insert(match id {
                        lsp_types::Id::Int(id) => id.into(),
                        lsp_types::Id::String(id) => id.into(),
                    });
                }
            }
            message => self.waiting.push_back(message),
        }
    }

    /// The next message. When none is waiting, the client is first sent what is new; then this waits.
    fn next(&mut self) -> Result<Option<Message>, ServeError> {
        if let Some(message) = self.waiting.pop_front() {
            return Ok(Some(message));
        }
        self.cancelled.clear();
        if self.session.take_stale() && !self.is_shut_down {
            self.guarded(Self::publish);
            return Ok(None);
        }
        let message = self.connection.receiver.recv().map_err(|_| ServeError::Gone)?;
        self.put(message);
        Ok(None)
    }

    fn request(&mut self, request: &Request) {
        let response = if self.cancelled.remove(&request.id) {
            let message = "the client has cancelled this request".into();
            Failure { code: ErrorCode::RequestCanceled, message }.response(request)
        } else if self.is_shut_down {
            let message = "the server was told to shut down".into();
            Failure { code: ErrorCode::InvalidRequest, message }.response(request)
        } else if request.method == ShutdownRequest::METHOD.as_str() {
            self.is_shut_down = true;
            Response::new_ok(request.id.clone(), ())
        } else {
            self.guarded(|server| answer(&mut server.session, request)).unwrap_or_else(|| {
                let message = format!("clapboard failed at `{}`; this is a bug in it", request.method);
                Failure { code: ErrorCode::InternalError, message }.response(request)
            })
        };
        for message in self.session.take_said() {
            self.tell::<ShowMessageNotification>(ShowMessageParams { kind: MessageType::Info, message });
        }
        self.send(response.into());
    }

    fn notification(&mut self, notification: Notification) {
        let method = notification.method.clone();
        let result = self.guarded(|server| notify(&mut server.session, notification));
        if let Some(Err(error)) = result {
            self.log(format!("`{method}` is not of its form: {error}"));
        }
    }

    /// Does something that must not end the conversation, whatever happens: what was worked out is forgotten after a panic.
    fn guarded<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let result = catch_unwind(AssertUnwindSafe(|| work(self))).ok();
        if result.is_none() {
            self.session.start_again();
            self.session.take_stale();
        }
        result
    }

    /// Sends diagnostics to a client that does not pull them, and asks one that does to pull again when it cannot know of a change.
    fn publish(&mut self) {
        let wants_refresh = self.session.take_refresh();
        if self.session.client.pulls {
            if wants_refresh && self.session.client.refreshes {
                self.ask::<DiagnosticRefreshRequest>(());
            }
            return;
        }
        let found = of_open(&mut self.session);
        let gone: Vec<Uri> = self.published.keys().filter(|uri| !found.contains_key(*uri)).cloned().collect();
        for uri in gone {
            self.published.remove(&uri);
            self.publish_one(uri, None, Vec::new());
        }
        for (uri, diagnostics) in found {
            let version = self.session.get(&uri).map(|open| open.version);
            let news = (version, diagnostics);
            if self.published.get(&uri) != Some(&news) {
                self.published.insert(uri.clone(), news.clone());
                self.publish_one(uri, version, news.1);
            }
        }
    }

    fn publish_one(&mut self, uri: Uri, version: Option<i32>, diagnostics: Vec<Diagnostic>) {
        self.tell::<PublishDiagnosticsNotification>(PublishDiagnosticsParams { uri, version, diagnostics });
    }

    /// Asks the client to say when files change on disk.
    fn watch(&mut self) {
        if !self.session.client.watches {
            return;
        }
        let watcher = |pattern: &&str| FileSystemWatcher {
            glob_pattern: GlobPattern::Pattern((*pattern).to_owned()),
            kind: None,
        };
        let options = DidChangeWatchedFilesRegistrationOptions { watchers: WATCHED.iter().map(watcher).collect() };
        self.ask::<RegistrationRequest>(RegistrationParams {
            registrations: vec![Registration {
                id: "clapboard-files".into(),
                method: DidChangeWatchedFilesNotification::METHOD.as_str().into(),
                register_options: serde_json::to_value(options).ok(),
            }],
        });
    }

    fn log(&mut self, message: String) {
        self.tell::<LogMessageNotification>(LogMessageParams { kind: MessageType::Warning, message });
    }

    fn ask<R: lsp_types::Request>(&mut self, params: R::Params)
    where
        R::Params: Serialize,
    {
        self.requests += 1;
        let request = Request::new(self.requests.into(), R::METHOD.as_str().to_owned(), params);
        self.send(request.into());
    }

    fn tell<N: lsp_types::Notification>(&mut self, params: N::Params) {
        self.send(Notification::new(N::METHOD.as_str().to_owned(), params).into());
    }

    /// A client that is gone is noticed when it is next listened to.
    fn send(&mut self, message: Message) {
        let _ = self.connection.sender.send(message);
    }
}
