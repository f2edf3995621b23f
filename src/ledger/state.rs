//! What the events of a ledger add up to.
//!
//! Two branches may have written at the same time and git's union merge may bring their lines in any order, some of them
//! twice. So nothing here depends on the place of a line: each attempt is a set of facts, and where facts contradict each
//! other, the one wins that keeps a bought clip from being lost or bought again.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::event::{Clip, Event, Intent, What};

/// Everything that a ledger says.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct State {
    attempts: BTreeMap<(Clip, String), Attempt>,
}

/// One POST and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// Which clip.
    pub clip: Clip,
    /// The attempt's id.
    pub id: String,
    /// The earliest moment that the ledger has of it: with an intent, the moment before the POST.
    pub began: Timestamp,
    /// What was to be sent; missing where a task was adopted without one.
    pub intent: Option<Intent>,
    /// The tasks that the service made of it, by task id. More than one only where it was adopted by hand twice.
    pub tasks: BTreeMap<String, Task>,
    /// What the service refused, oldest first.
    pub refusals: BTreeSet<Refusal>,
    /// Whether the connection failed before the request was written.
    pub not_sent: bool,
    /// Whether an unknown outcome was settled as never bought.
    pub released: bool,
    /// When the service was asked and did not know the attempt.
    pub absent: BTreeSet<Timestamp>,
    /// Why the outcome was not known at the time.
    pub doubts: BTreeSet<(Timestamp, String)>,
}

/// A task at the service.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Task {
    /// When and why it failed.
    pub failures: BTreeSet<(Timestamp, String)>,
    /// The clips on disk, by time and path.
    pub downloads: BTreeMap<(Timestamp, String), Download>,
    /// Units that the service says it charged.
    pub units: Option<f64>,
}

/// A clip on disk.
#[derive(Debug, Clone, PartialEq)]
pub struct Download {
    /// Its length in bytes.
    pub bytes: u64,
    /// Its SHA-256, in hex.
    pub sha256: String,
}

/// The service's no.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refusal {
    /// When, in UTC.
    pub at: Timestamp,
    /// Kling's code, where there was one.
    pub code: Option<u32>,
    /// The service's words, masked and escaped.
    pub message: String,
    /// Whether it is the shot's own fault.
    pub failed: bool,
}

/// Where an attempt stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Nothing was bought by it: not sent, refused for a reason that is not the shot's, or released.
    Void,
    /// It failed at the service, in the answer or later.
    Failed,
    /// Sent, and no one knows what became of it.
    Unknown,
    /// The service works on it, or its clip waits to be fetched.
    InFlight,
    /// The clip was downloaded.
    Done,
}

impl Task {
    /// Where it stands.
    pub fn standing(&self) -> Standing {
        if !self.downloads.is_empty() {
            Standing::Done
        } else if !self.failures.is_empty() {
            Standing::Failed
        } else {
            Standing::InFlight
        }
    }
}

impl Attempt {
    fn new(event: &Event) -> Self {
        Attempt {
            clip: event.clip.clone(),
            id: event.attempt.clone(),
            began: event.at,
            intent: None,
            tasks: BTreeMap::new(),
            refusals: BTreeSet::new(),
            not_sent: false,
            released: false,
            absent: BTreeSet::new(),
            doubts: BTreeSet::new(),
        }
    }

    /// Where it stands.
    pub fn standing(&self) -> Standing {
        // A task outweighs whatever else is written: what was bought is never given up.
        if let Some(best) = self.tasks.values().map(Task::standing).max() {
            return best;
        }
        if let Some(refusal) = self.refusals.last() {
            return if refusal.failed { Standing::Failed } else { Standing::Void };
        }
        if self.not_sent || self.released {
            return Standing::Void;
        }
        Standing::Unknown
    }

    /// The tasks that are still to be polled or fetched.
    pub fn open_tasks(&self) -> impl Iterator<Item = &str> {
        self.tasks.iter().filter(|(_, task)| task.standing() == Standing::InFlight).map(|(id, _)| id.as_str())
    }

    /// The latest thing that the service or the line said about why it failed or is not known.
    pub fn reason(&self) -> Option<&str> {
        let failure = self.tasks.values().flat_map(|task| &task.failures).max().map(|(_, text)| text.as_str());
        let refusal = self.refusals.last().map(|refusal| refusal.message.as_str());
        let doubt = self.doubts.last().map(|(_, text)| text.as_str());
        failure.or(refusal).or(doubt)
    }
}

/// What the plan calls the state of a shot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ShotState {
    /// Nothing was ever bought of it.
    New,
    /// Something was bought of it as it was before.
    Changed,
    /// Its clip is here.
    Done,
    /// The service works on it.
    InFlight,
    /// It failed, and is bought again only when asked for.
    Failed,
    /// Sent, and nobody knows what became of it.
    Unknown,
}

impl ShotState {
    /// Whether `submit` buys a shot of this state.
    pub fn is_bought(self, retry_failed: bool) -> bool {
        match self {
            ShotState::New | ShotState::Changed => true,
            ShotState::Failed => retry_failed,
            ShotState::Done | ShotState::InFlight | ShotState::Unknown => false,
        }
    }

    /// As it is written in the plan.
    pub fn word(self) -> &'static str {
        match self {
            ShotState::New => "new",
            ShotState::Changed => "changed",
            ShotState::Done => "done",
            ShotState::InFlight => "in_flight",
            ShotState::Failed => "failed",
            ShotState::Unknown => "unknown",
        }
    }
}

impl State {
    /// Takes one event in. Taking it twice, or in another order, makes no difference.
    pub fn apply(&mut self, event: &Event) {
        let key = (event.clip.clone(), event.attempt.clone());
        let attempt = self.attempts.entry(key).or_insert_with(|| Attempt::new(event));
        attempt.began = attempt.began.min(event.at);
        match &event.what {
            What::Intent(intent) => {
                // Only a hand-edited ledger has two different intents for one attempt; any fixed choice will do.
                let take = attempt.intent.as_ref().is_none_or(|held| format!("{intent:?}") < format!("{held:?}"));
                if take {
                    attempt.intent = Some(intent.clone());
                }
            }
            What::Accepted { task_id, .. } => {
                attempt.tasks.entry(task_id.clone()).or_default();
            }
            What::NotSent { .. } => attempt.not_sent = true,
            What::Refused { code, message, failed } => {
                attempt.refusals.insert(Refusal {
                    at: event.at,
                    code: *code,
                    message: message.clone(),
                    failed: *failed,
                });
            }
            What::Unknown { reason } => {
                attempt.doubts.insert((event.at, reason.clone()));
            }
            What::Absent => {
                attempt.absent.insert(event.at);
            }
            What::Released { .. } => attempt.released = true,
            What::Failed { task_id, message, units } => {
                let task = attempt.tasks.entry(task_id.clone()).or_default();
                task.failures.insert((event.at, message.clone()));
                task.take_units(*units);
            }
            What::Downloaded { task_id, path, bytes, sha256, units } => {
                let task = attempt.tasks.entry(task_id.clone()).or_default();
                let download = Download { bytes: *bytes, sha256: sha256.clone() };
                let held = task.downloads.entry((event.at, path.clone())).or_insert_with(|| download.clone());
                if (&download.sha256, download.bytes) < (&held.sha256, held.bytes) {
                    *held = download;
                }
                task.take_units(*units);
            }
        }
    }

    /// All attempts, by film, shot and identity.
    pub fn attempts(&self) -> impl Iterator<Item = &Attempt> {
        self.attempts.values()
    }

    /// The attempts at this clip.
    pub fn of_clip<'a>(&'a self, clip: &'a Clip) -> impl Iterator<Item = &'a Attempt> {
        self.attempts
            .range((clip.clone(), String::new())..)
            .map(|(_, attempt)| attempt)
            .take_while(move |a| a.clip == *clip)
    }

    /// The attempts at this shot, whatever it said at the time.
    pub fn of_shot<'a>(&'a self, film: &'a str, shot: &'a str) -> impl Iterator<Item = &'a Attempt> {
        let start = Clip { film: film.to_owned(), shot: shot.to_owned(), identity: String::new() };
        self.attempts
            .range((start, String::new())..)
            .map(|(_, attempt)| attempt)
            .take_while(move |a| a.clip.film == film && a.clip.shot == shot)
    }

    /// Whether any attempt has this task.
    pub fn owner_of_task(&self, task_id: &str) -> Option<&Attempt> {
        self.attempts.values().find(|attempt| attempt.tasks.contains_key(task_id))
    }

    /// Where a shot stands, given what it would be sent as today.
    pub fn shot_state(&self, clip: &Clip) -> ShotState {
        let standing = |attempts: &mut dyn Iterator<Item = &Attempt>| attempts.map(Attempt::standing).max();
        match standing(&mut self.of_clip(clip)) {
            Some(Standing::Done) => ShotState::Done,
            Some(Standing::InFlight) => ShotState::InFlight,
            Some(Standing::Unknown) => ShotState::Unknown,
            Some(Standing::Failed) => ShotState::Failed,
            Some(Standing::Void) | None => match standing(&mut self.of_shot(&clip.film, &clip.shot)) {
                Some(Standing::Void) | None => ShotState::New,
                Some(_) => ShotState::Changed,
            },
        }
    }

    /// The names of the body fields that differ from the latest attempt at this shot that came to anything, sorted; empty
    /// where there is none.
    pub fn changed_fields(&self, clip: &Clip, fields: &[(String, String)]) -> Vec<String> {
        let earlier = self
            .of_shot(&clip.film, &clip.shot)
            .filter(|attempt| attempt.standing() > Standing::Void)
            .filter_map(|attempt| attempt.intent.as_ref().map(|intent| (attempt.began, &attempt.id, intent)))
            .max_by_key(|(began, id, _)| (*began, *id));
        let Some((_, _, intent)) = earlier else {
            return Vec::new();
        };
        let now: BTreeMap<&str, &str> = fields.iter().map(|(name, digest)| (name.as_str(), digest.as_str())).collect();
        let names: BTreeSet<&str> = now.keys().copied().chain(intent.fields.keys().map(String::as_str)).collect();
        names
            .into_iter()
            .filter(|name| now.get(name).copied() != intent.fields.get(*name).map(String::as_str))
            .map(str::to_owned)
            .collect()
    }
}

impl Task {
    /// Several lines may tell the charge; the highest is kept, so that spend is never told too low.
    fn take_units(&mut self, units: Option<f64>) {
        if let Some(units) = units {
            self.units = Some(self.units.map_or(units, |held| held.max(units)));
        }
    }
}

impl FromIterator<Event> for State {
    fn from_iter<I: IntoIterator<Item = Event>>(events: I) -> Self {
        let mut state = State::default();
        for event in events {
            state.apply(&event);
        }
        state
    }
}

#[cfg(test)]
mod tests {
    use super::super::event::Learned;
    use super::*;
    use proptest::prelude::*;

    fn clip(identity: char) -> Clip {
        Clip { film: "ferry".into(), shot: "a".into(), identity: identity.to_string().repeat(64) }
    }

    fn event(second: i64, identity: char, attempt: &str, what: What) -> Event {
        Event { at: Timestamp::from_second(second).unwrap(), clip: clip(identity), attempt: attempt.into(), what }
    }

    fn intent(prompt: &str) -> What {
        What::Intent(Intent {
            api: "official".into(),
            base_url: "https://x".into(),
            external_task_id: true,
            seconds: 5,
            units: Some(4.0),
            usd: None,
            fields: [("mode".to_owned(), "m".to_owned()), ("prompt".to_owned(), prompt.to_owned())].into(),
        })
    }

    fn accepted(task: &str) -> What {
        What::Accepted { task_id: task.into(), how: Learned::Answer }
    }

    fn downloaded(task: &str) -> What {
        What::Downloaded {
            task_id: task.into(),
            path: "clips/a.mp4".into(),
            bytes: 1,
            sha256: "x".into(),
            units: Some(4.0),
        }
    }

    fn refused(failed: bool) -> What {
        What::Refused { code: Some(1201), message: "no".into(), failed }
    }

    fn state(events: Vec<Event>) -> ShotState {
        events.into_iter().collect::<State>().shot_state(&clip('a'))
    }

    #[test]
    fn an_attempt_goes_through_its_states() {
        let mut events = vec![];
        assert_eq!(state(events.clone()), ShotState::New);
        events.push(event(1, 'a', "1", intent("p")));
        assert_eq!(state(events.clone()), ShotState::Unknown);
        events.push(event(2, 'a', "1", accepted("t")));
        assert_eq!(state(events.clone()), ShotState::InFlight);
        events.push(event(3, 'a', "1", downloaded("t")));
        assert_eq!(state(events), ShotState::Done);
    }

    #[test]
    fn only_the_shots_own_refusal_is_a_failure() {
        let start = event(1, 'a', "1", intent("p"));
        assert_eq!(state(vec![start.clone(), event(2, 'a', "1", refused(true))]), ShotState::Failed);
        assert_eq!(state(vec![start.clone(), event(2, 'a', "1", refused(false))]), ShotState::New);
        assert_eq!(state(vec![start, event(2, 'a', "1", What::NotSent { reason: "dns".into() })]), ShotState::New);
    }

    #[test]
    fn a_changed_text_keeps_the_earlier_attempt_in_sight() {
        let state: State = [event(1, 'b', "1", intent("old")), event(2, 'b', "1", accepted("t"))].into_iter().collect();
        assert_eq!(state.shot_state(&clip('a')), ShotState::Changed);
        let open: Vec<_> = state.of_shot("ferry", "a").flat_map(Attempt::open_tasks).collect();
        assert_eq!(open, ["t"]);
        let now = [("mode".to_owned(), "m".to_owned()), ("prompt".to_owned(), "new".to_owned())];
        assert_eq!(state.changed_fields(&clip('a'), &now), ["prompt"]);
    }

    #[test]
    fn what_is_bought_outweighs_forgetting_it_on_another_branch() {
        let events = vec![
            event(1, 'a', "1", intent("p")),
            event(2, 'a', "1", What::Released { how: Learned::Hand }),
            event(3, 'a', "1", accepted("t")),
        ];
        assert_eq!(state(events), ShotState::InFlight);
    }

    #[test]
    fn two_branches_that_both_bought_make_one_done_clip_and_lose_no_task() {
        let events = vec![
            event(1, 'a', "1", intent("p")),
            event(2, 'a', "1", accepted("t")),
            event(3, 'a', "1", downloaded("t")),
            event(1, 'a', "2", intent("p")),
            event(2, 'a', "2", accepted("u")),
        ];
        let state: State = events.into_iter().collect();
        assert_eq!(state.shot_state(&clip('a')), ShotState::Done);
        assert_eq!(state.attempts().flat_map(Attempt::open_tasks).collect::<Vec<_>>(), ["u"]);
    }

    fn any_event() -> impl Strategy<Value = Event> {
        let what = prop_oneof![
            prop_oneof![Just(intent("p")), Just(intent("q"))],
            prop_oneof![Just(accepted("t")), Just(accepted("u"))],
            any::<bool>().prop_map(refused),
            Just(What::NotSent { reason: "dns".into() }),
            Just(What::Unknown { reason: "cut".into() }),
            Just(What::Absent),
            Just(What::Released { how: Learned::Lookup }),
            Just(What::Failed { task_id: "t".into(), message: "no".into(), units: None }),
            Just(downloaded("t")),
        ];
        (0i64..5, prop_oneof![Just('a'), Just('b')], "[12]", what)
            .prop_map(|(second, identity, attempt, what)| event(second, identity, &attempt, what))
    }

    proptest! {
        #[test]
        fn any_order_and_any_doubling_give_one_state(
            (events, shuffled) in proptest::collection::vec(any_event(), 0..24).prop_flat_map(|events| {
                let twice: Vec<_> = events.iter().chain(&events).cloned().collect();
                (Just(events), Just(twice).prop_shuffle())
            })
        ) {
            let once: State = events.into_iter().collect();
            let merged: State = shuffled.into_iter().collect();
            prop_assert_eq!(once, merged);
        }

        #[test]
        fn nothing_that_the_service_took_is_ever_bought_again_by_itself(
            events in proptest::collection::vec(any_event(), 0..24)
        ) {
            let has_task = events.iter().any(|e| e.clip == clip('a') && matches!(e.what, What::Accepted { .. }));
            let state: State = events.into_iter().collect();
            if has_task {
                prop_assert!(!state.shot_state(&clip('a')).is_bought(false));
            }
        }
    }
}
