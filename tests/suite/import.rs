//! `import`: compiling what was imported gives the bodies back.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use camino::Utf8Path;
use clapboard::api::{Pictures, request};
use clapboard::assets::Library;
use clapboard::clip::Clip;
use clapboard::files::Disk;
use clapboard::import::{self, Imported, Weight};
use clapboard::kling::{Facts, Target};
use clapboard::language::{Checked, Film, Form};
use clapboard::syntax::Document;
use clapboard::text::{Format, Source};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use proptest::test_runner::RngSeed;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

/// A body in Kling's own form and order, and the same request as people write it.
#[derive(Debug, Clone)]
struct Pair {
    right: Map<String, Value>,
    found: Map<String, Value>,
}

mod command;
mod scripts;

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 256,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(7),
        ..ProptestConfig::default()
    })]

    #[test]
    fn compiling_what_was_imported_gives_the_bodies_back(
        pairs in vec(pair(), 1..5),
        format in select(&[Format::Yaml, Format::Toml][..]),
        layout in select(Layout::ALL),
    ) {
        let found: Vec<_> = pairs.iter().map(|pair| pair.found.clone()).collect();
        let film = Reel::import(layout.file(), &layout.text(&found), format);
        let lost: Vec<_> = film.imported.remarks.iter().filter(|remark| remark.weight == Weight::Lost).collect();
        prop_assert!(lost.is_empty(), "{lost:?}");
        for (index, pair) in pairs.iter().enumerate() {
            // On the gateway the first cut's prompt is sent next to the cuts too.
            let is_gateway = pair.right.contains_key("prompt");
            let target = if is_gateway { Target::Gateway } else { Target::Official };
            let compiled = film.compile(index, target);
            let right = serde_json::to_string(&pair.right).expect("JSON");
            prop_assert_eq!(&compiled, &right, "{}", film.text);
        }
    }

    #[test]
    fn any_json_is_either_refused_or_written_as_a_storyboard(
        values in vec(any_body(), 1..4),
        format in select(&[Format::Yaml, Format::Toml][..]),
    ) {
        let text = Value::from(values.clone()).to_string();
        if let Ok(found) = import::read("a.json", &text) {
            let imported = import::storyboard(vec![found], format, &|_| None);
            let written = import::write(&imported.storyboard, format).expect("it can be written");
            let document = Document::read(Source::new("f", "f", written.clone(), format));
            prop_assert!(document.findings.is_empty(), "{written}\n{:?}", document.findings);
            let has_left_out = imported.remarks.iter().any(|remark| remark.message.contains("left out"));
            prop_assert!(has_left_out || imported.shots().count() >= values.len(), "{written}");
        }
    }
}

/// How bodies are kept in a file.
#[derive(Debug, Clone, Copy)]
enum Layout {
    List,
    Lines,
    Records,
    Comments,
    Curl,
    Http,
    Markdown,
    Postman,
    Har,
    Shots,
}

impl Layout {
    const ALL: &[Layout] = {
        use Layout::*;
        &[List, Lines, Records, Comments, Curl, Http, Markdown, Postman, Har, Shots]
    };

    fn file(self) -> &'static str {
        match self {
            Layout::Curl => "bodies.sh",
            Layout::Http => "bodies.http",
            Layout::Markdown => "bodies.md",
            _ => "bodies.json",
        }
    }

    fn text(self, bodies: &[Map<String, Value>]) -> String {
        let each = |write: &dyn Fn(usize, Value) -> String| -> String {
            bodies.iter().cloned().map(Value::from).enumerate().map(|(index, body)| write(index, body)).collect()
        };
        let all = |write: &dyn Fn(Value) -> Value| -> Vec<Value> {
            bodies.iter().cloned().map(|body| write(body.into())).collect()
        };
        match self {
            Layout::List => serde_json::to_string_pretty(bodies).expect("JSON"),
            Layout::Lines => each(&|_, body| format!("{body}\n")),
            Layout::Records => each(&|index, body| {
                format!("{}\n", json!({"storyboard": "f.yaml", "shot": format!("s-{index}"), "body": body}))
            }),
            Layout::Comments => each(&|_, body| format!("// {{ a body }}\n{body:#}, /* \" */\n")),
            Layout::Curl => each(&|_, body| {
                let quoted = body.to_string().replace('\'', "'\\''");
                format!("curl -X POST https://a.example/v1/videos/image2video \\\n  -H 'Accept: */*' -d '{quoted}'\n")
            }),
            Layout::Http => each(&|_, body| format!("###\nPOST https://a.example/v1/x\nAccept: */*\n\n{body:#}\n\n")),
            Layout::Markdown => each(&|_, body| format!("# A shot\n\n```json\n{body:#}\n```\n")),
            Layout::Postman => {
                let item = |body: Value| json!({"request": {"body": {"mode": "raw", "raw": body.to_string()}}});
                json!({"info": {"name": "a"}, "item": all(&item)}).to_string()
            }
            Layout::Har => {
                let entry = |body: Value| json!({"request": {"url": "/v1/x", "postData": {"text": body.to_string()}}});
                json!({"log": {"entries": all(&entry)}}).to_string()
            }
            Layout::Shots => json!({ "shots": bodies }).to_string(),
        }
    }
}

/// An imported film in a folder of its own, read again.
struct Reel {
    imported: Imported,
    text: String,
    film: Film,
    folder: TempDir,
}

impl Reel {
    fn import(file: &str, text: &str, format: Format) -> Self {
        let found = import::read(file, text).expect("the bodies can be read");
        let imported = import::storyboard(vec![found], format, &|_| None);
        let folder = TempDir::new().expect("a temporary folder");
        fs::create_dir(folder.path().join(import::FRAMES)).expect("a new folder");
        for picture in &imported.pictures {
            fs::write(folder.path().join(&picture.path), &picture.bytes).expect("a new file");
        }
        let text = import::write(&imported.storyboard, format).expect("it can be written");
        let film = read(&utf8(folder.path()).join("film"), &text, format);
        Self { imported, text, film, folder }
    }

    fn compile(&self, shot: usize, target: Target) -> String {
        let library = Library::new(Arc::new(Disk), utf8(self.folder.path()).to_owned());
        let clip = Clip::new(&self.film, &self.film.shots[shot], Facts::kling(), target);
        let request = request(&clip, &library);
        let mut body = Vec::new();
        request.expect("it can be built").body.write(&mut body, Pictures::Inline, None).expect("it can be written");
        String::from_utf8(body).expect("JSON is UTF-8")
    }
}

fn utf8(path: &Path) -> &Utf8Path {
    Utf8Path::from_path(path).expect("a temporary folder's path is UTF-8")
}

fn read(path: &Utf8Path, text: &str, format: Format) -> Film {
    let document = Document::read(Source::new("film", path, text.to_owned(), format));
    assert!(document.findings.is_empty(), "{text}\n{:?}", document.findings);
    let shape = Form::storyboard().check(&document);
    assert!(shape.findings.is_empty(), "{text}\n{:?}", shape.findings);
    Film::new(Arc::new(Checked::new(document, shape)), Vec::new(), Vec::new())
}

/// Texts that YAML and TOML would misread, were they written carelessly.
const NASTY: &[&str] = &[
    "on",
    "yes",
    "no",
    "null",
    "~",
    "true",
    "017",
    "0x1F",
    "1e3",
    "1_000",
    ".inf",
    "2001-01-01",
    "12:30:45",
    "=",
    "<<",
    "- a",
    "? a",
    "a: b",
    "a # b",
    "#b",
    "@a",
    "`a`",
    "%a",
    "!a b",
    "&a b",
    "*a",
    "|",
    ">-",
    "{a}",
    "[a",
    "\"a\" b",
    "'a' b",
    "a\tb",
    "a\nb",
    "a\n\n  b\n c",
    "a \nb",
    "a\r\nb",
    "a\rb",
    "\u{feff}a",
    "a\u{85}b",
    "a\u{2028}b",
    "a\u{0}b",
    "a\u{7f}b",
    "a\u{1b}[31mb",
    "\u{202e}a",
    "$mara",
    "$$",
    "$20",
    "$$$a",
    "a$",
    "海\u{1f6a2}",
    "a\\nb",
    "---",
    "...",
    "a'''b",
    "a\"\"\"b",
    "- id: a",
    "a\n- id: b\nshots:",
    "<<<voice_1>>> says: \"Hm.\"",
    "a:",
    ":a",
    "a,b",
    "-",
    "--- a\n...\nb",
];

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => select(NASTY).prop_map(str::to_owned),
        2 => "[a-z ,.$:#'\"-]{1,60}",
        1 => any::<String>(),
        1 => vec(select(NASTY), 1..4).prop_map(|parts| parts.join("\n")),
        1 => "([a-z]{3,9} ){30,90}",
    ]
    .prop_map(|text| text.trim().to_owned())
    .prop_filter("blank texts are not sent", |text| !text.is_empty())
}

/// White space around a text, which is not sent.
fn padded(text: &str, seed: u8) -> String {
    let around = ["", " ", "\n", "\t ", "\u{a0}"];
    format!("{}{text}{}", around[seed as usize % 5], around[seed as usize / 5 % 5])
}

const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC";
const JPEG: &str = "/9j/4AAQSkZJRgABAQEAYABgAAA=";

fn picture() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(PNG.to_owned()),
        Just(JPEG.to_owned()),
        "[a-z]{1,5}".prop_map(|name| format!("https://stills.example/{name}.png?a=1&b=#c")),
    ]
}

/// A picture as people write it.
fn picture_as_found(picture: &str, seed: u8) -> String {
    match seed % 4 {
        _ if picture.starts_with("http") => picture.to_owned(),
        0 => format!("data:image/png;base64,{picture}"),
        1 => format!("{}\r\n{}", &picture[..12], &picture[12..]),
        2 => picture.trim_end_matches('=').to_owned(),
        _ => picture.to_owned(),
    }
}

fn number() -> impl Strategy<Value = Value> {
    prop_oneof![
        (1..=10_i64).prop_map(Value::from),
        (-10.0..10.0_f64).prop_filter("0 says nothing", |number| *number != 0.0).prop_map(Value::from),
        Just(json!(5.0)),
        Just(json!(1e-7)),
    ]
}

/// Any JSON that YAML and TOML can both write.
fn raw() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter("JSON has no others", |number| number.is_finite()).prop_map(Value::from),
        text().prop_map(Value::from),
        Just(json!("")),
        Just(json!("  a ")),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((text(), inner), 0..4).prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn camera_control() -> impl Strategy<Value = (Value, Value)> {
    const AXES: [&str; 6] = ["horizontal", "vertical", "pan", "tilt", "roll", "zoom"];
    let simple = (select(&AXES[..]), number(), any::<bool>()).prop_map(|(axis, number, short)| {
        let mut config: Map<String, Value> = AXES.iter().map(|axis| ((*axis).to_owned(), json!(0))).collect();
        config.insert(axis.into(), number.clone());
        let right = json!({"type": "simple", "config": config});
        let found = if short { json!({"type": "simple", "config": {axis: number}}) } else { right.clone() };
        (right, found)
    });
    let presets = select(&["down_back", "forward_up", "right_turn_forward", "left_turn_forward"][..]);
    let preset = (presets, any::<bool>()).prop_map(|(preset, with_config)| {
        let found = if with_config { json!({"type": preset, "config": null}) } else { json!({ "type": preset }) };
        (json!({ "type": preset }), found)
    });
    prop_oneof![simple, preset]
}

fn dynamic_masks() -> impl Strategy<Value = (Value, Value)> {
    let points = vec((0..2000_i64, 0..2000_i64), 2..5);
    vec((picture(), points, any::<u8>()), 1..3).prop_map(|masks| {
        let write = |as_found: bool| -> Value {
            let masks = masks.iter().map(|(mask, points, seed)| {
                let points = points.iter().map(|(x, y)| match as_found && seed % 2 == 0 {
                    true => json!({"x": *x as f64, "y": y}),
                    false => json!({"x": x, "y": y}),
                });
                let mask = if as_found { picture_as_found(mask, *seed) } else { mask.clone() };
                json!({"mask": mask, "trajectories": points.collect::<Vec<_>>()})
            });
            masks.collect()
        };
        (write(false), write(true))
    })
}

/// The cuts, and what else comes with them, in both forms.
fn cuts() -> impl Strategy<Value = (Vec<(String, u32)>, Index)> {
    (vec((text(), 1..6_u32), 1..=6), any::<Index>())
}

/// The fields that a body has, by their number.
fn fields() -> impl Strategy<Value = Vec<usize>> {
    subsequence((0..12).collect::<Vec<usize>>(), 0..12)
}

fn pair() -> impl Strategy<Value = Pair> {
    let models =
        select(&["kling-v1", "kling-v1-5", "kling-v2-master", "kling-v2-5-turbo", "kling-v2-6", "kling-v3"][..]);
    let texts = (text(), text(), any::<u8>(), any::<u8>());
    let pictures = (picture(), picture(), picture(), any::<u8>());
    let plain = (models, select(&["std", "pro", "4k"][..]), 1..16_u32, any::<bool>(), number(), any::<u8>());
    let groups =
        (camera_control(), dynamic_masks(), cuts(), vec("[0-9]{18}", 1..3), vec(("z_[a-z]{1,6}", raw()), 0..3));
    (fields(), texts, pictures, plain, groups).prop_map(|(has, texts, pictures, plain, groups)| {
        let has = |field: usize| has.contains(&field);
        let (prompt, negative, padding, padding_2) = texts;
        let (image, tail, still, look) = pictures;
        let (model, mode, seconds, flag, scale, odd) = plain;
        let (camera, masks, (cuts, first), voices, extras) = groups;
        let mut right = Map::new();
        let mut found = Map::new();
        let mut put = |name: &str, value: Value, as_found: Option<Value>| {
            right.insert(name.into(), value);
            if let Some(as_found) = as_found {
                found.insert(name.into(), as_found);
            }
        };
        let same = |put: &mut dyn FnMut(&str, Value, Option<Value>), name: &str, value: Value| {
            put(name, value.clone(), Some(value));
        };
        same(&mut put, "model_name", json!(model));
        put("image", json!(image), Some(json!(picture_as_found(&image, look))));
        if has(0) {
            put("image_tail", json!(tail), Some(json!(picture_as_found(&tail, look / 4))));
        }
        let has_cuts = has(1);
        let is_gateway = has(2);
        if has_cuts && is_gateway {
            put("prompt", json!(cuts[0].0), (odd & 1 == 0).then(|| json!(padded(&cuts[0].0, padding))));
        } else if !has_cuts && has(2) {
            put("prompt", json!(prompt), Some(json!(padded(&prompt, padding))));
        }
        if has(3) {
            put("negative_prompt", json!(negative), Some(json!(padded(&negative, padding_2))));
        }
        if has(4) {
            let list = |name: &str| voices.iter().map(|id| json!({ name: id })).collect::<Value>();
            put("voice_list", list("voice_id"), Some(list(if odd & 2 == 0 { "voice_id" } else { "voiceId" })));
        }
        if has(5) && ["kling-v2-6", "kling-v3"].contains(&model) {
            let sound = json!(if flag { "on" } else { "off" });
            put("sound", sound.clone(), Some(if odd & 4 == 0 { sound } else { json!(flag) }));
        }
        if has(6) {
            let scale = json!(scale.as_f64().map_or(0.5, f64::abs) / 10.0);
            same(&mut put, "cfg_scale", if odd & 8 == 0 { json!(1) } else { scale });
        }
        put("mode", json!(mode), (mode != "std" || odd & 16 == 0).then(|| json!(mode)));
        if has(7) {
            put("static_mask", json!(still), Some(json!(picture_as_found(&still, look / 16))));
        }
        let sum: u32 = cuts.iter().map(|(_, seconds)| seconds).sum();
        if has_cuts {
            put("multi_shot", json!(true), Some(if odd & 32 == 0 { json!(true) } else { json!("true") }));
            put("shot_type", json!("customize"), (odd & 64 == 0).then(|| json!("customize")));
            let write = |as_found: bool| -> Vec<Value> {
                let cut = |(index, (prompt, seconds)): (usize, &(String, u32))| match as_found && odd & 128 == 0 {
                    true => json!({"index": index, "prompt": padded(prompt, padding), "duration": seconds}),
                    false => json!({"index": index + 1, "prompt": prompt, "duration": seconds.to_string()}),
                };
                cuts.iter().enumerate().map(cut).collect()
            };
            let mut shuffled = write(true);
            let from = first.index(shuffled.len());
            shuffled.rotate_left(from);
            put("multi_prompt", write(false).into(), Some(shuffled.into()));
        }
        if has(8) {
            put("dynamic_masks", masks.0, Some(masks.1));
        }
        if has(9) {
            put("camera_control", camera.0, Some(camera.1));
        }
        let seconds = match (has_cuts, has(10)) {
            (true, true) => sum,
            (false, true) => 5,
            _ => seconds,
        };
        let can_go_unsaid = has(10) && odd & 1 == 0;
        let digits = json!(seconds.to_string());
        put("duration", digits.clone(), (!can_go_unsaid).then(|| if odd & 2 == 0 { json!(seconds) } else { digits }));
        if has(11) {
            same(&mut put, "watermark_info", json!({ "enabled": flag }));
        }
        for (name, value) in extras {
            same(&mut put, &name, value);
        }
        if odd & 4 != 0 {
            found.entry("image_tail").or_insert(Value::Null);
            found.entry("negative_prompt").or_insert(json!(" "));
            found.entry("dynamic_masks").or_insert(json!([]));
        }
        Pair { right, found }
    })
}

/// Bodies whose known fields hold anything at all.
fn any_body() -> impl Strategy<Value = Value> {
    let names = select(
        &[
            "model_name",
            "model",
            "image",
            "image_tail",
            "prompt",
            "negative_prompt",
            "voice_list",
            "sound",
            "cfg_scale",
            "mode",
            "static_mask",
            "multi_shot",
            "shot_type",
            "multi_prompt",
            "dynamic_masks",
            "camera_control",
            "duration",
            "watermark_info",
            "external_task_id",
            "body",
            "shot",
            "notes",
            "x-a",
        ][..],
    );
    let value = prop_oneof![
        4 => raw(),
        1 => Just(Value::Null),
        1 => any::<u64>().prop_map(Value::from),
        1 => camera_control().prop_map(|camera| camera.1),
        1 => dynamic_masks().prop_map(|masks| masks.1),
        1 => Just(json!([{"index": 1, "prompt": "a", "duration": "5"}])),
        1 => Just(json!("true")),
        1 => picture().prop_map(Value::from),
    ];
    vec((names, value), 0..8)
        .prop_map(|fields| Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()))
}
