//! Final Cut Pro's XML against what Apple documents of version 1.9. Its DTD comes with Final Cut Pro alone and may not be passed
//! on, so that the part of it which is written here is a table.

use std::collections::HashSet;

use roxmltree::{Document, Node, ParsingOptions};

use super::Project;

/// An element, the attributes that it must have, those that it may have, and what is in it, in this order.
type Rule = (&'static str, &'static [&'static str], &'static [&'static str], &'static [&'static str]);

const RULES: &[Rule] = &[
    ("fcpxml", &["version"], &[], &["resources", "library"]),
    ("resources", &[], &[], &["format|asset"]),
    ("format", &["id"], &["name", "frameDuration", "width", "height"], &[]),
    (
        "asset",
        &["id"],
        &["name", "start", "duration", "hasVideo", "format", "hasAudio", "audioSources", "audioChannels"],
        &["media-rep"],
    ),
    ("media-rep", &["src"], &["kind"], &[]),
    ("library", &[], &[], &["event"]),
    ("event", &[], &["name"], &["project"]),
    ("project", &[], &["name"], &["sequence"]),
    ("sequence", &["format"], &["duration", "tcStart", "tcFormat"], &["spine"]),
    ("spine", &[], &[], &["asset-clip|video|gap"]),
    (
        "asset-clip",
        &["ref"],
        &["offset", "name", "start", "duration", "format", "tcFormat"],
        &["note", "marker|chapter-marker", "metadata"],
    ),
    ("video", &["ref", "duration"], &["offset", "name", "start"], &["note", "marker|chapter-marker"]),
    ("gap", &["duration"], &["offset", "name", "start"], &["note", "marker|chapter-marker", "metadata"]),
    ("note", &[], &[], &[]),
    ("marker", &["start", "value"], &["duration", "note", "completed"], &[]),
    ("chapter-marker", &["start", "value"], &["duration", "posterOffset"], &[]),
    ("metadata", &[], &[], &["md"]),
    ("md", &["key"], &["value", "type", "displayName"], &[]),
];

pub fn with_dtd<'o>() -> ParsingOptions<'o> {
    ParsingOptions { allow_dtd: true, ..ParsingOptions::default() }
}

fn look_at(node: Node<'_, '_>, ids: &HashSet<&str>) {
    let name = node.tag_name().name();
    let (_, must, may, children) = RULES.iter().find(|rule| rule.0 == name).unwrap_or_else(|| panic!("<{name}>"));
    for attribute in must.iter() {
        assert!(node.has_attribute(*attribute), "<{name}> without `{attribute}`");
    }
    for attribute in node.attributes() {
        let known = must.contains(&attribute.name()) || may.contains(&attribute.name());
        assert!(known, "<{name} {}=…>", attribute.name());
        if ["ref", "format"].contains(&attribute.name()) {
            assert!(ids.contains(attribute.value()), "nothing is called {}", attribute.value());
        }
    }
    let mut at = 0;
    for child in node.children().filter(Node::is_element) {
        let is = |place: &&str| place.split('|').any(|name| name == child.tag_name().name());
        let found = children[at..].iter().position(is);
        at += found.unwrap_or_else(|| panic!("<{}> in <{name}>, or too late", child.tag_name().name()));
        look_at(child, ids);
    }
}

/// A time in thousandths of a frame at `fps`.
fn frames(time: &str, fps: f64) -> f64 {
    let time = time.strip_suffix('s').expect("seconds");
    let (above, below) = time.split_once('/').unwrap_or((time, "1"));
    above.parse::<f64>().expect("a number") / below.parse::<f64>().expect("a number") * fps
}

#[test]
fn each_element_is_as_documented_and_the_timeline_has_no_gaps() {
    let project = Project::new();
    for (fps, stills) in [("24", true), ("23.976", false), ("59.94", true)] {
        let mut arguments = vec!["--out", "cut.fcpxml", "--fps", fps];
        arguments.extend(stills.then_some("--stills"));
        project.export(&arguments);
        let text = project.read("cut.fcpxml");
        let document = Document::parse_with_options(&text, with_dtd()).expect("XML");
        let ids: HashSet<&str> = document.descendants().filter_map(|node| node.attribute("id")).collect();
        look_at(document.root_element(), &ids);
        let rate = match fps {
            "23.976" => 24_000.0 / 1001.0,
            "59.94" => 60_000.0 / 1001.0,
            fps => fps.parse().expect("a number"),
        };
        let spine = document.descendants().find(|node| node.has_tag_name("spine")).expect("a spine");
        let mut end = None;
        for item in spine.children().filter(Node::is_element) {
            let [offset, length] =
                ["offset", "duration"].map(|name| frames(item.attribute(name).expect("a time"), rate));
            for frame in [offset, length] {
                assert!((frame - frame.round()).abs() < 1e-6, "{frame} is between two frames");
            }
            assert!(end.is_none_or(|end: f64| (end - offset).abs() < 1e-6), "{end:?} {offset}");
            end = Some(offset + length);
        }
    }
}
