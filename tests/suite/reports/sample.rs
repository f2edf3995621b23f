//! Reports to be rendered: an ordinary one, a hostile one, a long one.

use std::fmt::Write;
use std::sync::Arc;

use clapboard::diagnostic::{Code, Diagnostic, Edit, Fix, Label, Report, Safety};
use clapboard::text::Place;
use clapboard::text::{Format, Source, Span};

const FILM: &str = "\u{feff}storyboard: 1
style: wet # 雨
shots:
  - id: dock-010
    model: kling-v2-6
    duration: 7
    promt: \"渡轮🚢 leaves, €5\"
    prompt: |
      The ferry leaves
      the dock.
  - id: dock-020
    camera: { zoom: 4, roll: 2 }
    prompt: Night: fog
";

const BIBLE: &str = "storyboard: 1\r\nstyles:\r\n  wet: rain\r\n";

/// A film in a file whose name needs care, with its bible and a file that has no finding.
pub fn film() -> Report {
    let film = source("films/渡轮 #1, take 50%.storyboard.yaml", FILM);
    let bible = source("films/bible.storyboard.yaml", BIBLE);
    let place = |words| place(&film, words);
    let dock = |number: u32| Some(format!("dock-{number:03}"));
    let mut unused = diagnostic(Code::UnusedStyle, place_in(&bible, "wet"), "no shot uses style `wet`", None);
    unused.help = Some("remove it, or use it".into());
    let mut style = diagnostic(Code::UnknownStyle, place("wet"), "there is no style `wet`", None);
    style.labels = vec![Label { place: place_in(&bible, "wet"), message: "this one is the bible's".into() }];
    let mut duration = diagnostic(Code::DurationUnsupported, place("7"), "kling-v2-6 has no 7 s", dock(10));
    duration.help = Some("take 5 or 10".into());
    let mut field = diagnostic(Code::UnknownField, place("promt"), "there is no field `promt`", dock(10));
    field.help = Some("did you mean `prompt`?".into());
    field.fix = fix(Safety::Safe, "rename `promt` to `prompt`", vec![(&film, "promt", "prompt")]);
    field.labels = vec![
        Label { place: place("prompt:"), message: "`prompt` stands here".into() },
        Label { place: place("dock-010"), message: "in this shot".into() },
    ];
    let euro = diagnostic(Code::ControlCharacter, place("€5"), "after characters of 3 and 4 bytes", dock(10));
    let long = Place { source: film.clone(), span: place("The ferry leaves").span.join(place("the dock.").span) };
    let long = diagnostic(Code::PromptTooLong, long, "the prompt is 100% too long: 5,000 of 2,500", dock(10));
    let mut axes = diagnostic(Code::CameraAxes, place("{ zoom: 4, roll: 2 }"), "two axes: zoom, roll", dock(20));
    axes.help = Some("keep one of them".into());
    let mut night = diagnostic(Code::Syntax, place(": fog"), "a colon in a text without quotes", dock(20));
    night.fix = fix(Safety::Safe, "quote the text", vec![(&film, "", "\""), (&film, "Night", "\"Night")]);
    if let Some(fix) = &mut night.fix {
        // Behind `fog`, and before `Night`: in the wrong order, as a rule may give them.
        fix.edits[0].span = Span::empty(place("fog\n").span.end() - 1);
        fix.edits[1].span = Span::empty(place("Night").span.start());
        fix.edits[1].text = "\"".into();
    }
    let mut end = diagnostic(Code::MissingField, place("dock-010"), "something is not there", None);
    end.place.span = Span::empty(FILM.len());
    Report::new(
        vec![unused, style, duration, field, euro, long, axes, night, end],
        vec!["films/clean.storyboard.toml".into(), film.name.clone()],
    )
}

/// Names, messages, words and fixes full of what a terminal, a log, XML, Markdown or JSON would obey.
pub fn hostile() -> Report {
    let nasty = "a\u{1b}[31m\u{9b}2J\u{7f}\u{0}\r\n::error::x\u{202e}\u{2066}]]>&<\"'`|{0}\u{fffe}\u{ffff}\t%0A,:##[stop-commands]x##vso[task.x]y";
    let text = format!("prompt: \"{nasty}\"\n");
    let source = source(&format!("{nasty}.storyboard.yaml"), &text);
    let place = Place { source: source.clone(), span: Span::new(8, text.len() - 1) };
    let mut found = diagnostic(Code::ControlCharacter, place.clone(), nasty, Some(nasty.into()));
    found.help = Some(nasty.into());
    found.labels = vec![Label { place: place.clone(), message: nasty.into() }];
    found.fix = Some(Fix {
        safety: Safety::Unsafe,
        message: nasty.into(),
        edits: vec![Edit { span: place.span, text: nasty.into() }],
    });
    Report::new(vec![found], vec![source.name.clone(), format!("{nasty}/clean.yaml")])
}

/// `count` findings, on a line each, all alike but for the line.
pub fn many(count: usize) -> Report {
    let mut text = String::from("storyboard: 1\nshots:\n");
    let mut spans = Vec::new();
    for _ in 0..count {
        let start = text.len() + 8;
        let _ = writeln!(text, "  - id: dock-010 # a comment that makes this file as long as a true one, 渡轮🚢");
        spans.push(Span::at(start, "dock-010".len()));
    }
    let source = source("long.storyboard.yaml", &text);
    let diagnostics = spans.into_iter().map(|span| {
        let place = Place { source: source.clone(), span };
        diagnostic(Code::DuplicateId, place, "the id `dock-010` is used twice", Some("dock-010".into()))
    });
    Report::new(diagnostics.collect(), vec![source.name.clone()])
}

/// The film with lines put in at the top of its files.
pub fn film_with_lines_before() -> Report {
    let mut report = film();
    for diagnostic in &mut report.diagnostics {
        let before = "# a comment\n\n";
        let old = &diagnostic.place.source;
        let text = old.text.replacen("storyboard: 1", &format!("{before}storyboard: 1"), 1);
        diagnostic.place.source = source(&old.name, &text);
        let shift = before.len();
        diagnostic.place.span = Span::at(diagnostic.place.span.start() + shift, diagnostic.place.span.len());
    }
    report
}

fn diagnostic(code: Code, place: Place, message: &str, shot: Option<String>) -> Diagnostic {
    let severity = code.severity();
    let shots = shot.iter().cloned().collect();
    Diagnostic {
        code,
        severity,
        message: message.into(),
        help: None,
        place,
        shot,
        shots,
        labels: Vec::new(),
        fix: None,
    }
}

fn fix(safety: Safety, message: &str, edits: Vec<(&Arc<Source>, &str, &str)>) -> Option<Fix> {
    let edit = |(source, words, text): (&Arc<Source>, &str, &str)| Edit {
        span: place_in(source, words).span,
        text: text.into(),
    };
    Some(Fix { safety, message: message.into(), edits: edits.into_iter().map(edit).collect() })
}

fn source(name: &str, text: &str) -> Arc<Source> {
    Arc::new(Source::new(name, format!("/project/{name}"), text.into(), Format::Yaml))
}

fn place(source: &Arc<Source>, words: &str) -> Place {
    place_in(source, words)
}

/// Where `words` first stand in the text.
fn place_in(source: &Arc<Source>, words: &str) -> Place {
    let start = source.text.find(words).expect("the words stand in the text");
    Place { source: source.clone(), span: Span::at(start, words.len()) }
}
