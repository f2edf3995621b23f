//! Writes the files that are derived from others; with `--check` says which of them are stale, and exits 1.
//!
//! `cargo run --example generate [-- --check]`

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let is_check = std::env::args().any(|argument| argument == "--check");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let pretty = |value: serde_json::Value| serde_json::to_string_pretty(&value).expect("it is JSON") + "\n";
    let files = [
        ("schemas/storyboard.schema.json", pretty(clapboard::language::schema::storyboard())),
        ("schemas/config.schema.json", pretty(clapboard::project::schema())),
        ("docs/rules.md", clapboard::rules::page()),
        ("docs/cli.md", clapboard::cli::reference()),
    ];
    let mut stale = false;
    for (name, text) in files {
        let path = root.join(name);
        if std::fs::read_to_string(&path).is_ok_and(|committed| committed == text) {
            continue;
        }
        if is_check {
            eprintln!("{name} is stale: run `cargo run --example generate`");
            stale = true;
        } else {
            std::fs::create_dir_all(path.parent().expect("it is in a folder"))
                .and_then(|()| std::fs::write(&path, text))
                .expect("the project can be written");
            eprintln!("wrote {name}");
        }
    }
    ExitCode::from(u8::from(stale))
}
