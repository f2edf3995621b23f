//! The reel as one HTML file: template, style and script in it, and a policy that lets nothing else run.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, Error, UndefinedBehavior, Value, context};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::Pictures;
use super::pictures::Shown;
use super::reel::Reel;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const PLAYER: &str = include_str!("player.js");
const LIVE: &str = include_str!("live.js");

/// The page. `live`: its version, where it is served, follows the files, and may choose takes.
///
/// # Errors
/// The template does not fit what is put into it, which is a mistake of this program.
pub fn html(reel: &Reel, pictures: &Pictures, live: Option<u64>) -> Result<String, Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.add_filter("marked", |text: String| Value::from_safe_string(marked(&text)));
    environment.add_template("page.html", PAGE)?;
    let style = format!("{STYLE}{}", widths(reel));
    let policy = policy(reel, &style, live.is_some());
    let pictures: Vec<&Shown> = pictures.all().collect();
    let playlist = data(&reel.playlist);
    let (reel, pictures) = (Value::from(Serde(reel)), Value::from(Serde(pictures)));
    let content = context! { reel, pictures, style, player => PLAYER, policy, playlist, live, follow => LIVE };
    environment.get_template("page.html")?.render(content)
}

/// The page's policy: its own style and scripts, pictures and clips; nothing from any network except its own server.
fn policy(reel: &Reel, style: &str, is_live: bool) -> String {
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    let mut policy = format!(
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; style-src {}; script-src {}",
        hash(style),
        hash(PLAYER)
    );
    if is_live {
        policy.push_str(&format!(" {}; connect-src 'self'; media-src 'self'", hash(LIVE)));
    } else if reel.has_clips {
        // Clips are too large to be in the page: they are played from the files next to it.
        policy.push_str("; media-src 'self' file:");
    }
    policy
}

/// A class for each width that the timeline has: the policy allows no styles besides the page's own.
fn widths(reel: &Reel) -> String {
    let mut widths = BTreeSet::new();
    for film in &reel.films {
        for scene in &film.scenes {
            widths.insert(scene.width);
            for card in &scene.cards {
                widths.insert(card.width);
                widths.extend(card.cuts.iter().map(|cut| cut.width));
            }
        }
    }
    widths.iter().map(|width| format!(".w{width}{{flex-grow:{width}}}\n")).collect()
}

/// JSON inside a `script` element: no character in it can end the element.
fn data(value: &impl Serialize) -> String {
    let text = serde_json::to_string(value).expect("texts and numbers always serialise");
    text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// A message, with what is between backticks as code.
fn marked(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    let is_paired = parts.len() % 2 == 1;
    let mut html = String::with_capacity(text.len() + 32);
    for (index, part) in parts.iter().enumerate() {
        let escaped = escape(part);
        match index % 2 == 1 && is_paired {
            true => html.push_str(&format!("<code>{escaped}</code>")),
            false if index > 0 && !is_paired => html.push_str(&format!("`{escaped}")),
            false => html.push_str(&escaped),
        }
    }
    html
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_marked_and_stays_text() {
        assert_eq!(marked("write `a < b` here"), "write <code>a &lt; b</code> here");
        assert_eq!(marked("one ` alone <b>"), "one ` alone &lt;b&gt;");
    }

    #[test]
    fn data_cannot_end_its_element() {
        let text = data(&"</script><!--&");
        assert!(!text.contains('<') && !text.contains('>') && !text.contains('&'), "{text}");
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), "</script><!--&");
    }
}
