//! What a storyboard says, for the eye: Markdown in which a writer's words are never markup.

use std::fmt::Write as _;
use std::sync::Arc;

use crate::api;
use crate::assets::{Format, Missing, Picture, Reference};
use crate::check::CheckedFilm;
use crate::clip::{Clip, Price, Prompt, thousands};
use crate::diagnostic::Totals;
use crate::language::lent::{CastMember, Style};
use crate::language::{Field, Film, Text};
use crate::text::{counted, shown};

/// Words inside a line: code, whatever is in them.
pub fn code(words: &str) -> String {
    let words = shown::line(words);
    let longest = words.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let ticks = "`".repeat(longest + 1);
    if longest == 0 { format!("`{words}`") } else { format!("{ticks} {words} {ticks}") }
}

/// A text of its own.
pub fn block(language: &str, text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat((longest + 1).max(3));
    format!("{fence}{language}\n{}\n{fence}\n", shown::lines(text))
}

/// What a shot sends, and costs.
pub fn shot(clip: &Clip<'_>, usd_per_unit: f64) -> String {
    let mut card = format!("**{}**", code(&clip.shot.name()));
    for part in facts(clip) {
        let _ = write!(card, " · {part}");
    }
    let _ = write!(card, " · {}\n\n", price(clip, usd_per_unit));
    if clip.shot.is_skipped() {
        card.push_str("Skipped: it is not sent, and not counted.\n\n");
    }
    card.push_str(&prompts(clip));
    if let Some(negative) = clip.sent_negative_prompt() {
        let most = api::of(clip.target).limits(clip.model.value()).negative_units;
        let _ = write!(card, "Negative prompt, {}:\n\n", of_limit(negative.length().units, most));
        card.push_str(&negative.build().map_or_else(|error| format!("{error}\n"), |text| block("text", &text)));
    }
    card
}

/// The prompts of a shot as they are sent, with their lengths.
pub fn prompts(clip: &Clip<'_>) -> String {
    let is_cut = !clip.shot.cuts().is_empty();
    let limits = api::of(clip.target).limits(clip.model.value());
    let limit = if is_cut { limits.cut_units } else { limits.prompt_units };
    let mut text = String::new();
    for (index, prompt) in clip.prompts.iter().enumerate() {
        let title = if is_cut { format!("Cut {}", index + 1) } else { "Prompt".to_owned() };
        text.push_str(&one_prompt(&title, prompt, limit));
    }
    text
}

fn one_prompt(title: &str, prompt: &Prompt<'_>, limit: usize) -> String {
    let length = prompt.length().units;
    if length == 0 {
        return String::new();
    }
    let parts = if prompt.parts().count() > 1 { format!(" ({})", prompt.made_of()) } else { String::new() };
    let text = prompt.text().map_or_else(|error| format!("{error}\n"), |text| block("text", &text));
    format!("{title}, {}{parts}:\n\n{text}\n", of_limit(length, limit))
}

fn of_limit(units: usize, limit: usize) -> String {
    format!("{} of {} characters", thousands(units), thousands(limit))
}

/// Model, mode and seconds, as far as they are known.
fn facts(clip: &Clip<'_>) -> Vec<String> {
    let model = clip.model.value();
    let mode = clip.mode.value().filter(|_| model.is_none_or(|model| model.has_modes()));
    let sound = clip.sound.value().filter(|on| *on).map(|_| "sound".to_owned());
    let parts = [
        model.map(|model| format!("`{model}`")),
        mode.map(|mode| format!("`{mode}`")),
        clip.seconds.value().map(|seconds| format!("{seconds} s")),
        sound,
    ];
    parts.into_iter().flatten().collect()
}

/// A clip's price in words.
pub fn price(clip: &Clip<'_>, usd_per_unit: f64) -> String {
    match clip.price() {
        Price::Known(known) => format!("{} (${:.2})", counted(known, "unit"), known.usd(usd_per_unit)),
        Price::NotListed => "no listed price".into(),
        Price::RawFields => "price not known: `kling` has fields that may change it".into(),
    }
}

/// The totals of a film, in one line.
pub fn sum(checked: &CheckedFilm) -> String {
    let Totals { shots, seconds, units, usd, unpriced, skipped, .. } = checked.verdict.totals;
    if shots == 0 && skipped > 0 {
        return counted(skipped, "skipped shot");
    }
    let (shots, units) = (counted(shots, "shot"), counted((units * 10.0).round() / 10.0, "unit"));
    let unknown = if unpriced == 0 { String::new() } else { format!(" and {unpriced} without a price") };
    format!("{shots} · {seconds} s · {units} (${usd:.2}){unknown}")
}

/// A frame or a mask: what is there.
pub fn picture(checked: &CheckedFilm, text: &Text, uri: impl Fn(&Picture) -> Option<String>) -> Option<String> {
    let Reference::Path(path) = Reference::of(&text.value) else { return None };
    Some(match checked.project.library.picture(text.at.document.source.folder(), path) {
        Ok(picture) => {
            let pixels = picture.pixels.map(|(width, height)| format!("{width} × {height} pixels, "));
            let format = match picture.format {
                Format::Png => "PNG",
                Format::Jpeg => "JPEG",
                Format::Other(name) => name,
            };
            // An address has no character that could end the picture: it is percent-encoded.
            let image = uri(&picture).map(|uri| format!("\n\n![{format}]({uri}|width=320)")).unwrap_or_default();
            format!("{}: {}{}, {format}{image}", code(path), pixels.unwrap_or_default(), bytes(picture.bytes))
        }
        Err(Missing::NotFound { nearest }) => {
            let near = nearest.map(|near| format!("; did you mean {}?", code(&near))).unwrap_or_default();
            format!("{}: there is no such file{near}", code(path))
        }
        Err(Missing::Outside { .. }) => format!("{} is outside of the project", code(path)),
        Err(Missing::Unreadable(why)) => format!("{} cannot be read: {}", code(path), shown::line(&why.to_string())),
    })
}

fn bytes(bytes: u64) -> String {
    match bytes {
        bytes if bytes < 1_000 => format!("{bytes} B"),
        bytes if bytes < 1_000_000 => format!("{:.0} kB", bytes as f64 / 1e3),
        bytes => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// One of the cast.
pub fn cast(film: &Film, member: &CastMember) -> String {
    let voice = match &member.voice {
        Field::Valid(voice) => format!("voice {}", code(&voice.value.value)),
        _ => "no voice of its own".to_owned(),
    };
    let look = member.look.value().map(|look| format!("\n\n{}", block("text", &look.value))).unwrap_or_default();
    format!(
        "**{}**: {}, {voice}{from}{look}",
        code(&member.key.value),
        code(&member.name),
        from = from(film, &member.key)
    )
}

/// A style.
pub fn style(film: &Film, style: &Style) -> String {
    let text = style.text.as_ref().map(|text| format!("\n\n{}", block("text", &text.value))).unwrap_or_default();
    format!("**{}**, a style{}{text}", code(&style.name.value), from(film, &style.name))
}

/// Which bible something is from.
fn from(film: &Film, name: &Text) -> String {
    let is_own = Arc::ptr_eq(&name.at.document, &film.file.document);
    if is_own { String::new() } else { format!(", from {}", code(&name.at.document.source.name)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_writers_words_are_never_markup() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("``![x](y)"), "``` ``![x](y) ```");
        assert_eq!(
            block("text", "```\n![x](https://evil.example)"),
            "````text\n```\n![x](https://evil.example)\n````\n"
        );
    }
}
