//! The drawing over a shot's first frame: the brush's masks and paths, and the camera's move as an arrow.

use serde::Serialize;

use super::Pictures;
use crate::check::CheckedFilm;
use crate::clip::{Clip, SentText};
use crate::kling::{Axis, Preset};
use crate::language::{Brush, Camera, CameraControl, Text};
use crate::text::shown::line;

/// In pixels of the first frame.
#[derive(Debug, Default, Serialize)]
pub(super) struct Drawing {
    pub masks: Vec<Mask>,
    /// The points of each path, as SVG has them.
    pub paths: Vec<String>,
    /// The strokes of the camera's arrow, on a field of 160 by 90.
    pub camera: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Mask {
    /// The element with the picture.
    pub picture: String,
    pub is_still: bool,
}

impl Drawing {
    pub fn new(clip: &Clip<'_>, take: &CheckedFilm, pictures: &Pictures) -> Drawing {
        let camera = match clip.camera.value() {
            Some(Camera::Control(control)) => strokes(control),
            _ => Vec::new(),
        };
        let Some(brush) = clip.shot.brush.value() else {
            return Drawing { camera, ..Drawing::default() };
        };
        let height = clip.first_frame.value().and_then(|frame| {
            let picture = clip.picture(frame, &take.project.library).ok()??;
            pictures.get(&picture).ok().map(|shown| shown.height)
        });
        let Some(height) = height else { return Drawing { camera, ..Drawing::default() } };
        let moves = brush.r#move.valid().map(|moves| &moves.value.items[..]).unwrap_or_default();
        let mask = |text: &Text, is_still: bool| {
            let picture = clip.picture(text, &take.project.library).ok()??;
            let shown = pictures.get(&picture).ok()?;
            Some(Mask { picture: shown.id.clone(), is_still })
        };
        let still = brush.still.valid().and_then(|text| mask(&text.value, true));
        let moving = moves.iter().filter_map(|moved| mask(&moved.mask.valid()?.value, false));
        let paths = moves.iter().map(|moved| moved.path.valid().map(|path| &path.value.items[..]).unwrap_or_default());
        let paths = paths.filter_map(|points| path(clip, brush, points, height, take)).collect();
        Drawing { masks: still.into_iter().chain(moving).collect(), paths, camera }
    }
}

/// Kling counts from the bottom, SVG from the top.
fn path(
    clip: &Clip<'_>,
    brush: &Brush,
    points: &[crate::language::Point],
    height: usize,
    take: &CheckedFilm,
) -> Option<String> {
    const MOST: usize = 1_000;
    let points = points.iter().take(MOST).map(|point| {
        let (x, y) = clip.point(brush, point, &take.project.library).ok()?;
        Some(format!("{x},{}", (height as i64 - 1).saturating_sub(y)))
    });
    let points: Option<Vec<String>> = points.collect();
    points.filter(|points| points.len() > 1).map(|points| points.join(" "))
}

/// The camera in words, or as its axes and numbers.
pub(super) fn camera_label(clip: &Clip<'_>) -> Option<String> {
    match clip.camera.value()? {
        Camera::Words(words) => {
            let text = SentText::new(words, clip.film).build().map_or_else(|why| why.to_string(), |text| line(&text));
            Some(text).filter(|text| !text.is_empty())
        }
        Camera::Control(CameraControl { axes, preset }) => {
            let preset = preset.valid().map(|preset| preset.value.as_str().replace('_', " "));
            let axes = axes.iter().filter_map(|(axis, _, number)| {
                let number = &number.valid()?.value;
                let doubt = if is_doubtful(*axis) { " (Kling's pages disagree on its direction)" } else { "" };
                Some(format!("{} {number}{doubt}", axis.as_str()))
            });
            let label = preset.into_iter().chain(axes).collect::<Vec<_>>().join(", ");
            Some(label).filter(|label| !label.is_empty())
        }
    }
}

/// Kling's Chinese and English pages give these opposite meanings: an arrow would be a guess.
fn is_doubtful(axis: Axis) -> bool {
    matches!(axis, Axis::Pan | Axis::Tilt)
}

fn strokes(control: &CameraControl) -> Vec<String> {
    if let Some(preset) = control.preset.valid() {
        return match preset.value {
            Preset::DownBack => [vec![along(0.0, 6.0)], corners(6.0)].concat(),
            Preset::ForwardUp => [vec![along(0.0, -6.0)], corners(-6.0)].concat(),
            Preset::RightTurnForward => [vec![turn(1.0)], corners(-6.0)].concat(),
            Preset::LeftTurnForward => [vec![turn(-1.0)], corners(-6.0)].concat(),
        };
    }
    let mut strokes = Vec::new();
    for (axis, _, number) in &control.axes {
        let Some(value) = number.valid().and_then(|number| number.value.as_f64()) else { continue };
        let value = value.clamp(-10.0, 10.0);
        match axis {
            _ if value == 0.0 => {}
            Axis::Horizontal => strokes.push(along(value, 0.0)),
            Axis::Vertical => strokes.push(along(0.0, -value)),
            Axis::Zoom => strokes.extend(corners(value)),
            Axis::Roll => strokes.push(roll(value)),
            Axis::Pan | Axis::Tilt => {}
        }
    }
    strokes
}

/// A straight arrow from the middle; 10 is as far as it goes.
fn along(right: f64, down: f64) -> String {
    let reach =
        |value: f64, most: f64| if value == 0.0 { 0.0 } else { value.signum() * (6.0 + value.abs() * most / 10.0) };
    format!("M80 45l{:.1} {:.1}", reach(right, 58.0), reach(down, 28.0))
}

/// An arrow at each corner: outwards where the view widens, inwards where it narrows.
fn corners(value: f64) -> Vec<String> {
    let length = 4.0 + value.abs() * 1.2;
    let sides = [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)];
    let corner = |(x, y): (f64, f64)| {
        let at = |out: f64| (80.0 + x * (36.0 + out * 1.6), 45.0 + y * (18.0 + out * 0.9));
        let (from, to) = if value > 0.0 { (at(0.0), at(length)) } else { (at(length), at(0.0)) };
        format!("M{:.1} {:.1}L{:.1} {:.1}", from.0, from.1, to.0, to.1)
    };
    sides.into_iter().map(corner).collect()
}

/// An arc over the middle, clockwise for a value above 0.
fn roll(value: f64) -> String {
    let half = (20.0 + value.abs() * 6.0_f64).to_radians();
    let (dx, dy) = (26.0 * half.sin(), 26.0 * half.cos());
    let (from, to, sweep) = if value > 0.0 { (-dx, dx, 1) } else { (dx, -dx, 0) };
    format!("M{:.1} {:.1}A26 26 0 0 {sweep} {:.1} {:.1}", 80.0 + from, 52.0 - dy, 80.0 + to, 52.0 - dy)
}

/// A turn to the right (1) or the left (-1) on the way forward.
fn turn(side: f64) -> String {
    format!("M80 66q0 -26 {:.1} -28", side * 34.0)
}
