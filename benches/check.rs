//! What `check` takes: `cargo bench`. Whole runs of the library, from text to report, on storyboards in a temporary project.

use std::path::PathBuf;

use clapboard::check::{Session, Take};
use clapboard::diagnostic::Report;
use clapboard::judge::Levels;
use clapboard::report::{Format, Terminal, render};
use clapboard::text::Format as SourceFormat;
use rayon::prelude::*;

fn main() {
    divan::main();
}

const HEAD: &str = "storyboard: 1\n\
                    defaults: { model: kling-v2-6, style: [film] }\n\
                    styles: { film: 35mm film, fine grain }\n\
                    cast: { mara: { look: a woman in her sixties } }\n\
                    shots:\n";

/// A project with one frame, and a storyboard of so many shots.
fn project(shots: usize, prompt: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(folder.path().join("clapboard.toml"), "").expect("it can be written");
    std::fs::create_dir(folder.path().join("frames")).expect("it can be made");
    std::fs::copy("tests/stage/frames/wide.png", folder.path().join("frames/a.png")).expect("the stage is there");
    let shots: String = (0..shots)
        .map(|number| {
            format!("  - id: shot-{number:05}\n    first_frame: frames/a.png\n    prompt: {prompt} {number}.\n")
        })
        .collect();
    (folder, HEAD.to_owned() + &shots)
}

fn check(session: &Session, path: PathBuf, text: &str) -> Take {
    session.check_bytes("film.storyboard.yaml", &path, text.as_bytes().to_vec(), SourceFormat::Yaml)
}

fn report(path: PathBuf, text: &str) -> Report {
    let session = Session::new(None, Levels::default());
    let take = check(&session, path, text);
    session.report(&[take])
}

/// One storyboard of 20 shots.
#[divan::bench]
fn one_storyboard(bencher: divan::Bencher<'_, '_>) {
    let (folder, text) = project(20, "$mara walks on");
    bencher.bench(|| report(folder.path().join("film.storyboard.yaml"), &text));
}

/// A thousand storyboards of 2 KB, on all cores.
#[divan::bench(sample_count = 20)]
fn a_thousand_storyboards(bencher: divan::Bencher<'_, '_>) {
    let (folder, text) = project(18, "$mara walks on");
    bencher.bench(|| {
        let session = Session::new(None, Levels::default());
        let path = |number: usize| folder.path().join(format!("film-{number}.storyboard.yaml"));
        let takes: Vec<Take> = (0..1000).into_par_iter().map(|number| check(&session, path(number), &text)).collect();
        session.report(&takes)
    });
}

/// Twenty thousand findings in one file: found, and written in each form.
#[divan::bench(args = [Format::Human, Format::Concise, Format::Json, Format::Sarif, Format::Github, Format::Gitlab, Format::Junit, Format::Rdjson], sample_count = 5)]
fn twenty_thousand_findings(bencher: divan::Bencher<'_, '_>, format: Format) {
    let (folder, text) = project(10_000, "TODO walk $nobody home");
    let terminal = Terminal { color: false, unicode: true, width: 100 };
    bencher.bench(|| {
        let report = report(folder.path().join("film.storyboard.yaml"), &text);
        let mut out = Vec::new();
        render(format, &report, &terminal, &mut out).expect("memory takes it");
        out
    });
}
