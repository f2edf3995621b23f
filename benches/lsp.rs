//! What a keystroke takes until its diagnostics are in the editor: `cargo bench --bench lsp`.

use std::sync::Arc;
use std::thread::JoinHandle;

use camino::Utf8PathBuf;
use clapboard::files::Disk;
use clapboard::lsp::serve;
use lsp_server::{Connection, Message, Notification, Request};
use serde_json::{Value, json};

fn main() {
    divan::main();
}

/// An editor with one storyboard open.
struct Editor {
    client: Connection,
    server: JoinHandle<()>,
    uri: String,
    end: Value,
    version: i32,
    _folder: tempfile::TempDir,
}

impl Editor {
    fn open(text: &str) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::create_dir(folder.path().join("frames")).expect("it can be made");
        std::fs::copy("tests/stage/frames/wide.png", folder.path().join("frames/a.png")).expect("the stage is there");
        let path = Utf8PathBuf::from_path_buf(folder.path().join("film.storyboard.yaml")).expect("UTF-8");
        let uri: String = url::Url::from_file_path(&path).expect("an absolute path").into();
        let (server, client) = Connection::memory();
        let root = path.parent().expect("a folder").to_owned();
        let server = std::thread::spawn(move || serve(&server, Arc::new(Disk), root).expect("it ends well"));
        let end = json!({ "line": text.lines().count() - 1, "character": 4096 });
        let editor = Self { client, server, uri, end, version: 1, _folder: folder };
        editor.ask(1, "initialize", json!({ "processId": null, "rootUri": null, "capabilities": {} }));
        editor.tell("initialized", json!({}));
        let document = json!({ "uri": editor.uri, "languageId": "yaml", "version": 1, "text": text });
        editor.tell("textDocument/didOpen", json!({ "textDocument": document }));
        editor.wait();
        editor
    }

    /// Types one letter at the end, and waits for the diagnostics.
    fn type_letter(&mut self) {
        self.version += 1;
        self.tell(
            "textDocument/didChange",
            json!({
                "textDocument": { "uri": self.uri, "version": self.version },
                "contentChanges": [{ "range": { "start": self.end, "end": self.end }, "text": "a" }],
            }),
        );
        self.wait();
    }

    fn ask(&self, id: i32, method: &str, params: Value) {
        self.client.sender.send(Request::new(id.into(), method.into(), params).into()).expect("it listens");
        self.wait();
    }

    fn tell(&self, method: &str, params: Value) {
        self.client.sender.send(Notification::new(method.into(), params).into()).expect("it listens");
    }

    fn wait(&self) -> Message {
        self.client.receiver.recv().expect("it answers")
    }

    fn close(self) {
        self.ask(2, "shutdown", Value::Null);
        self.tell("exit", Value::Null);
        self.server.join().expect("it does not panic");
    }
}

/// A film of so many shots, four lines each.
fn film(shots: usize) -> String {
    let head = "storyboard: 1\ndefaults: { model: kling-v2-6, style: [film] }\nstyles: { film: \"35mm film, fine grain\" }\n\
                cast: { mara: { look: a woman in her sixties } }\nshots:\n";
    let shot = |number| {
        format!(
            "  - id: shot-{number:05}\n    first_frame: frames/a.png\n    duration: 5\n    prompt: $mara walks on, {number}\n"
        )
    };
    head.to_owned() + &(0..shots).map(shot).collect::<String>()
}

/// A film of 1,000 lines (249 shots), and one of 500 shots.
#[divan::bench(args = [249, 500], sample_count = 100, sample_size = 1)]
fn keystroke_to_diagnostics(bencher: divan::Bencher<'_, '_>, shots: usize) {
    let mut editor = Editor::open(&film(shots));
    bencher.bench_local(|| editor.type_letter());
    editor.close();
}
