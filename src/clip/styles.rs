//! Which styles hold: from the farthest bible's defaults to the shot or the cut, `style` replaces what has come so far and
//! `add_style` adds to it; a name counts once, at its first place.

use crate::language::{Cut, Field, Film, List, Shot, Text};

/// The styles of a shot.
pub(super) fn of_shot<'f>(film: &'f Film, shot: &'f Shot) -> Vec<&'f Text> {
    let mut levels: Vec<_> = film.levels(shot).collect();
    levels.reverse();
    let mut styles = Vec::new();
    for level in levels {
        apply(&mut styles, &level.style, &level.add_style);
    }
    styles
}

/// The styles of a cut of a shot that has the styles `of_shot`.
pub(super) fn of_cut<'f>(of_shot: &[&'f Text], cut: &'f Cut) -> Vec<&'f Text> {
    let mut styles = of_shot.to_vec();
    apply(&mut styles, &cut.style, &cut.add_style);
    styles
}

fn apply<'f>(styles: &mut Vec<&'f Text>, style: &'f Field<List<Text>>, add_style: &'f Field<List<Text>>) {
    if !style.is_absent() {
        styles.clear();
    }
    for name in names(style).chain(names(add_style)).take(MOST) {
        if styles.len() < MOST && !styles.iter().any(|earlier| earlier.value == name.value) {
            styles.push(name);
        }
    }
}

/// More styles than any prompt has room for: what goes beyond is not looked at. (Each style takes one character or more.)
const MOST: usize = 2_500;

fn names(style: &Field<List<Text>>) -> impl Iterator<Item = &Text> {
    style.valid().into_iter().flat_map(|style| style.value.items.iter())
}
