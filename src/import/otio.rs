//! A cut as OpenTimelineIO's JSON has it, whichever program wrote it.

use percent_encoding::percent_decode_str;

use super::Fault;
use super::cut::{self, Known, Used};
use super::find::Finder;
use super::node::{Data, Node};
use crate::language::Excerpt;
use crate::language::frames::{self, Rate};

/// Whether a value is one of OpenTimelineIO's.
pub(super) fn is_otio(root: &Node) -> bool {
    root.get("OTIO_SCHEMA").is_some()
}

/// Reads a cut.
///
/// # Errors
/// It has no clip in it.
pub(super) fn read(finder: &mut Finder, root: &Node) -> Result<(), Fault> {
    // A collection holds several timelines: all of them are the cut.
    children(finder, root, 0);
    match finder.found.cut.is_some() {
        true => Ok(()),
        false => Err(finder.fault(root.line, "this timeline has no clip of a shot in it")),
    }
}

/// How deep stacks are followed.
const DEEPEST: usize = 64;

fn children(finder: &mut Finder, node: &Node, depth: usize) {
    let is = |schema: &str| node.get("OTIO_SCHEMA").and_then(Node::as_str).is_some_and(|own| own.starts_with(schema));
    let is_sound = node.get("kind").and_then(Node::as_str) == Some("Audio");
    if depth > DEEPEST || is_sound {
        return;
    }
    if is("Clip.") {
        clip(finder, node);
    }
    if let Some(tracks) = node.get("tracks") {
        children(finder, tracks, depth + 1);
    }
    for child in node.get("children").and_then(Node::as_list).unwrap_or_default() {
        children(finder, child, depth + 1);
    }
}

fn clip(finder: &mut Finder, clip: &Node) {
    let is_off = clip.get("enabled").map(|node| &node.data) == Some(&Data::Bool(false));
    let ours = clip.at(&["metadata", "clapboard"]);
    let word = |name: &str| ours.and_then(|ours| ours.get(name)).and_then(Node::words);
    let media = media(clip);
    let file = media.and_then(|media| media.get("target_url")).and_then(Node::as_str);
    let file = file.map(|url| percent_decode_str(url).decode_utf8_lossy().into_owned());
    let of_file = file.as_deref().and_then(cut::of_file);
    let name = clip
        .get("name")
        .and_then(Node::as_str)
        .and_then(|name| cut::of_file(name).map(|(shot, _)| shot).or(Some(name.to_owned())));
    let shot = word("shot").or_else(|| of_file.as_ref().map(|(shot, _)| shot.clone())).or(name);
    let Some(shot) = shot.filter(|shot| !shot.is_empty() && !is_off) else { return };
    let available = media.and_then(|media| media.get("available_range")).and_then(range);
    let Some(wanted) = clip.get("source_range").and_then(range).or(available) else { return };
    // A clip's own frames may begin at a timecode.
    let origin = available.map_or(0.0, |available| available.start);
    let rate = wanted.rate;
    let frame = |seconds: f64| rate.frame(seconds);
    let (from, to) = (frame(wanted.start - origin), frame(wanted.start - origin + wanted.length));
    let seconds = word("seconds").and_then(|seconds| seconds.parse::<u64>().ok());
    let used = Used {
        line: clip.line,
        film: word("film"),
        // What is known of the take is of the file that was there at the export.
        take: of_file.and_then(|(_, take)| take).or_else(|| word("take").and_then(|take| take.parse().ok())),
        rate,
        from,
        to: to.max(from + 1),
        shot,
    };
    let written = ours.and_then(|ours| ours.get("use")).and_then(Node::as_list).and_then(|pair| {
        let [from, to] = [0, 1].map(|index| pair.get(index).and_then(number));
        let (from, to) = (from?, to?);
        let whole = rate.frame(seconds? as f64);
        let is_same = frames::used(Some(Excerpt { from, to }), rate, whole) == (used.from, used.to);
        is_same.then_some([from, to])
    });
    let notes = clip.get("markers").and_then(Node::as_list).and_then(|markers| {
        let texts = markers.iter().filter_map(|marker| marker.get("comment")?.words().filter(|text| !text.is_empty()));
        Some(texts.collect::<Vec<_>>().join("\n")).filter(|text| !text.is_empty())
    });
    let known = Known { scene: word("heading").or(word("scene")), prompt: word("prompt"), notes, seconds, written };
    cut::add(finder, used, known);
}

/// The media of a clip, in the older and the newer form.
fn media(clip: &Node) -> Option<&Node> {
    let active = clip.get("active_media_reference_key").and_then(Node::as_str).unwrap_or("DEFAULT_MEDIA");
    clip.get("media_reference").or_else(|| clip.at(&["media_references", active]))
}

/// A range in seconds.
#[derive(Clone, Copy)]
struct Range {
    rate: Rate,
    start: f64,
    length: f64,
}

fn range(node: &Node) -> Option<Range> {
    let time = |name: &str| {
        let time = node.get(name)?;
        let rate = time.get("rate").and_then(number).filter(|rate| *rate > 0.0)?;
        Some((time.get("value").and_then(number)? / rate, rate))
    };
    let ((start, rate), (length, _)) = (time("start_time")?, time("duration")?);
    Some(Range { rate: Rate::of(rate).unwrap_or_default(), start, length })
}

fn number(node: &Node) -> Option<f64> {
    match &node.data {
        Data::Number(number) => number.as_f64().filter(|number| number.is_finite()),
        _ => None,
    }
}
