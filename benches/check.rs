//! What `check` takes: `cargo bench`. Whole runs of the library, from text to report, on storyboards in a temporary project.

use camino::Utf8PathBuf;
use clapboard::check::{CheckedFilm, Workspace};
use clapboard::diagnostic::Report;
use clapboard::judge::Levels;
use clapboard::report::{Format, Surroundings, Terminal, render};
use clapboard::text::FileId;
use rayon::prelude::*;

fn main() {
    divan::main();
}

const HEAD: &str = "storyboard: 1\n\
                    defaults: { model: kling-v2-6, style: [film] }\n\
                    styles: { film: \"35mm film, fine grain\" }\n\
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

fn in_folder(folder: &tempfile::TempDir, name: &str) -> Utf8PathBuf {
    Utf8PathBuf::from_path_buf(folder.path().join(name)).expect("a temporary folder's path is UTF-8")
}

fn check(workspace: &Workspace, path: Utf8PathBuf, text: &str) -> CheckedFilm {
    workspace.check_bytes(&FileId::new("film.storyboard.yaml", path), text.as_bytes().to_vec())
}

fn report(path: Utf8PathBuf, text: &str) -> Report {
    let workspace = Workspace::on_disk(None, Levels::default());
    let take = check(&workspace, path, text);
    workspace.report(&[take])
}

/// One storyboard of 20 shots.
#[divan::bench]
fn one_storyboard(bencher: divan::Bencher<'_, '_>) {
    let (folder, text) = project(20, "$mara walks on");
    bencher.bench(|| report(in_folder(&folder, "film.storyboard.yaml"), &text));
}

/// A thousand storyboards of 2 KB, on all cores.
#[divan::bench(sample_count = 20)]
fn a_thousand_storyboards(bencher: divan::Bencher<'_, '_>) {
    let (folder, text) = project(18, "$mara walks on");
    bencher.bench(|| {
        let workspace = Workspace::on_disk(None, Levels::default());
        let path = |number: usize| in_folder(&folder, &format!("film-{number}.storyboard.yaml"));
        let takes: Vec<CheckedFilm> =
            (0..1000).into_par_iter().map(|number| check(&workspace, path(number), &text)).collect();
        workspace.report(&takes)
    });
}

/// Twenty thousand findings in one file: found, and written in each form.
#[divan::bench(args = [Format::Human, Format::Concise, Format::Json, Format::Sarif, Format::Github, Format::Gitlab, Format::Junit, Format::Rdjson], sample_count = 5)]
fn twenty_thousand_findings(bencher: divan::Bencher<'_, '_>, format: Format) {
    let (folder, text) = project(10_000, "TODO walk $nobody home");
    let terminal = Terminal { color: false, unicode: true, width: 100 };
    bencher.bench(|| {
        let report = report(in_folder(&folder, "film.storyboard.yaml"), &text);
        let mut out = Vec::new();
        render(format, &report, &terminal, &Surroundings::default(), &mut out).expect("memory takes it");
        out
    });
}
