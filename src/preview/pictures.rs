//! The pictures of a page: each file once however many shots show it, and small unless the originals are wanted.

use std::collections::HashMap;
use std::io::{Cursor, Read};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use camino::Utf8PathBuf;
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, GrayImage, ImageFormat, ImageReader, Limits};
use rayon::prelude::*;
use serde::Serialize;

use crate::assets::{Format, Picture};
use crate::check::CheckedFilm;
use crate::clip::clips;

use super::shrink::shrink;

/// The limit for all small pictures of a page, in bytes before base64 adds a third: a page of 100 shots stays below 8 MB.
const ROOM: usize = 5_000_000;
/// The limit for the originals of a page, in bytes.
const MOST_ORIGINALS: u64 = 400_000_000;
/// More pixels are not decoded.
const MOST_PIXELS: usize = 64_000_000;
/// The limit for a decoder's allocations for one picture, in bytes.
const MOST_ALLOCATED: u64 = 512_000_000;
/// A file of more bytes is not read.
const MOST_BYTES: u64 = 64_000_000;

/// Widths in pixels and JPEG qualities that are tried, until a picture fits into its share of the room. The last is taken anyway.
const RUNGS: &[(u32, u8)] = &[(1120, 82), (960, 80), (720, 78), (560, 74), (400, 68), (280, 56), (200, 50)];
/// The bytes that a JPEG of a photograph takes for a pixel at these qualities, about.
const BYTES_A_PIXEL: f64 = 0.17;
/// The most that one rung's lower quality may save of the bytes of a pixel.
const LESS_BY_QUALITY: f64 = 0.8;

/// The originals of the frames are too much for one page.
#[derive(Debug, thiserror::Error)]
#[error("the frames are {} MB together, and a page takes {} MB", .0 / 1_000_000, MOST_ORIGINALS / 1_000_000)]
pub struct TooMuch(u64);

/// The pictures of a page.
#[derive(Debug, Default)]
pub struct Pictures {
    of_file: HashMap<Utf8PathBuf, usize>,
    shown: Vec<Result<Shown, String>>,
}

/// A picture as it is in the page.
#[derive(Debug, Serialize)]
pub(super) struct Shown {
    /// Its element in the page.
    pub id: String,
    /// Width in pixels, of the original.
    pub width: usize,
    /// Height in pixels, of the original.
    pub height: usize,
    /// A `data:` address.
    pub href: String,
    /// Whether it is a mask, and not shown by itself.
    pub is_mask: bool,
}

impl Pictures {
    /// Reads the frames and masks of all shots, on all cores.
    ///
    /// # Errors
    /// Originals are wanted, and are too much for a page.
    pub fn of(films: &[CheckedFilm], full_size: bool) -> Result<Pictures, TooMuch> {
        let mut found: Vec<(Arc<Picture>, bool)> = Vec::new();
        let mut of_file = HashMap::new();
        for take in films {
            for clip in &clips(&take.film, take.facts, take.target) {
                for (text, is_mask) in clip.named_pictures() {
                    let Ok(Some(picture)) = clip.picture(text, &take.project.library) else { continue };
                    let next = of_file.len();
                    of_file.entry(picture.path.clone()).or_insert_with(|| {
                        found.push((picture, is_mask));
                        next
                    });
                }
            }
        }
        let bytes: u64 = found.iter().map(|(picture, _)| picture.bytes).sum();
        if full_size && bytes > MOST_ORIGINALS {
            return Err(TooMuch(bytes));
        }
        let room = ROOM / found.len().max(1);
        let shown = found.par_iter().enumerate().map(|(index, (picture, is_mask))| {
            let (width, height) = picture.pixels.ok_or("its size cannot be read")?;
            let id = format!("p{index}");
            let href = if full_size && !is_mask { original(picture) } else { small(picture, *is_mask, room) }?;
            Ok(Shown { id, width, height, href, is_mask: *is_mask })
        });
        Ok(Pictures { shown: shown.collect(), of_file })
    }

    /// The picture as it is in the page.
    ///
    /// # Errors
    /// Says why it cannot be shown.
    pub(super) fn get(&self, picture: &Picture) -> Result<&Shown, &str> {
        match self.of_file.get(&picture.path).and_then(|index| self.shown.get(*index)) {
            Some(shown) => shown.as_ref().map_err(String::as_str),
            None => Err("it is not part of the page"),
        }
    }

    /// All that can be shown.
    pub(super) fn all(&self) -> impl Iterator<Item = &Shown> {
        self.shown.iter().flatten()
    }
}

fn bytes_of(picture: &Picture) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::with_capacity(picture.bytes.min(MOST_BYTES) as usize + 1);
    let file = picture.open().map_err(|why| why.to_string())?;
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|why| why.to_string())?;
    if bytes.len() as u64 > MOST_BYTES { Err("the file is too large to be shown".into()) } else { Ok(bytes) }
}

fn address(kind: &str, bytes: &[u8]) -> String {
    let mut address = format!("data:image/{kind};base64,");
    STANDARD.encode_string(bytes, &mut address);
    address
}

fn format_of(picture: &Picture) -> Result<(ImageFormat, &'static str), String> {
    match picture.format {
        Format::Png => Ok((ImageFormat::Png, "png")),
        Format::Jpeg => Ok((ImageFormat::Jpeg, "jpeg")),
        Format::Other(what) => Err(format!("it is {what}")),
    }
}

fn original(picture: &Picture) -> Result<String, String> {
    let (_, kind) = format_of(picture)?;
    Ok(address(kind, &bytes_of(picture)?))
}

/// The picture as a JPEG that fits into `room` bytes, if any rung does.
fn small(picture: &Picture, is_mask: bool, room: usize) -> Result<String, String> {
    let (format, _) = format_of(picture)?;
    if picture.pixels.is_none_or(|(width, height)| width.saturating_mul(height) > MOST_PIXELS) {
        return Err("it has too many pixels to be shown".into());
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes_of(picture)?), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_ALLOCATED);
    reader.limits(limits);
    let decoded = reader.decode().map_err(|_| "it is damaged")?;
    let mut image = if is_mask { mask(&decoded).into() } else { DynamicImage::from(decoded.into_rgb8()) };
    let ratio = f64::from(image.height()) / f64::from(image.width());
    let is_likely = |width: u32| f64::from(width) * f64::from(width) * ratio * BYTES_A_PIXEL <= room as f64;
    let (last, rungs) = RUNGS.split_last().expect("there are rungs");
    let first = rungs.iter().position(|(width, _)| is_likely(*width)).unwrap_or(rungs.len());
    let mut tried: Option<f64> = None;
    for (width, quality) in rungs[first..].iter().chain([last]) {
        let is_last = width == &last.0;
        let share = (f64::from(*width) / f64::from(image.width())).min(1.0).powi(2);
        if !is_last && tried.is_some_and(|bytes| bytes * share * LESS_BY_QUALITY > room as f64) {
            continue;
        }
        if image.width() > *width {
            let height = (f64::from(*width) * ratio).round().max(1.0) as u32;
            image = shrink(&image, *width, height);
        }
        let mut bytes = Vec::new();
        let encoder = JpegEncoder::new_with_quality(&mut bytes, *quality);
        image.write_with_encoder(encoder).map_err(|why| why.to_string())?;
        if bytes.len() <= room || is_last {
            return Ok(address("jpeg", &bytes));
        }
        tried = Some(bytes.len() as f64);
    }
    Err("it is too large to be shown".into())
}

/// The area that a mask covers, in white: its alpha channel if that varies, or else its brightness.
fn mask(image: &DynamicImage) -> GrayImage {
    let is_cut_out = image.color().has_alpha() && image.to_rgba8().pixels().any(|pixel| pixel.0[3] < 255);
    if !is_cut_out {
        return image.to_luma8();
    }
    let pixels = image.to_rgba8();
    GrayImage::from_fn(pixels.width(), pixels.height(), |x, y| image::Luma([pixels.get_pixel(x, y).0[3]]))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::assets::Library;
    use crate::files::Memory;

    fn png(image: DynamicImage) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, ImageFormat::Png).unwrap();
        bytes.into_inner()
    }

    fn picture(bytes: Vec<u8>) -> Arc<Picture> {
        let mut files = Memory::default();
        files.insert("/p/a.png", bytes);
        Library::new(Arc::new(files), "/p".into()).picture("/p".into(), "a.png").unwrap()
    }

    fn decoded(address: &str) -> DynamicImage {
        let bytes = STANDARD.decode(address.strip_prefix("data:image/jpeg;base64,").unwrap()).unwrap();
        image::load_from_memory_with_format(&bytes, ImageFormat::Jpeg).unwrap()
    }

    #[test]
    fn a_picture_is_made_as_small_as_its_share_of_the_page() {
        // Noise: the worst that a JPEG can be given.
        let mut seed = 1_u32;
        let noise = image::RgbImage::from_fn(1280, 720, |_, _| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            image::Rgb([(seed >> 24) as u8, (seed >> 16) as u8, (seed >> 8) as u8])
        });
        let picture = picture(png(noise.into()));
        for room in [400_000, 50_000, 12_000] {
            let address = small(&picture, false, room).unwrap();
            assert!(address.len() * 3 / 4 <= room + 100, "{} in {room}", address.len());
            let small = decoded(&address);
            let ratio = f64::from(small.width()) / f64::from(small.height());
            assert!((ratio - 16.0 / 9.0).abs() < 0.02, "{ratio}");
        }
    }

    #[test]
    fn a_picture_is_never_made_larger() {
        let picture = picture(png(image::RgbImage::new(300, 200).into()));
        let small = decoded(&small(&picture, false, 1_000_000).unwrap());
        assert_eq!((small.width(), small.height()), (300, 200));
    }

    #[test]
    fn what_is_cut_off_is_not_shown() {
        let mut bytes = png(image::RgbImage::new(300, 200).into());
        bytes.truncate(60);
        assert_eq!(small(&picture(bytes), false, 1_000).unwrap_err(), "it is damaged");
    }

    #[test]
    fn a_frame_with_too_many_pixels_is_not_decoded() {
        let mut bytes = png(image::RgbImage::new(300, 200).into());
        // The header alone says how large it is; its checksum is not looked at before.
        bytes[16..24].copy_from_slice(&[0, 0, 0xff, 0xff, 0, 0, 0xff, 0xff]);
        assert_eq!(small(&picture(bytes), false, 1_000).unwrap_err(), "it has too many pixels to be shown");
    }

    #[test]
    fn a_masks_paint_counts_whatever_its_colour() {
        let mut painted = image::RgbaImage::new(64, 64);
        painted.put_pixel(3, 4, image::Rgba([0, 0, 0, 255]));
        assert_eq!(mask(&painted.clone().into()).get_pixel(3, 4).0, [255]);
        assert_eq!(mask(&painted.into()).get_pixel(0, 0).0, [0]);
        let mut white = image::RgbImage::new(64, 64);
        white.put_pixel(3, 4, image::Rgb([255; 3]));
        assert_eq!(mask(&white.into()).get_pixel(3, 4).0, [255]);
    }
}
