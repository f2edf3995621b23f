//! `camera_control` to the camera, `static_mask` and `dynamic_masks` to the brush.

use indexmap::IndexMap;
use serde_json::{Map, Number, Value};

use crate::kling::{Axis, Preset};
use crate::language::storyboard::{Camera, Move};

type Noted<T> = Result<(T, Option<&'static str>), String>;

/// The camera of a `camera_control`, and what is to be said of it.
pub(super) fn camera(control: &Value) -> Noted<Camera> {
    let control = control.as_object().ok_or("a group of fields belongs here")?;
    if let Some(unknown) = control.keys().find(|name| !["type", "config"].contains(&&***name)) {
        return Err(format!("the language has no word for its field `{unknown}`"));
    }
    let empty = Map::new();
    let config = match control.get("config") {
        None | Some(Value::Null) => None,
        Some(Value::Object(config)) => Some(config),
        Some(_) => return Err("its `config` is no group of fields".into()),
    };
    match control.get("type") {
        None | Some(Value::Null) if config.is_none() => Err("it says neither `type` nor `config`".into()),
        None | Some(Value::Null) => {
            Ok((axes(config.unwrap_or(&empty))?, Some("its `type` is missing: `simple` is sent")))
        }
        Some(Value::String(kind)) if kind == "simple" => Ok((axes(config.unwrap_or(&empty))?, None)),
        Some(Value::String(kind)) => {
            let preset = Preset::parse(kind).ok_or_else(|| format!("Kling has no move `{kind}`"))?;
            let note = config.map(|_| "a ready-made move has no `config`: it is not sent");
            Ok((Camera::Preset { preset }, note))
        }
        Some(_) => Err("its `type` is no text".into()),
    }
}

/// The axes that are not 0; the others go without saying.
fn axes(config: &Map<String, Value>) -> Result<Camera, String> {
    let mut moved = IndexMap::new();
    for (name, value) in config {
        let axis = Axis::parse(name).ok_or_else(|| format!("the camera has no axis `{name}`"))?;
        match value {
            Value::Null => {}
            Value::Number(number) if number.as_f64() == Some(0.0) => {}
            Value::Number(number) => {
                moved.insert(axis, number.clone());
            }
            _ => return Err(format!("`{name}` is no number")),
        }
    }
    Ok(Camera::Move(moved))
}

/// The moves of a `dynamic_masks`, their masks as `reference` names them.
pub(super) fn moves(
    masks: &Value,
    mut reference: impl FnMut(&str, usize) -> Result<String, String>,
) -> Noted<Vec<Move>> {
    let masks = masks.as_array().ok_or("a list belongs here")?;
    let mut note = None;
    let mut moves = Vec::new();
    for (index, item) in masks.iter().enumerate() {
        let number = index + 1;
        let fields = item.as_object().ok_or_else(|| format!("item {number} is no group of fields"))?;
        if let Some(unknown) = fields.keys().find(|name| !["mask", "trajectories"].contains(&&***name)) {
            return Err(format!("item {number} has a field that the language has no word for, `{unknown}`"));
        }
        let mask = fields.get("mask").and_then(Value::as_str).ok_or_else(|| format!("item {number} has no `mask`"))?;
        let points = fields.get("trajectories").and_then(Value::as_array);
        let points = points.ok_or_else(|| format!("item {number} has no list `trajectories`"))?;
        let path =
            points.iter().map(|point| self::point(point, &mut note)).collect::<Option<Vec<_>>>().ok_or_else(|| {
                format!("item {number} has a point that is not `{{\"x\": …, \"y\": …}}` in whole pixels")
            })?;
        moves.push(Move { mask: reference(mask, number)?, path, ..Move::default() });
    }
    Ok((moves, note))
}

fn point(point: &Value, note: &mut Option<&'static str>) -> Option<[i64; 2]> {
    let fields = point.as_object().filter(|fields| fields.len() == 2)?;
    let mut whole = |name: &str| pixels(fields.get(name)?.as_number()?, note);
    Some([whole("x")?, whole("y")?])
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
