//! The reel as a table for a pull request: frames by their paths, and text that stays text.

use std::fmt::Write as _;

use super::card::Card;
use super::frame::Frame;
use super::reel::{FilmView, Reel};
use crate::text::counted;
use crate::text::markdown::{cell, code};

/// A table a scene, a row a shot.
pub fn markdown(reel: &Reel) -> String {
    let mut text = format!("**{}**\n", cell(&reel.to_buy));
    for film in &reel.films {
        write_film(film, &mut text);
    }
    text
}

fn write_film(film: &FilmView, text: &mut String) {
    let _ = writeln!(text, "\n## {}\n", cell(&film.title));
    let skipped = if film.skipped > 0 { format!(" and {} skipped", film.skipped) } else { String::new() };
    let shots = format!("{}{skipped}", counted(film.shots, "shot"));
    let facts = format!("{shots}, {} s bought, {} s in the edit, {}", film.bought, film.used, film.price);
    let _ = writeln!(text, "{}: {}.", code(&film.file), cell(&facts));
    for bar in film.budget.iter().filter(|bar| bar.is_over) {
        let _ = writeln!(text, "\nOver the budget: {} {}.", bar.name, cell(&bar.text));
    }
    for found in &film.findings {
        let _ = writeln!(text, "\n**{}** {} ({})", found.severity, cell(&found.message), code(&found.place));
    }
    for scene in &film.scenes {
        if let Some(heading) = &scene.heading {
            let _ = writeln!(text, "\n### {}", cell(heading));
        }
        text.push_str("\n| | shot | what happens |\n| --- | --- | --- |\n");
        for card in &scene.cards {
            let _ = writeln!(text, "| {} | {} | {} |", frames(card), facts_of(card), happens(card));
        }
    }
}

fn frames(card: &Card) -> String {
    let frame = |frame: &Frame| match &frame.link {
        // The link is percent-encoded: nothing in it ends the attribute or the cell.
        Some(link) => format!("<img src=\"{link}\" width=\"240\" alt=\"{}\">", frame.role),
        None => [frame.name.as_str(), frame.why.as_deref().unwrap_or_default()].map(cell).join(" ").trim().to_owned(),
    };
    std::iter::once(&card.first).chain(&card.last).map(frame).collect::<Vec<_>>().join("<br>")
}

fn facts_of(card: &Card) -> String {
    let used = card.excerpt.as_ref().map(|used| format!(", used {used}")).unwrap_or_default();
    let mut facts = vec![
        format!("{} {}", card.number, code(&card.name)),
        cell(&format!("{} s{used}", card.bought)),
        cell(&[card.model.as_str(), card.mode].join(" ")).trim().to_owned(),
        cell(card.sound),
        cell(&card.price),
    ];
    facts.push(format!("**{}**", cell(&card.state.label)));
    facts.extend(Some(cell(&card.state.reason)).filter(|reason| !reason.is_empty()));
    facts.join("<br>")
}

fn happens(card: &Card) -> String {
    let cuts = card.cuts.iter().map(|cut| format!("{} s: {}", cut.seconds, cell(&cut.action)));
    let action = card.cuts.is_empty().then(|| cell(&card.action)).filter(|action| !action.is_empty());
    let lines = card.lines.iter().map(|line| format!("**{}** {}", cell(&line.who), cell(&line.text)));
    let camera = card.camera.iter().map(|camera| format!("Camera: {}", cell(camera)));
    let findings = card.findings.iter().map(|found| format!("**{}** {}", found.severity, cell(&found.message)));
    action.into_iter().chain(cuts).chain(lines).chain(camera).chain(findings).collect::<Vec<_>>().join("<br>")
}
