//! Which clip a shot asks for: one identity however the shot is written and wherever it is sent, and another one for every
//! change of a pixel, a word or a second.

use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;

use clapboard::check::Workspace;
use clapboard::clip::{Clip, LONGEST_TEXT, TooLong, clips};
use clapboard::judge::Levels;
use clapboard::kling::Target;
use clapboard::text::FileId;
use proptest::prelude::*;
use proptest::sample::select;
use tempfile::TempDir;

use super::properties::hold;
use super::support::*;

/// The stage with `wide.png` under another name, and once more with a byte changed.
static STAGE: LazyLock<TempDir> = LazyLock::new(|| {
    let stage = stage();
    let frames = stage.path().join("frames");
    let mut wide = fs::read(frames.join("wide.png")).expect("the stage has it");
    fs::write(frames.join("copy.png"), &wide).expect("the stage can be written to");
    *wide.last_mut().expect("it is not empty") ^= 1;
    fs::write(frames.join("touched.png"), &wide).expect("the stage can be written to");
    stage
});

/// Names and values of fields, as YAML within `{ … }`.
type Fields = Vec<(&'static str, String)>;

fn identity(defaults: &Fields, shot: &Fields, target: Target) -> String {
    let mapping =
        |fields: &Fields| fields.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join(", ");
    let text = format!(
        "storyboard: 1\nstyles: {{ film: grain, ink: wash }}\ncast: {{ ada: {{ look: tall }} }}\n\
         defaults: {{ {} }}\nshots:\n  - {{ {} }}\n",
        mapping(defaults),
        mapping(shot)
    );
    identity_of(text, target)
}

/// The identity of a storyboard's first shot.
fn identity_of(text: String, target: Target) -> String {
    let path = STAGE.path().join("film.storyboard.yaml");
    let file = FileId::new("film.storyboard.yaml", path.to_str().expect("a temporary folder's path is UTF-8"));
    let checked = Workspace::on_disk(Some(target), Levels::default()).check_bytes(&file, text.clone().into_bytes());
    let clips = clips(&checked.film, checked.facts, checked.target);
    clips[0].identity(&checked.project.library).unwrap_or_else(|why| panic!("{why}\n{text}")).sha256
}

/// Fields of a shot that can be bought, some of them left out.
fn shots() -> impl Strategy<Value = Fields> {
    let some = |name: &'static str, values: &[&str]| {
        let values: Vec<String> = values.iter().map(|value| (*value).to_owned()).collect();
        prop::option::of(select(values)).prop_map(move |value| value.map(|value| (name, value)))
    };
    (
        some("mode", &["std", "4k"]),
        some("duration", &["5", "7"]),
        some("sound", &["off"]),
        some("cfg_scale", &["0", "1", "0.5"]),
        some("negative_prompt", &["\"\"", "\"haze, $ada\""]),
        some("style", &["[film]", "[]"]),
        some("camera", &["\"locked off\""]),
        some("watermark", &["false"]),
        some("kling", &["{ callback_url: \"https://a.example.com/k\" }"]),
        some("use", &["3", "[1, 2.5]"]),
    )
        .prop_map(|(a, b, c, d, e, f, g, h, i, j)| {
            let always = [
                ("id", "one".to_owned()),
                ("model", "kling-v3".to_owned()),
                ("first_frame", "frames/wide.png".to_owned()),
                ("prompt", "\"$ada waves. \"".to_owned()),
            ];
            always.into_iter().chain([a, b, c, d, e, f, g, h, i, j].into_iter().flatten()).collect()
        })
}

/// The fields with one of them set.
fn with(fields: &Fields, name: &'static str, value: &str) -> Fields {
    let mut fields = fields.clone();
    fields.retain(|(other, _)| *other != name);
    fields.push((name, value.to_owned()));
    fields
}

/// The fields with those defaults written out that are not written.
fn with_defaults_written(fields: &Fields) -> Fields {
    let mut fields = fields.clone();
    for (name, value) in [("mode", "std"), ("duration", "5"), ("sound", "off"), ("watermark", "false")] {
        if !fields.iter().any(|(other, _)| *other == name) {
            fields.push((name, value.to_owned()));
        }
    }
    fields
}

/// The same numbers, written in another way.
fn with_other_numbers(fields: &Fields) -> Fields {
    let other = |name: &str, value: &str| match (name, value) {
        ("cfg_scale", "0" | "1") => format!("{value}.0"),
        ("cfg_scale", _) => format!("{value}00"),
        ("duration", _) => format!("\"{value}\""),
        _ => value.to_owned(),
    };
    fields.iter().map(|(name, value)| (*name, other(name, value))).collect()
}

#[test]
fn a_clip_is_the_same_however_it_is_written_and_wherever_it_is_sent() {
    let shuffled = shots().prop_flat_map(|shot| (Just(shot.clone()), Just(shot).prop_shuffle()));
    hold(60, &shuffled, |(shot, shuffled)| {
        let none = Vec::new();
        let clip = identity(&none, &shot, Target::Gateway);
        let of_shot = |(name, _): &(&str, String)| ["id", "prompt", "kling", "use"].contains(name);
        let (own, inherited): (Fields, Fields) = shot.iter().cloned().partition(of_shot);
        let written = [
            ("shuffled", identity(&none, &shuffled, Target::Gateway)),
            ("on the other target", identity(&none, &shot, Target::Official)),
            ("with defaults written", identity(&none, &with_defaults_written(&shot), Target::Gateway)),
            ("with other numbers", identity(&none, &with_other_numbers(&shot), Target::Gateway)),
            ("inherited", identity(&inherited, &own, Target::Gateway)),
            ("renamed", identity(&none, &with(&shot, "id", "two"), Target::Gateway)),
            ("the same picture", identity(&none, &with(&shot, "first_frame", "frames/copy.png"), Target::Gateway)),
            (
                "called back",
                identity(&none, &with(&shot, "kling", "{ callback_url: \"https://b.example.com\" }"), Target::Gateway),
            ),
            ("cut in another way", identity(&none, &with(&shot, "use", "[0.5, 4]"), Target::Gateway)),
            ("trimmed", identity(&none, &with(&shot, "prompt", "\" $ada waves.\""), Target::Gateway)),
        ];
        for (how, identity) in written {
            prop_assert_eq!(&clip, &identity, "{}: {:?}", how, shot);
        }
        Ok(())
    });
}

#[test]
fn every_change_of_a_pixel_a_word_or_a_second_makes_another_clip() {
    let changes = [
        ("model", "kling-v2-6"),
        ("mode", "pro"),
        ("duration", "6"),
        ("sound", "on"),
        ("cfg_scale", "0.25"),
        ("negative_prompt", "fog"),
        ("style", "[film, ink]"),
        ("camera", "slow push in"),
        ("watermark", "true"),
        ("first_frame", "frames/touched.png"),
        ("first_frame", "\"https://stills.example.com/wide.png\""),
        ("last_frame", "frames/wide.png"),
        ("prompt", "\"$ada waves\""),
        ("prompt", "\"$ada Waves.\""),
        ("lines", "[{ ada: Hello. }]"),
        ("lines", "[{ ada: { text: Hello., manner: softly } }]"),
        ("kling", "{ element_list: [{ element_id: 160 }] }"),
        ("kling", "{ element_list: [{ element_id: 161 }] }"),
    ];
    hold(30, &shots(), |shot| {
        let none = Vec::new();
        let mut known = BTreeSet::from([identity(&none, &shot, Target::Gateway)]);
        for (name, value) in changes {
            let changed = with(&shot, name, value);
            prop_assert!(known.insert(identity(&none, &changed, Target::Gateway)), "{name}: {value} in {shot:?}");
        }
        Ok(())
    });
}

/// Shots of old models, and of casts, that ask for one clip however they are written; each group for another clip.
const OTHERS: &[&[&str]] = &[
    &["model: kling-v1", "model: kling-v1, voices: []", "model: kling-v1, camera: \"\"", "model: kling-v1, kling: {}"],
    &[
        "model: kling-v1, camera: { zoom: 4 }",
        "model: kling-v1, camera: { zoom: 4.0 }",
        "model: kling-v1, camera: { pan: 0, zoom: 4 }",
    ],
    &["model: kling-v1, camera: { zoom: 5 }"],
    &["model: kling-v1, camera: { pan: 4 }"],
    &["model: kling-v1, camera: { preset: forward_up }"],
    &["model: kling-v1, camera: { preset: down_back }"],
    &[
        "model: kling-v1, brush: { still: masks/sky.png }",
        "model: kling-v1, brush: { still: masks/sky.png, origin: bottom_left }",
        "model: kling-v1, brush: { still: masks/../masks/sky.png }",
    ],
    &["model: kling-v1, brush: { still: masks/boat.png }"],
    &[
        "model: kling-v1, brush: { move: [{ mask: masks/boat.png, path: [[0, 0], [9, 700]] }] }",
        "model: kling-v1, brush: { origin: bottom_left, move: [{ mask: masks/boat.png, path: [[0, 719], [9, 19]] }] }",
    ],
    &["model: kling-v1, brush: { move: [{ mask: masks/boat.png, path: [[0, 0], [9, 701]] }] }"],
    &["model: kling-v1, brush: { move: [{ mask: masks/sky.png, path: [[0, 0], [9, 700]] }] }"],
    &["model: kling-v2-6, mode: pro, sound: on, lines: [{ eva: Hello. }]"],
    &["model: kling-v2-6, mode: pro, sound: on, lines: [{ finn: Hello. }]"],
    &["model: kling-v3, prompt: $ada waves."],
    &["model: kling-v3, prompt: $ben waves."],
    &["model: kling-v3-turbo", "model: kling-v3-turbo, sound: on", "model: kling-v3-turbo, sound: off"],
    &["model: kling-v3, cuts: auto"],
    &["model: kling-v3, cuts: [{ duration: 5, prompt: A wave. }]"],
    &["model: kling-v3, cuts: [{ duration: 2, prompt: A wave. }, { duration: 3, prompt: A wave. }]"],
    &["model: kling-v3, cuts: [{ duration: 3, prompt: A wave. }, { duration: 2, prompt: A wave. }]"],
];

#[test]
fn controls_voices_elements_and_cuts_are_a_part_of_the_clip() {
    let mut known = BTreeSet::new();
    for group in OTHERS {
        let of = |shot: &&str| {
            let text = format!(
                "storyboard: 1\ndefaults: {{ first_frame: frames/wide.png, prompt: A wave. }}\ncast:\n  \
                 ada: {{ name: Ada, look: tall, element: \"171\" }}\n  ben: {{ name: Ada, look: tall, element: \"172\" }}\n  \
                 eva: {{ name: Eva, voice: \"81\" }}\n  finn: {{ name: Eva, voice: \"82\" }}\nshots:\n  - {{ id: one, {shot} }}\n"
            );
            identity_of(text, Target::Official)
        };
        let same: BTreeSet<String> = group.iter().map(of).collect();
        assert_eq!(same.len(), 1, "{group:?}");
        assert!(known.is_disjoint(&same), "{group:?}");
        known.extend(same);
    }
}

/// The first clip of a film with such a shot, and what `look` finds in it.
fn in_clip<T>(shot: &str, look: impl FnOnce(&Clip<'_>) -> T) -> T {
    let text =
        format!("storyboard: 1\nshots:\n  - {{ id: one, model: kling-v2-6, first_frame: frames/wide.png, {shot} }}\n");
    let checked = Workspace::on_disk(None, Levels::default()).check_bytes(
        &FileId::new("film.yaml", STAGE.path().join("film.yaml").to_str().expect("UTF-8")),
        text.into_bytes(),
    );
    look(&clips(&checked.film, checked.facts, checked.target)[0])
}

/// Kling takes far less; names and styles could make a text of any length.
#[test]
fn a_text_is_built_up_to_the_longest_and_no_longer() {
    for (length, is_built) in [(LONGEST_TEXT, true), (LONGEST_TEXT + 1, false)] {
        let words = "x".repeat(length);
        let built = |built: Result<String, TooLong>| built.map_or(0, |text| text.len());
        let prompt = in_clip(&format!("prompt: {words}"), |clip| built(clip.prompts[0].text()));
        let negative = in_clip(&format!("prompt: A wave., negative_prompt: {words}"), |clip| {
            built(clip.sent_negative_prompt().expect("it is not blank").build())
        });
        assert_eq!([prompt, negative], [if is_built { length } else { 0 }; 2]);
    }
}

/// As many as a prompt has room for.
#[test]
fn no_more_styles_are_looked_at_than_a_prompt_can_hold() {
    let styles = |count: usize| (0..count).map(|number| format!("s{number}")).collect::<Vec<_>>().join(", ");
    for (written, added, kept) in [(2_500, 0, 2_500), (2_501, 0, 2_500), (2_499, 1, 2_500), (2_500, 1, 2_500)] {
        let shot = format!("prompt: A wave., style: [{}], add_style: [{}]", styles(written), "t".repeat(added));
        assert_eq!(in_clip(&shot, |clip| clip.styles.len()), kept, "{written} and {added}");
    }
    // Neither where each level has as many, nor twice where two levels have the same.
    for (inherited, added, kept) in [(styles(2_500), "t", 2_500), (styles(2), "t", 3), (styles(2), "s1", 2)] {
        let shot = format!("prompt: A wave., add_style: [{added}] }}\ndefaults: {{ style: [{inherited}]");
        assert_eq!(in_clip(&shot, |clip| clip.styles.len()), kept, "{added}");
    }
}
