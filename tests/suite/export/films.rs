//! Films that are made up, right or nearly so, with texts that formats trip over.

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

/// Texts that are something else to some format.
pub const TEXTS: &[&str] = &[
    "Fog lifts.",
    "=HYPERLINK(\"https://a.example\")",
    "$mara waves, it costs $20 and $$ale.",
    "-5",
    "+1 @SUM(A1)",
    "'quoted",
    "'=1",
    "a,b;\"c\"\nd\r\ne",
    "渡轮 🚢 é",
    "5",
    "true",
    "[1]",
    "{\"a\": 1}",
    "null",
    "<b>&\"' --> ]]>",
    "mara: hello (quietly): there",
    "* LOC: 01:00:00:00 RED",
    "Two words\tand a tab",
];

fn text() -> BoxedStrategy<String> {
    prop_oneof![3 => select(TEXTS).prop_map(str::to_owned), 1 => "[ -~]{0,30}"].boxed()
}

fn one_of(values: Vec<Value>) -> BoxedStrategy<Value> {
    select(values).boxed()
}

/// Fields that stand on a shot and in defaults.
fn settings() -> Vec<(&'static str, BoxedStrategy<Value>)> {
    let names = || subsequence(vec!["film", "dawn", "noir"], 0..3).prop_map(|names| json!(names)).boxed();
    vec![
        ("mode", one_of(vec![json!("std"), json!("pro")])),
        ("duration", one_of(vec![json!(5), json!(10), json!("5")])),
        ("sound", one_of(vec![json!("on"), json!("off"), json!(true)])),
        ("cfg_scale", one_of(vec![json!(0.5), json!(1), json!(0)])),
        ("negative_prompt", text().prop_map(Value::from).boxed()),
        ("style", names()),
        ("add_style", names()),
        (
            "camera",
            prop_oneof![text().prop_map(Value::from), Just(json!({"zoom": 4})), Just(json!({"preset": "forward_up"}))]
                .boxed(),
        ),
        ("watermark", one_of(vec![json!(true), json!(false)])),
    ]
}

fn own() -> Vec<(&'static str, BoxedStrategy<Value>)> {
    let line = prop_oneof![
        (select(vec!["mara", "tom"]), text()).prop_map(|(who, words)| json!({ who: words })),
        (select(vec!["mara", "tom"]), text(), text())
            .prop_map(|(who, words, manner)| json!({ who: {"text": words, "manner": manner} })),
    ];
    let cut = (1..4u32, text(), any::<bool>()).prop_map(|(seconds, prompt, styled)| {
        let mut cut = json!({"duration": seconds, "prompt": prompt});
        if styled {
            cut["add_style"] = json!(["noir"]);
        }
        cut
    });
    let used = (0..400u32, 1..400u32)
        .prop_map(|(from, length)| json!([f64::from(from) / 100.0, f64::from(from + length) / 100.0]));
    let spoken = prop_oneof![
        2 => text().prop_map(|prompt| json!({"prompt": prompt})),
        2 => (text(), vec(line, 1..4)).prop_map(|(prompt, lines)| json!({"prompt": prompt, "lines": lines})),
        1 => vec(cut, 1..4).prop_map(|cuts| json!({"cuts": cuts})),
    ];
    vec![
        ("*", spoken.boxed()),
        ("model", one_of(vec![json!("kling-v3"), json!("kling-v2-6"), json!("kling-v1")])),
        ("last_frame", one_of(vec![json!("frames/end.png"), json!("https://a.example/e.png")])),
        ("use", prop_oneof![used, (1..500u32).prop_map(|to| json!(f64::from(to) / 100.0))].boxed()),
        ("skip", one_of(vec![json!(true), json!(false)])),
        (
            "kling",
            one_of(vec![json!({"callback_url": "https://a.example"}), json!({"a": [1, {"b": null}], "c": "=1"})]),
        ),
        ("notes", prop_oneof![text().prop_map(Value::from), Just(json!({"a": [1, true]})), Just(json!(7))].boxed()),
        (
            "brush",
            one_of(vec![
                json!({"still": "masks/sky.png"}),
                json!({"move": [{"mask": "masks/boat.png", "path": [[1, 2], [3, 4]]}], "origin": "bottom_left"}),
            ]),
        ),
    ]
}

/// Some of the fields.
fn some(fields: Vec<(&'static str, BoxedStrategy<Value>)>, chance: f64) -> BoxedStrategy<Map<String, Value>> {
    let each: Vec<_> = fields
        .into_iter()
        .map(|(name, value)| {
            let chance = if name == "*" { 0.95 } else { chance };
            weighted(chance, value).prop_map(move |value| (name, value))
        })
        .collect();
    each.prop_map(|fields| {
        let mut map = Map::new();
        for (name, value) in fields {
            match value {
                Some(Value::Object(together)) if name == "*" => map.extend(together),
                Some(value) => _ = map.insert(name.into(), value),
                None => {}
            }
        }
        map
    })
    .boxed()
}

fn shot() -> BoxedStrategy<Map<String, Value>> {
    (some(settings(), 0.2), some(own(), 0.3))
        .prop_map(|(mut settings, own)| {
            settings.extend(own);
            settings
        })
        .boxed()
}

/// A film, as the JSON that YAML is.
pub fn film() -> BoxedStrategy<Value> {
    let scene = (weighted(0.5, some(settings(), 0.2)), weighted(0.7, text()), vec(shot(), 1..4));
    let scenes = vec(scene, 1..4);
    (some(settings(), 0.2), prop_oneof![scenes.prop_map(Ok), vec(shot(), 1..6).prop_map(Err)], text(), text())
        .prop_map(|(mut defaults, shots, title, look)| {
            defaults.insert("model".into(), "kling-v3".into());
            defaults.insert("first_frame".into(), "frames/wide.png".into());
            let mut film = json!({
                "storyboard": 1,
                "title": title,
                "cast": {"mara": {"look": look, "voice": "829877809978941442"}, "tom": {"name": "=Tom, \"T\""}},
                "styles": {"film": "35mm", "dawn": "=cold", "noir": "black\nand white"},
                "defaults": defaults,
            });
            let mut number = 0;
            let mut named = |mut shot: Map<String, Value>| {
                number += 1;
                shot.insert("id".into(), format!("s-{number}").into());
                Value::Object(shot)
            };
            match shots {
                Err(shots) => film["shots"] = shots.into_iter().map(named).collect(),
                Ok(scenes) => {
                    let scenes = scenes.into_iter().enumerate().map(|(index, (defaults, heading, shots))| {
                        let mut scene = json!({"id": format!("c-{index}")});
                        if let Some(defaults) = defaults {
                            scene["defaults"] = Value::Object(defaults);
                        }
                        if let Some(heading) = heading.filter(|heading| !heading.trim().is_empty()) {
                            scene["heading"] = heading.into();
                        }
                        scene["shots"] = shots.into_iter().map(&mut named).collect();
                        scene
                    });
                    film["scenes"] = scenes.collect();
                }
            }
            film
        })
        .boxed()
}
