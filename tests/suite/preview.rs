//! `preview`: the page as a file. What a browser makes of it is tested in `tests/preview`.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::support::*;

const FILM: &str = r#"storyboard: 1
title: The Crossing
budget: { clips: 2, seconds: 40, units: 1 }
defaults: { model: kling-v3, mode: pro, style: [film] }
styles: { film: 35mm film }
cast:
  mara: { look: a woman in her sixties, voice: "829877809978941442" }
scenes:
  - id: quay
    heading: EXT. QUAY - DAWN
    shots:
      - id: quay-010
        first_frame: frames/wide.png
        last_frame: frames/gone.png
        prompt: Fog lifts off the water.
        camera: slow push in
        use: [0.5, 3]
      - id: quay-020
        first_frame: https://stills.example.com/a.png
        sound: on
        prompt: $mara waits.
        lines: [{ mara: { text: It is late., manner: in a whisper } }]
      - id: quay-030
        first_frame: frames/wide.png
        cuts:
          - { duration: 2, prompt: Close on the rope. }
          - { duration: 3, prompt: The bollard. }
      - { id: quay-040, skip: true, first_frame: frames/wide.png, prompt: Later. }
"#;

fn page_of(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, &[&["preview"], arguments].concat());
    assert!(!output.stdout.is_empty(), "{}", transcript(&output));
    String::from_utf8(output.stdout).expect("the page is UTF-8")
}

fn stage_with(film: &str) -> tempfile::TempDir {
    let stage = stage();
    fs::write(stage.path().join("film.storyboard.yaml"), film).expect("the stage can be written to");
    stage
}

/// What is between `from` and the next `to`, for each `from`.
fn between<'t>(text: &'t str, from: &'t str, to: &'t str) -> Vec<&'t str> {
    text.split(from).skip(1).filter_map(|rest| Some(rest.split_once(to)?.0)).collect()
}

/// The card of a shot, without its tags.
fn card(page: &str, shot: &str) -> String {
    let mut cards = between(page, "<article", "</article>").into_iter();
    let card = cards.find(|card| card.contains(&format!("-name\">{shot}</h4>"))).expect("the shot has a card");
    let mut text = String::new();
    let mut is_tag = false;
    for character in card.chars() {
        is_tag |= character == '<';
        if !is_tag {
            text.push(character);
        }
        is_tag &= character != '>';
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn has(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "{word} is not in: {text}");
    }
}

#[test]
fn each_card_says_what_is_sent_what_it_costs_and_what_is_wrong() {
    let stage = stage_with(FILM);
    let page = page_of(stage.path(), &["film.storyboard.yaml"]);
    let first = card(&page, "quay-010");
    has(&first, &["kling-v3 pro", "5 s, used 0.5–3 s", "silent", "4 units, $0.56", "held back"]);
    has(
        &first,
        &["styles35mm film.", "actionFog lifts off the water.", "cameraCamera: slow push in.", "of 2,500 characters"],
    );
    has(&first, &["frames/gone.png", "there is no such file", "asset-not-found"]);
    has(&card(&page, "quay-020"), &["a URL: it is not fetched", "sound, Mara", "lines", "says, in a whisper:"]);
    has(&card(&page, "quay-030"), &["1 2 s", "2 3 s", "Close on the rope.", "of 512 characters"]);
    has(&card(&page, "quay-040"), &["not made yet", "skip"]);
    // The plan says the same of the whole.
    let plan = run(stage.path(), &["plan", "film.storyboard.yaml"]);
    let sentence = String::from_utf8_lossy(&plan.stdout).lines().last().unwrap_or_default().to_owned();
    let sentence = sentence.split(". ").next().expect("a sentence");
    has(&page, &[sentence, "<title>The Crossing", "EXT. QUAY - DAWN", "12.5 s", "budget-exceeded", "of 1, over"]);
}

#[test]
fn a_page_is_made_of_a_film_with_errors_and_the_status_says_so() {
    let stage = stage_with(FILM);
    assert_eq!(run(stage.path(), &["preview", "film.storyboard.yaml"]).status.code(), Some(1));
    assert_eq!(run(stage.path(), &["preview", "none.yaml"]).status.code(), Some(2));
    let broken = stage_with("storyboard: 1\nshots: [\n");
    assert!(page_of(broken.path(), &["film.storyboard.yaml"]).contains("syntax"));
}

#[test]
fn nothing_in_the_page_comes_from_outside_of_it() {
    let stage = stage_with(FILM);
    let page = page_of(stage.path(), &["film.storyboard.yaml"]);
    let policies = between(&page, "http-equiv=\"Content-Security-Policy\" content=\"", "\"");
    let [policy] = policies[..] else { panic!("one policy, not {policies:?}") };
    has(policy, &["default-src 'none'", "base-uri 'none'", "form-action 'none'", "img-src data:"]);
    assert!(!policy.contains("unsafe") && !policy.contains("http") && !policy.contains('*'), "{policy}");
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    let styles = between(&page, "<style>", "</style>");
    assert_eq!(styles.len(), 1);
    assert!(policy.contains(&format!("style-src {}", hash(styles[0]))), "{policy}");
    let scripts = between(&page, "<script>", "</script>");
    assert_eq!(scripts.len(), 1);
    assert!(policy.contains(&format!("script-src {}", hash(scripts[0]))), "{policy}");
    assert_eq!(page.matches("<script").count(), 2, "the player and its data");
    for link in [" src=", "href=\"http", "href=\"//", "@import", "url(http", " style=", " onclick="] {
        assert!(!page.contains(link), "{link}");
    }
    // The frame is in it, once however often it is shown.
    assert_eq!(page.matches("data:image/jpeg;base64,").count(), 1);
    assert_eq!(page, page_of(stage.path(), &["film.storyboard.yaml"]), "the same film gives the same bytes");
}

#[test]
fn no_text_of_a_storyboard_becomes_markup() {
    const HOSTILE: &str = "</script></title></style><img src=x onerror=alert(1)>\\\" ' onload=alert(2) \\u202Eevil {{ 7 * 7 }} `a` sk-0123456789abcdefghijklmnop";
    let film = format!(
        "storyboard: 1\ntitle: \"{0}\"\nstyles: {{ s: \"{0}\" }}\ncast: {{ mara: {{ name: \"{0}\", look: \"{0}\", voice: \"1\" }} }}\n\
         defaults: {{ model: kling-v2-6, mode: pro, sound: true, style: [s], negative_prompt: \"{0}\" }}\n\
         scenes:\n  - id: \"{0}\"\n    heading: \"{0}\"\n    shots:\n\
         \x20     - {{ id: \"{0}\", first_frame: \"{0}.png\", last_frame: \"https://a.example/{0}\", prompt: \"$mara {0}\", camera: \"{0}\", lines: [{{ mara: {{ text: \"{0}\", manner: \"{0}\" }} }}], \"{0}\": 1 }}\n\
         \x20     - {{ id: b, model: kling-v3, first_frame: frames/wide.png, cuts: [{{ duration: 2, prompt: \"{0}\" }}, {{ duration: 3, prompt: \"{0}\" }}] }}\n",
        HOSTILE
    );
    let stage = stage_with(&film);
    let page = page_of(stage.path(), &["film.storyboard.yaml"]);
    assert!(page.matches("onerror").count() > 10, "the texts are shown");
    assert!(!page.contains("<img"), "a tag came through");
    assert_eq!((page.matches("<script").count(), page.matches("</script").count()), (2, 2));
    assert_eq!((page.matches("</style").count(), page.matches("</title").count()), (1, 1));
    assert!(!page.contains('\u{202e}') && page.contains("U+202Eevil"), "a bidirectional override came through");
    assert!(!page.contains("7 * 7 }}") || page.contains("{{ 7 * 7 }}"), "a text was run as a template");
    assert!(!page.contains("sk-0123456789"), "a key is shown");
    // No attribute ends early: in each tag, the quotes are paired.
    for tag in between(&page, "<", ">").iter().filter(|tag| !tag.contains("function")) {
        assert!(tag.matches('"').count() % 2 == 0 || tag.contains("=>") || tag.contains('\n'), "{tag}");
    }
}

#[test]
fn a_page_of_a_hundred_frames_stays_small() {
    let stage = stage();
    let mut seed = 7_u32;
    let noise = image::RgbImage::from_fn(320, 300, |_, _| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        image::Rgb([(seed >> 24) as u8, (seed >> 16) as u8, (seed >> 8) as u8])
    });
    let mut film = "storyboard: 1\ndefaults: { model: kling-v3 }\nshots:\n".to_owned();
    let first = stage.path().join("frames/n0.png");
    noise.save(&first).expect("the frame is written");
    for index in 0..100 {
        let frame = format!("frames/n{index}.png");
        if index > 0 {
            fs::copy(&first, stage.path().join(&frame)).expect("the frame is copied");
        }
        film.push_str(&format!("  - {{ id: s{index}, first_frame: {frame}, prompt: \"Fog lifts, {index}.\" }}\n"));
    }
    fs::write(stage.path().join("film.storyboard.yaml"), film).expect("the film is written");
    let page = page_of(stage.path(), &["film.storyboard.yaml"]);
    assert_eq!(page.matches("data:image/jpeg;base64,").count(), 100);
    assert!(page.len() < 8_000_000, "{} bytes", page.len());
}

#[test]
fn originals_are_kept_where_they_are_wanted() {
    let stage = stage_with(FILM);
    let page = page_of(stage.path(), &["film.storyboard.yaml", "--full-size"]);
    let original = STANDARD.encode(fs::read(stage.path().join("frames/wide.png")).expect("the frame"));
    assert!(page.contains(&format!("data:image/png;base64,{original}")));
}

#[test]
fn the_page_is_written_whole_with_its_folders() {
    let stage = stage_with(FILM);
    let output = run(stage.path(), &["preview", "film.storyboard.yaml", "--output", "out/film.html"]);
    assert!(output.stdout.is_empty());
    has(&String::from_utf8_lossy(&output.stderr), &["out/film.html: "]);
    let page = fs::read_to_string(stage.path().join("out/film.html")).expect("the page is written");
    assert_eq!(page, page_of(stage.path(), &["film.storyboard.yaml"]));
    let left: Vec<_> = fs::read_dir(stage.path().join("out")).expect("the folder").collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[test]
fn markdown_names_the_frames_and_keeps_texts_apart_from_markup() {
    let hostile = FILM.replace("Fog lifts off the water.", "\"@octocat | <img src=x> [a](b) #1 `c` \\u202E\"");
    let stage = stage_with(&hostile);
    let table = page_of(stage.path(), &["film.storyboard.yaml", "--format", "markdown"]);
    has(&table, &["## The Crossing", "### EXT&#46; QUAY - DAWN", "src=\"frames/wide.png\"", "4 units, &#36;0&#46;56"]);
    has(&table, &["**Mara** It is late&#46;", "<code>&#64;octocat</code>", "<code>&#35;1</code>", "U&#43;202E"]);
    assert!(!table.contains("<img src=x") && !table.contains("| <img src=x") && !table.contains('\u{202e}'), "{table}");
    // Each row keeps its three cells.
    let rows = table.lines().filter(|line| line.starts_with("| <img") || line.starts_with("| https"));
    assert!(rows.clone().count() >= 3, "{table}");
    rows.for_each(|row| assert_eq!(row.matches(" |").count(), 3, "{row}"));
    run(stage.path(), &["preview", "film.storyboard.yaml", "--format", "markdown", "--output", "out/film.md"]);
    let below = fs::read_to_string(stage.path().join("out/film.md")).expect("the table is written");
    has(&below, &["src=\"../frames/wide.png\""]);
}

#[test]
fn a_page_has_an_end() {
    let mut film = "storyboard: 1\nshots:\n".to_owned();
    for index in 0..2_001 {
        film.push_str(&format!("  - {{ id: s{index}, skip: true }}\n"));
    }
    let stage = stage_with(&film);
    let output = run(stage.path(), &["preview", "film.storyboard.yaml"]);
    assert_eq!(output.status.code(), Some(2));
    has(&String::from_utf8_lossy(&output.stderr), &["2001 shots", "2000", "name fewer"]);
}
