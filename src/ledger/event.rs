//! The lines of the ledger, and how they are read and written.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::files::path_parts;

/// The version that this program writes, and the highest that it reads.
pub const VERSION: u32 = 1;

/// A clip: film, shot and the digest of the request that buys it.
///
/// `film` is the storyboard's path from the project root without its extension, `/`-separated; `identity` is 64
/// lower-case hex digits.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Clip {
    /// The storyboard's path from the project root, without its extension.
    pub film: String,
    /// The shot's id.
    pub shot: String,
    /// SHA-256 of the request, 64 hex digits.
    pub identity: String,
}

/// One thing that happened to one attempt at buying a clip. An attempt is one POST.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// When, in UTC.
    pub at: Timestamp,
    /// Which clip.
    pub clip: Clip,
    /// Which attempt at it.
    pub attempt: String,
    /// What happened.
    pub what: What,
}

/// The kinds of events. A reader that meets a kind that it does not know must not go on: it could buy twice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum What {
    /// Written before the POST. Alone, it is an unknown outcome.
    Intent(Intent),
    /// The service has the task.
    Accepted {
        /// The task's id.
        task_id: String,
        /// How it was learned: from the answer, by a look-up, or by hand.
        how: Learned,
    },
    /// The connection failed before the request was written.
    NotSent {
        /// Why, in words.
        reason: String,
    },
    /// The service said no: there is no task. `failed`: whether it is this shot's fault; if not, the shot is as
    /// new as before.
    Refused {
        /// Kling's code, where there was one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<u32>,
        /// The service's words, masked and escaped.
        message: String,
        /// Whether it is the shot's own fault.
        failed: bool,
    },
    /// Why the outcome is not known. The intent alone means the same; this says it to a reader, and when the request had ended.
    Unknown {
        /// Why, in words.
        reason: String,
        /// The beginning of what the service answered, masked and escaped.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer: Option<String>,
        /// A likely task id in that answer: a hint for `status --adopt`, not proof of a task.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        candidate: Option<String>,
    },
    /// The attempt also counts for the film and shot of this line: the same clip under another name. Nothing was sent.
    Moved {
        /// The film in which it was bought.
        from_film: String,
        /// The shot for which it was bought.
        from_shot: String,
    },
    /// Of the shot's takes, the one that this attempt bought is the one to use. The latest choice counts.
    Chosen,
    /// One look-up in which the service did not know the attempt. Not yet a reason to send it again.
    Absent,
    /// An unknown outcome that was settled as never bought.
    Released {
        /// By a look-up, or by hand.
        how: Learned,
        /// The task that was given up by hand, if there was one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        task_id: Option<String>,
    },
    /// The service says that it has no such task, or has it no more. The task stays in flight until it is given up.
    Gone {
        /// The service's id of the task.
        task_id: String,
        /// The service's words, masked and escaped.
        reason: String,
    },
    /// The task ended without a clip. `units` says whether it was charged.
    Failed {
        /// The service's id of the task.
        task_id: String,
        /// The service's words, masked and escaped.
        message: String,
        /// Kling units.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        units: Option<f64>,
    },
    /// The clip is on disk at `path` (from the project root, `/`-separated), `bytes` long.
    Downloaded {
        /// The service's id of the task.
        task_id: String,
        /// Where it is.
        path: String,
        /// Its length in bytes.
        bytes: u64,
        /// Its SHA-256, in hex.
        sha256: String,
        /// Kling units.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        units: Option<f64>,
    },
}

/// The request that is about to be sent, and the price that was shown.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Intent {
    /// `gateway` or `official`.
    pub api: String,
    /// Where it is sent: the base URL, which carries no key.
    pub base_url: String,
    /// Whether the attempt id was sent along, so that the outcome can be looked up.
    pub external_task_id: bool,
    /// The id that was sent along where it is not this attempt's own: the one of the attempt that this one repeats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub external_id: Option<String>,
    /// Which account it is sent for: a fingerprint made with its key, from which the key cannot be found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
    /// The longest that the request may take from here, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest_seconds: Option<u64>,
    /// SHA-256 of the body that is sent, in hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_sha256: Option<String>,
    /// The clip's length in seconds.
    pub seconds: u32,
    /// Kling units.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<f64>,
    /// US dollars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usd: Option<f64>,
    /// Part of the clip → its value where that is short and plain (`5`, `pro`), else `sha256:` and the beginning of its digest.
    pub fields: BTreeMap<String, String>,
}

/// How something became known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Learned {
    /// From the answer to the POST.
    Answer,
    /// The service was asked for the attempt.
    Lookup,
    /// By hand.
    Hand,
}

/// A line of the ledger.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    Event(Box<Event>),
    /// Vouches for a line that was cut off in writing: the SHA-256 of its bytes. Such a line is passed over wherever a
    /// merge may put it.
    SetAside {
        sha256: String,
    },
}

/// The order of the keys is for the human reader: what happened first, the long digests last.
#[derive(Serialize, Deserialize)]
struct Wire {
    v: u32,
    at: Timestamp,
    film: String,
    shot: String,
    #[serde(flatten)]
    what: What,
    attempt: String,
    identity: String,
}

#[derive(Serialize, Deserialize)]
struct WireSetAside {
    v: u32,
    at: Timestamp,
    event: String,
    bytes: u64,
    sha256: String,
}

#[derive(Deserialize)]
struct Head {
    v: u32,
    event: String,
}

const SET_ASIDE: &str = "set_aside";

impl Event {
    /// One line, with its line end.
    pub fn to_line(&self) -> String {
        let wire = Wire {
            v: VERSION,
            at: self.at,
            film: self.clip.film.clone(),
            shot: self.clip.shot.clone(),
            what: self.what.clone(),
            attempt: self.attempt.clone(),
            identity: self.clip.identity.clone(),
        };
        json_line(&wire)
    }
}

/// The line that vouches for `torn`, the bytes of a line that was cut off.
pub fn set_aside_line(torn: &[u8], at: Timestamp) -> String {
    json_line(&WireSetAside {
        v: VERSION,
        at,
        event: SET_ASIDE.to_owned(),
        bytes: torn.len() as u64,
        sha256: crate::ledger::sha256_hex(torn),
    })
}

fn json_line(value: &impl Serialize) -> String {
    let mut line = serde_json::to_string(value).expect("strings, numbers and maps with string keys always serialise");
    line.push('\n');
    line
}

impl Line {
    /// Reads one line, without its line end. The error says in plain words what is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Line, String> {
        if is_merge_marker(bytes) {
            return Err(
                "this is the marker of an unfinished merge. Keep the lines of both sides and delete the marker lines"
                    .into(),
            );
        }
        let head: Head = serde_json::from_slice(bytes).map_err(|_| "this is not an event of the ledger".to_owned())?;
        if head.v != VERSION {
            return Err(format!(
                "this line has version {}, and this clapboard knows version {VERSION}. Use the clapboard that wrote it, \
                 or a newer one",
                head.v
            ));
        }
        if head.event == SET_ASIDE {
            let wire: WireSetAside = serde_json::from_slice(bytes).map_err(|error| broken(&error))?;
            return Ok(Line::SetAside { sha256: wire.sha256 });
        }
        let wire: Wire = serde_json::from_slice(bytes).map_err(|error| broken(&error))?;
        let clip = Clip { film: wire.film, shot: wire.shot, identity: wire.identity };
        clip.validate()?;
        if wire.attempt.is_empty() {
            return Err("its `attempt` is empty".into());
        }
        Ok(Line::Event(Box::new(Event { at: wire.at, clip, attempt: wire.attempt, what: wire.what })))
    }
}

fn broken(error: &serde_json::Error) -> String {
    // The library's text may quote the line's own words, which can be anything.
    let text: String = error.to_string().chars().filter(|c| !c.is_control()).take(200).collect();
    format!("this event cannot be read: {text}")
}

/// Whether this is a line that git leaves in a file when a merge needs a hand.
fn is_merge_marker(line: &[u8]) -> bool {
    [&b"<<<<<<<"[..], b"=======", b">>>>>>>", b"|||||||"].iter().any(|marker| line.starts_with(marker))
}

impl Clip {
    /// Film and shot become paths of files, so a ledger that came from elsewhere must not name places outside.
    ///
    /// # Errors
    /// Says what is wrong with the clip's names. The same check guards reading and writing, so that nothing is ever written
    /// that could not be read back.
    pub fn validate(&self) -> Result<(), String> {
        if path_parts(&self.film).is_err() {
            return Err("its `film` is not a path inside the project".into());
        }
        let shot_ok = !self.shot.is_empty()
            && self.shot.len() <= 64
            && self.shot.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if !shot_ok {
            return Err("its `shot` is not a shot id".into());
        }
        if self.identity.len() != 64 || !self.identity.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
            return Err("its `identity` is not a SHA-256 digest".into());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(what: What) -> Event {
        Event {
            at: "2026-11-22T14:00:00.25Z".parse().unwrap(),
            clip: Clip { film: "films/ferry".into(), shot: "harbour-010".into(), identity: "ab".repeat(32) },
            attempt: "0123".into(),
            what,
        }
    }

    #[test]
    fn a_line_reads_as_documented() {
        let line = event(What::Accepted { task_id: "829".into(), how: Learned::Answer }).to_line();
        assert_eq!(
            line,
            format!(
                "{{\"v\":1,\"at\":\"2026-11-22T14:00:00.25Z\",\"film\":\"films/ferry\",\"shot\":\"harbour-010\",\
                 \"event\":\"accepted\",\"task_id\":\"829\",\"how\":\"answer\",\"attempt\":\"0123\",\"identity\":\"{}\"}}\n",
                "ab".repeat(32)
            )
        );
    }

    #[test]
    fn every_kind_survives_the_round_trip() {
        let intent = Intent {
            api: "official".into(),
            base_url: "https://api-singapore.klingai.com".into(),
            external_task_id: true,
            external_id: Some("0f".into()),
            account: Some("9a".into()),
            longest_seconds: Some(65),
            body_sha256: Some("ef".into()),
            seconds: 5,
            units: Some(4.5),
            usd: None,
            fields: [("prompt".to_owned(), "0123abcd".to_owned())].into(),
        };
        let kinds = [
            What::Intent(intent),
            What::Accepted { task_id: "1".into(), how: Learned::Lookup },
            What::NotSent { reason: "no route".into() },
            What::Refused { code: Some(1201), message: "x".into(), failed: true },
            What::Refused { code: None, message: "x".into(), failed: false },
            What::Unknown { reason: "cut".into(), answer: None, candidate: None },
            What::Unknown { reason: "cut".into(), answer: Some("{\"id\"".into()), candidate: Some("829".into()) },
            What::Absent,
            What::Moved { from_film: "old".into(), from_shot: "s1".into() },
            What::Chosen,
            What::Released { how: Learned::Hand, task_id: None },
            What::Released { how: Learned::Hand, task_id: Some("829".into()) },
            What::Gone { task_id: "829".into(), reason: "task_not_exist".into() },
            What::Failed { task_id: "1".into(), message: "Image pixel is invalid".into(), units: Some(0.0) },
            What::Downloaded {
                task_id: "1".into(),
                path: "clips/a/b.mp4".into(),
                bytes: 9,
                sha256: "cd".into(),
                units: None,
            },
        ];
        for what in kinds {
            let written = event(what);
            let line = written.to_line();
            assert_eq!(Line::parse(line.trim_end().as_bytes()), Ok(Line::Event(Box::new(written))), "{line}");
        }
    }

    #[test]
    fn a_ledger_from_elsewhere_cannot_name_places_outside_of_the_project() {
        for film in ["../x", "/etc/x", "a//b", "a/../b", "a\\b", "a/./b", "", "a\u{1b}b"] {
            let mut bad = event(What::Absent);
            bad.clip.film = film.into();
            assert!(Line::parse(bad.to_line().trim_end().as_bytes()).is_err(), "{film:?}");
        }
        let (longest, longer) = ("a".repeat(64), "a".repeat(65));
        for shot in ["../x", "a/b", "", "a b", longer.as_str()] {
            let mut bad = event(What::Absent);
            bad.clip.shot = shot.into();
            assert!(Line::parse(bad.to_line().trim_end().as_bytes()).is_err(), "{shot:?}");
        }
        let mut good = event(What::Absent);
        good.clip.shot = longest;
        assert_eq!(good.clip.validate(), Ok(()));
        for identity in ["ab".repeat(31), "ab".repeat(33), "AB".repeat(32), "g".repeat(64)] {
            let mut bad = event(What::Absent);
            bad.clip.identity = identity.clone();
            assert!(Line::parse(bad.to_line().trim_end().as_bytes()).is_err(), "{identity:?}");
        }
    }

    #[test]
    fn a_line_that_is_not_an_event_says_what_is_wrong_with_it() {
        let good = event(What::Absent).to_line();
        let without_zone = good.replace("25Z", "25");
        for (line, problem) in [
            ("<<<<<<< HEAD", "this is the marker of an unfinished merge"),
            ("=======", "this is the marker of an unfinished merge"),
            (">>>>>>> take", "this is the marker of an unfinished merge"),
            ("||||||| base", "this is the marker of an unfinished merge"),
            ("=====", "this is not an event of the ledger"),
            (&good.replace("absent", "va\\u001bnished"), "this event cannot be read: unknown variant `vanished`"),
            (&without_zone, "this event cannot be read: "),
        ] {
            let said = Line::parse(line.trim_end().as_bytes()).unwrap_err();
            assert!(said.starts_with(problem), "{line}: {said}");
        }
    }

    #[test]
    fn a_newer_version_and_an_unknown_kind_are_not_read() {
        let line = event(What::Absent).to_line();
        let newer = line.replace("\"v\":1", "\"v\":2");
        assert!(Line::parse(newer.trim_end().as_bytes()).unwrap_err().contains("newer"));
        let odd = line.replace("absent", "vanished");
        assert!(Line::parse(odd.trim_end().as_bytes()).is_err());
    }
}
