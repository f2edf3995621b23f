//! Where in a document's form an error is, and what that place is called.

use std::borrow::Cow;

use jsonschema::ValidationError;
use jsonschema::paths::LocationSegment;

use crate::language::words::Level;
use crate::syntax::NodeId;
use crate::text::shown;

/// A step of a path into a document.
#[derive(Clone, Debug)]
pub(super) enum Segment {
    Name(String),
    Index,
}

pub(super) fn path_of(error: &ValidationError<'_>) -> Vec<Segment> {
    error
        .instance_path()
        .segments()
        .map(|segment| match segment {
            LocationSegment::Property(name) => Segment::Name(name.into_owned()),
            LocationSegment::Index(_) => Segment::Index,
        })
        .collect()
}

/// The node that an error is about; see `Instance` for how it gets into the error.
pub(super) fn node_of(error: &ValidationError<'_>) -> Option<NodeId> {
    error.instance().as_u64().map(|number| NodeId(number as u32))
}

/// The field that a path ends in, or whose list it ends in.
pub(super) fn field(path: &[Segment]) -> &str {
    let name = path.iter().rev().find_map(|segment| match segment {
        Segment::Name(name) => Some(&**name),
        Segment::Index => None,
    });
    name.unwrap_or_default()
}

pub(super) fn is_item(path: &[Segment]) -> bool {
    matches!(path.last(), Some(Segment::Index))
}

/// Whose words count for the keys of the mapping at `path`; `None` where keys are names.
pub(super) fn level(path: &[Segment], is_config: bool) -> Option<Level> {
    if is_config {
        return Some(Level::Config);
    }
    match path {
        [] => Some(Level::Film),
        [.., Segment::Name(list), Segment::Index] => match &**list {
            "shots" => Some(Level::Shot),
            "scenes" => Some(Level::Scene),
            "cuts" => Some(Level::Cut),
            "move" => Some(Level::Brush),
            _ => None,
        },
        [.., Segment::Name(list), Segment::Index, Segment::Name(_)] if list == "lines" => Some(Level::Line),
        [Segment::Name(cast), Segment::Name(_)] if cast == "cast" => Some(Level::Cast),
        [.., Segment::Name(name)] => match &**name {
            "defaults" => Some(Level::Settings),
            "camera" => Some(Level::Camera),
            "brush" => Some(Level::Brush),
            _ => None,
        },
        _ => None,
    }
}

/// The name of the mapping at `path`, in a writer's words.
pub(super) fn noun<'a>(path: &[Segment], top: &'a str) -> Cow<'a, str> {
    match path {
        [] => top.into(),
        [.., Segment::Name(list), Segment::Index] => match &**list {
            "shots" => "a shot".into(),
            "scenes" => "a scene".into(),
            "cuts" => "a cut".into(),
            "move" => "a move of the brush".into(),
            other => format!("`{}`", shown::words(other)).into(),
        },
        [.., Segment::Name(list), Segment::Index, Segment::Name(_)] if list == "lines" => "a line".into(),
        [Segment::Name(cast), Segment::Name(_)] if cast == "cast" => "a cast member".into(),
        [.., Segment::Name(name)] => format!("`{}`", shown::words(name)).into(),
        _ => "this".into(),
    }
}

/// The name of a value: its field, or its place in a list.
pub(super) fn subject(path: &[Segment]) -> String {
    match path {
        [.., Segment::Name(list), Segment::Index, Segment::Index] if list == "path" => "a point's number".into(),
        [.., Segment::Name(list), Segment::Index] => match &**list {
            "shots" => "a shot".into(),
            "scenes" => "a scene".into(),
            "cuts" => "a cut".into(),
            "lines" => "a line".into(),
            "path" => "a point".into(),
            "move" => "a move".into(),
            _ => format!("each item of `{}`", shown::words(list)),
        },
        [.., Segment::Name(list), Segment::Index, Segment::Name(speaker)] if list == "lines" => {
            format!("what `{}` says", shown::words(speaker))
        }
        [.., Segment::Name(name)] => format!("`{}`", shown::words(name)),
        _ => "this".into(),
    }
}
