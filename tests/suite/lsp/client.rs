//! An editor in memory: it talks with the server as real ones do, and has to look at every message that comes back.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;

use camino::Utf8PathBuf;
use clapboard::files::Disk;
use clapboard::lsp::{ServeError, serve};
use lsp_server::{Connection, Message, Notification, Request, Response};
use serde_json::{Value, json};

use crate::support::PATIENCE;

/// What most editors say of themselves that matters here.
pub fn plain() -> Value {
    json!({ "textDocument": { "publishDiagnostics": { "relatedInformation": true } } })
}

/// An editor that asks for diagnostics and watches files.
pub fn pulling() -> Value {
    json!({
        "textDocument": { "diagnostic": { "relatedDocumentSupport": true, "relatedInformation": true } },
        "workspace": {
            "didChangeWatchedFiles": { "dynamicRegistration": true },
            "diagnostics": { "refreshSupport": true },
        },
    })
}

/// An editor with a folder open.
pub struct Client {
    connection: Connection,
    server: Option<JoinHandle<Result<(), ServeError>>>,
    folder: Utf8PathBuf,
    requests: i32,
    versions: i32,
    /// What has come and was not looked at.
    unseen: VecDeque<Message>,
    /// What the server said of itself.
    pub server_capabilities: Value,
}

impl Client {
    /// Starts the server for an editor that has `folder` open.
    pub fn start(folder: &Path, capabilities: Value) -> Self {
        Self::start_after(folder, capabilities, |_| {})
    }

    /// The same; `send` sends what is to be there when the server begins to listen.
    pub fn start_after(folder: &Path, capabilities: Value, send: impl FnOnce(&mut Client)) -> Self {
        let (server, connection) = Connection::memory();
        let folder = Utf8PathBuf::from_path_buf(folder.canonicalize().expect("the folder is there")).expect("UTF-8");
        let mut client = Client {
            connection,
            server: None,
            folder: folder.clone(),
            requests: 0,
            versions: 0,
            unseen: VecDeque::new(),
            server_capabilities: Value::Null,
        };
        let root = client.uri("");
        let initialize = client.send_request(
            "initialize",
            json!({ "processId": null, "rootUri": null, "capabilities": capabilities,
                "workspaceFolders": [{ "uri": root, "name": "film" }] }),
        );
        client.tell("initialized", json!({}));
        send(&mut client);
        client.server = Some(std::thread::spawn(move || serve(&server, Arc::new(Disk), folder)));
        let result = client.answer(initialize).expect("the server starts");
        assert_eq!(result["serverInfo"]["name"], "clapboard");
        client.server_capabilities = result["capabilities"].clone();
        client
    }

    /// The address of a file in the folder.
    pub fn uri(&self, name: &str) -> String {
        let path = if name.is_empty() { self.folder.clone() } else { self.folder.join(name) };
        url::Url::from_file_path(path).expect("an absolute path").into()
    }

    /// Sends a notification.
    pub fn tell(&self, method: &str, params: Value) {
        let notification = Notification::new(method.to_owned(), params);
        self.connection.sender.send(notification.into()).expect("the server listens");
    }

    /// Sends a request and does not wait.
    pub fn send_request(&mut self, method: &str, params: Value) -> i32 {
        self.requests += 1;
        let request = Request::new(self.requests.into(), method.to_owned(), params);
        self.connection.sender.send(request.into()).expect("the server listens");
        self.requests
    }

    /// Waits for the answer to a request.
    pub fn answer(&mut self, request: i32) -> Result<Value, (i32, String)> {
        let is_it =
            |message: &Message| matches!(message, Message::Response(Response { id, .. }) if *id == request.into());
        let Message::Response(response) = self.wait_for(is_it, &format!("the answer to request {request}")) else {
            unreachable!("it is a response");
        };
        response.response_result.map_err(|error| (error.code, error.message))
    }

    /// Asks and waits for the answer.
    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        let request = self.send_request(method, params);
        self.answer(request).unwrap_or_else(|(code, message)| panic!("{method}: {code} {message}"))
    }

    /// Opens a file of the folder with a text that need not be saved.
    pub fn open(&mut self, name: &str, text: &str) {
        self.versions += 1;
        let language = if name.ends_with(".toml") { "toml" } else { "yaml" };
        let document = json!({ "uri": self.uri(name), "languageId": language, "version": self.versions, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Changes the whole text of an open file.
    pub fn change(&mut self, name: &str, text: &str) {
        self.change_by(name, json!([{ "text": text }]));
    }

    /// Changes parts of an open file.
    pub fn change_by(&mut self, name: &str, changes: Value) {
        self.versions += 1;
        let document = json!({ "uri": self.uri(name), "version": self.versions });
        self.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    /// Closes a file.
    pub fn close(&self, name: &str) {
        self.tell("textDocument/didClose", json!({ "textDocument": { "uri": self.uri(name) } }));
    }

    /// Waits for what the server sends of itself next, with that method, and gives its parameters.
    pub fn told(&mut self, method: &str) -> Value {
        let has = |message: &Message| match message {
            Message::Notification(notification) => notification.method == method,
            Message::Request(request) => request.method == method,
            Message::Response(_) => false,
        };
        match self.wait_for(has, method) {
            Message::Notification(notification) => notification.params,
            Message::Request(request) => {
                let done = Response::new_ok(request.id, ());
                self.connection.sender.send(done.into()).expect("the server listens");
                request.params
            }
            Message::Response(_) => unreachable!("it has a method"),
        }
    }

    /// The diagnostics that are sent next, which have to be of that file: `line:column-line:column severity code`.
    pub fn published(&mut self, name: &str) -> Vec<String> {
        let params = self.told("textDocument/publishDiagnostics");
        assert_eq!(params["uri"], self.uri(name));
        brief(&params["diagnostics"])
    }

    /// Asks for the diagnostics of a file, in the same form.
    pub fn pulled(&mut self, name: &str) -> Vec<String> {
        let report = self.ask("textDocument/diagnostic", json!({ "textDocument": { "uri": self.uri(name) } }));
        assert_eq!(report["kind"], "full");
        brief(&report["items"])
    }

    /// What can be done at the whole of a file, or at a part of it.
    pub fn actions(&mut self, name: &str, range: Value, only: Value) -> Vec<Value> {
        let params = json!({
            "textDocument": { "uri": self.uri(name) },
            "range": range,
            "context": { "diagnostics": [], "only": only },
        });
        self.ask("textDocument/codeAction", params).as_array().cloned().unwrap_or_default()
    }

    fn wait_for(&mut self, is_it: impl Fn(&Message) -> bool, what: &str) -> Message {
        if let Some(at) = self.unseen.iter().position(&is_it) {
            return self.unseen.remove(at).expect("it is there");
        }
        loop {
            match self.connection.receiver.recv_timeout(PATIENCE) {
                Ok(message) if is_it(&message) => return message,
                Ok(message) => self.unseen.push_back(message),
                Err(error) => panic!("no {what}: {error}; there were {:?}", self.unseen),
            }
        }
    }

    /// Ends the conversation: nothing may have come that was not looked at.
    pub fn end(mut self) {
        self.ask("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        let server = self.server.take().expect("it runs");
        server.join().expect("it does not panic").expect("it ends well");
        let rest: Vec<Message> = self.unseen.drain(..).chain(self.connection.receiver.try_iter()).collect();
        assert!(rest.is_empty(), "not looked at: {rest:?}");
    }

    /// Ends the conversation as `method` does, and gives what the server made of it.
    pub fn end_with(mut self, method: Option<&str>) -> Result<(), ServeError> {
        method.into_iter().for_each(|method| self.tell(method, Value::Null));
        let server = self.server.take().expect("it runs");
        drop(self);
        server.join().expect("it does not panic")
    }
}

/// Diagnostics in one line each.
pub fn brief(diagnostics: &Value) -> Vec<String> {
    let severities = ["error", "warning", "information", "hint"];
    let line = |found: &Value| {
        let severity = severities[found["severity"].as_u64().expect("a severity") as usize - 1];
        format!("{} {severity} {}", range(&found["range"]), found["code"].as_str().expect("a code"))
    };
    diagnostics.as_array().expect("a list").iter().map(line).collect()
}

/// A range in few words, lines and columns from 0.
pub fn range(range: &Value) -> String {
    let at = |place: &Value| format!("{}:{}", place["line"], place["character"]);
    format!("{}-{}", at(&range["start"]), at(&range["end"]))
}

/// A text after the edits of one file that a change of the workspace makes. Columns count UTF-16.
pub fn edited(text: &str, edit: &Value, uri: &str) -> String {
    let mut edits: Vec<Value> = edit["changes"][uri].as_array().expect("edits of the file").clone();
    edits.sort_by_key(|edit| (edit["range"]["start"]["line"].as_u64(), edit["range"]["start"]["character"].as_u64()));
    let mut out = text.to_owned();
    for edit in edits.iter().rev() {
        let [start, end] = ["start", "end"].map(|end| offset(text, &edit["range"][end]));
        out.replace_range(start..end, edit["newText"].as_str().expect("a text"));
    }
    out
}

/// The byte at a place, columns in UTF-16.
pub fn offset(text: &str, place: &Value) -> usize {
    let line = place["line"].as_u64().expect("a line") as usize;
    let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
    let mut units = place["character"].as_u64().expect("a column") as usize;
    let mut at = start;
    for character in text[start..].chars() {
        if units == 0 {
            break;
        }
        units = units.saturating_sub(character.len_utf16());
        at += character.len_utf8();
    }
    at
}

/// The place of a byte, columns in UTF-16.
pub fn place(text: &str, offset: usize) -> Value {
    let before = &text[..offset];
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    json!({ "line": before.matches('\n').count(), "character": before[start..].encode_utf16().count() })
}
