//! A first or last frame, or an honest placeholder for it.

use camino::Utf8Path;
use serde::Serialize;

use super::link::link;
use super::pictures::{Pictures, Shown};
use crate::assets::Reference;
use crate::check::CheckedFilm;
use crate::clip::Clip;
use crate::language::Text;
use crate::text::shown::{line, words};

#[derive(Debug, Serialize)]
pub(super) struct Frame {
    pub role: &'static str,
    /// As written.
    pub name: String,
    /// The element with the picture.
    pub picture: Option<String>,
    pub width: usize,
    pub height: usize,
    /// Why there is no picture.
    pub why: Option<String>,
    /// The file, from the page's folder.
    pub link: Option<String>,
}

impl Frame {
    pub fn new(
        role: &'static str,
        text: Option<&Text>,
        clip: &Clip<'_>,
        take: &CheckedFilm,
        pictures: &Pictures,
        folder: &Utf8Path,
    ) -> Frame {
        let (mut width, mut height) = (1280, 720);
        let blank = |name: &str, why: &str| (words(name), Err(why.to_owned()), None);
        let (name, shown, link) = match text {
            None => blank("", "no first frame"),
            Some(text) => match (Reference::of(&text.value), clip.picture(text, &take.project.library)) {
                (Reference::Url(_), _) => blank(&text.value, "a URL: it is not fetched"),
                (Reference::Inline, _) => blank("", "the picture's own data"),
                (_, Ok(Some(picture))) => {
                    let link = link(folder, &picture.path);
                    let shown = pictures.get(&picture).map_err(str::to_owned);
                    (line(&text.value), shown, Some(link))
                }
                (_, Ok(None)) => blank(&text.value, "it is not shown"),
                (_, Err(why)) => blank(&text.value, &why.reason),
            },
        };
        let picture: Result<&Shown, String> = shown;
        if let Ok(shown) = &picture {
            (width, height) = (shown.width, shown.height);
        }
        let why = picture.as_ref().err().map(|why| line(why));
        Frame { role, name, picture: picture.ok().map(|shown| shown.id.clone()), width, height, why, link }
    }
}
