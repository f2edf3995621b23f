//! `camera_control` to the camera, `static_mask` and `dynamic_masks` to the brush.

use indexmap::IndexMap;
use serde_json::Number;

use super::node::{Data, Group, Node};
use crate::kling::{Axis, Preset};
use crate::language::storyboard::{Camera, Move};

type Noted<T> = Result<(T, Option<&'static str>), String>;

const IN_WORDS: &str = "say it in words, `camera: locked off`";

/// The camera of a `camera_control`, and what is to be said of it.
pub(super) fn camera(control: &Node) -> Noted<Camera> {
    let control = control.as_group().ok_or("a group of fields belongs here")?;
    let kind = control.get("type").filter(|kind| !kind.is_blank());
    let preset = match kind.map(|kind| &kind.data) {
        None => None,
        Some(Data::Text(kind)) if kind == "simple" => None,
        Some(Data::Text(kind)) => {
            let kind = crate::text::shown::words(kind);
            Some(Preset::parse(&kind).ok_or_else(|| format!("Kling has no camera move `{kind}`: {IN_WORDS}"))?)
        }
        Some(_) => return Err("its `type` is not text".into()),
    };
    if let Some(unknown) = control.keys().find(|name| !["type", "config"].contains(&&***name)) {
        return Err(format!("the language has no word for its field `{unknown}`: {IN_WORDS}"));
    }
    let empty = Group::new();
    let config = match control.get("config").map(|config| &config.data) {
        None | Some(Data::Null) => None,
        Some(Data::Group(config)) => Some(config),
        Some(_) => return Err("its `config` is not a group of fields".into()),
    };
    match (preset, kind) {
        (Some(preset), _) => {
            let note = config.map(|_| "a ready-made move has no `config`: it is not sent");
            Ok((Camera::Preset { preset }, note))
        }
        (None, None) if config.is_none() => Err("it says neither `type` nor `config`".into()),
        (None, None) => Ok((axes(config.unwrap_or(&empty))?, Some("its `type` is missing: `simple` is sent"))),
        (None, Some(_)) => Ok((axes(config.unwrap_or(&empty))?, None)),
    }
}

/// The axes that are not 0; the others need not be written.
pub(super) fn axes(config: &Group) -> Result<Camera, String> {
    let mut moved = IndexMap::new();
    for (name, value) in config {
        let axis = Axis::parse(name).ok_or_else(|| format!("the camera has no axis `{name}`"))?;
        match &value.data {
            Data::Null => {}
            Data::Number(number) if number.as_f64() == Some(0.0) => {}
            Data::Number(number) => {
                moved.insert(axis, number.clone());
            }
            _ => return Err(format!("`{name}` is not a number")),
        }
    }
    Ok(Camera::Move(moved))
}

/// The moves of a `dynamic_masks`, their masks as `reference` names them.
pub(super) fn moves(
    masks: &Node,
    mut reference: impl FnMut(&str, usize) -> Result<String, String>,
) -> Noted<Vec<Move>> {
    let masks = masks.as_list().ok_or("a list belongs here")?;
    let mut note = None;
    let mut moves = Vec::new();
    for (index, item) in masks.iter().enumerate() {
        let number = index + 1;
        let fields = item.as_group().ok_or_else(|| format!("item {number} is not a group of fields"))?;
        if let Some(unknown) = fields.keys().find(|name| !["mask", "trajectories"].contains(&&***name)) {
            return Err(format!("item {number} has a field that the language has no word for, `{unknown}`"));
        }
        let mask = fields.get("mask").and_then(Node::as_str).ok_or_else(|| format!("item {number} has no `mask`"))?;
        let points = fields.get("trajectories").and_then(Node::as_list);
        let points = points.ok_or_else(|| format!("item {number} has no list `trajectories`"))?;
        let path =
            points.iter().map(|point| self::point(point, &mut note)).collect::<Option<Vec<_>>>().ok_or_else(|| {
                format!("item {number} has a point that is not `{{\"x\": …, \"y\": …}}` in whole pixels")
            })?;
        moves.push(Move { mask: reference(mask, number)?, path, ..Move::default() });
    }
    Ok((moves, note))
}

fn point(point: &Node, note: &mut Option<&'static str>) -> Option<[i64; 2]> {
    let [x, y] = match &point.data {
        Data::List(pair) => {
            *note = Some("points written as pairs are sent as `{\"x\": …, \"y\": …}`");
            let [x, y] = &pair[..] else { return None };
            [x, y]
        }
        Data::Group(fields) if fields.len() == 2 => [fields.get("x")?, fields.get("y")?],
        _ => return None,
    };
    let mut whole = |node: &Node| match &node.data {
        Data::Number(number) => pixels(number, note),
        _ => None,
    };
    Some([whole(x)?, whole(y)?])
}

fn pixels(number: &Number, note: &mut Option<&'static str>) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if let Some(whole) = number.as_i64() {
        return Some(whole);
    }
    let number = number.as_f64().filter(|number| number.fract() == 0.0 && number.abs() < EXACT)?;
    *note = Some("points are whole pixels: they are sent without a decimal point");
    Some(number as i64)
}
