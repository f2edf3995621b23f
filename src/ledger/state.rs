//! The state that the events of a ledger add up to.
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
    /// By id.
    attempts: BTreeMap<String, Attempt>,
    /// Which attempts count for which clip: of one clip, of one shot, in order.
    by_clip: BTreeSet<(Clip, String)>,
    /// Identity → attempts, whatever their film and shot are called.
    by_identity: BTreeMap<String, BTreeSet<String>>,
    /// (film, shot) → the takes that were chosen, by time; the last one counts.
    chosen: BTreeMap<(String, String), BTreeSet<(Timestamp, String)>>,
}

/// One POST and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// The clip that it was sent for.
    pub clip: Clip,
    /// Every clip that one of its own lines names. One, but in a ledger that was edited by hand.
    names: BTreeSet<Clip>,
    /// The clips that it also counts for, because film or shot was renamed.
    moved_to: BTreeSet<Clip>,
    /// The attempt's id.
    pub id: String,
    /// The earliest moment that the ledger has of it: with an intent, the moment before the POST.
    pub began: Timestamp,
    /// The request; missing if a task was adopted without one.
    pub intent: Option<Intent>,
    /// The tasks that the service made of it, by task id. More than one only where it was adopted by hand twice.
    pub tasks: BTreeMap<String, Task>,
    /// The refusals of the service, oldest first.
    pub refusals: BTreeSet<Refusal>,
    /// Whether the connection failed before the request was written.
    pub not_sent: bool,
    /// Whether an unknown outcome was settled as never bought.
    pub released: bool,
    /// When the service was asked and did not know the attempt.
    pub absent: BTreeSet<Timestamp>,
    /// Why the outcome was not known at the time.
    pub doubts: BTreeSet<(Timestamp, String)>,
    /// A likely task id in an unclear answer.
    pub candidates: BTreeSet<String>,
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
    /// When and in which words the service said that it has no such task.
    pub gone: BTreeSet<(Timestamp, String)>,
    /// Whether it was given up by hand.
    pub given_up: bool,
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

/// The state of an attempt.
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
    /// Its state.
    pub fn standing(&self) -> Standing {
        if !self.downloads.is_empty() {
            Standing::Done
        } else if !self.failures.is_empty() {
            Standing::Failed
        } else if self.given_up {
            Standing::Void
        } else {
            Standing::InFlight
        }
    }
}

impl Attempt {
    fn new(event: &Event) -> Self {
        Attempt {
            clip: event.clip.clone(),
            names: BTreeSet::new(),
            moved_to: BTreeSet::new(),
            id: event.attempt.clone(),
            began: event.at,
            intent: None,
            tasks: BTreeMap::new(),
            refusals: BTreeSet::new(),
            not_sent: false,
            released: false,
            absent: BTreeSet::new(),
            doubts: BTreeSet::new(),
            candidates: BTreeSet::new(),
        }
    }

    /// Whether it counts for this clip: it was sent for it, or the clip has another name since.
    pub fn counts_for(&self, clip: &Clip) -> bool {
        self.names.contains(clip) || self.moved_to.contains(clip)
    }

    /// Takes in what an event says of this attempt.
    fn take(&mut self, event: &Event) {
        match &event.what {
            What::Intent(intent) => {
                // Only a hand-edited ledger has two different intents for one attempt; any fixed choice will do.
                let take = self.intent.as_ref().is_none_or(|held| format!("{intent:?}") < format!("{held:?}"));
                if take {
                    self.intent = Some(intent.clone());
                }
            }
            What::Accepted { task_id, .. } => {
                self.tasks.entry(task_id.clone()).or_default();
            }
            What::NotSent { .. } => self.not_sent = true,
            What::Refused { code, message, failed } => {
                self.refusals.insert(Refusal { at: event.at, code: *code, message: message.clone(), failed: *failed });
            }
            What::Unknown { reason, candidate, .. } => {
                self.doubts.insert((event.at, reason.clone()));
                self.candidates.extend(candidate.clone());
            }
            What::Absent => {
                self.absent.insert(event.at);
            }
            What::Moved { .. } | What::Chosen => {}
            What::Released { task_id: None, .. } => self.released = true,
            What::Released { task_id: Some(task_id), .. } => {
                self.tasks.entry(task_id.clone()).or_default().given_up = true;
            }
            What::Gone { task_id, reason } => {
                let task = self.tasks.entry(task_id.clone()).or_default();
                task.gone.insert((event.at, reason.clone()));
            }
            What::Failed { task_id, message, units } => {
                let task = self.tasks.entry(task_id.clone()).or_default();
                task.failures.insert((event.at, message.clone()));
                task.take_units(*units);
            }
            What::Downloaded { task_id, path, bytes, sha256, units } => {
                let task = self.tasks.entry(task_id.clone()).or_default();
                let download = Download { bytes: *bytes, sha256: sha256.clone() };
                let held = task.downloads.entry((event.at, path.clone())).or_insert_with(|| download.clone());
                if (&download.sha256, download.bytes) < (&held.sha256, held.bytes) {
                    *held = download;
                }
                task.take_units(*units);
            }
        }
    }

    /// Takes a name in. `clip` stays the same whatever the order of the lines.
    fn take_name(&mut self, clip: &Clip, is_move: bool) {
        if is_move { &mut self.moved_to } else { &mut self.names }.insert(clip.clone());
        if let Some(first) = self.names.first().or(self.moved_to.first()) {
            self.clip = first.clone();
        }
    }

    /// The clips on disk, by time and path, as the ledger has them.
    pub fn downloads(&self) -> impl Iterator<Item = (&str, &Download)> {
        self.tasks
            .values()
            .flat_map(|task| task.downloads.iter().map(|((_, path), download)| (path.as_str(), download)))
    }

    /// Units that the service says it charged for it; `None` where it never said.
    pub fn charged(&self) -> Option<f64> {
        let charges = self.tasks.values().filter_map(|task| task.units);
        charges.fold(None, |sum: Option<f64>, units| Some(sum.unwrap_or(0.0) + units))
    }

    /// Its state.
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

    /// The `external_task_id` that its request carried, if it carried one.
    pub fn external_id(&self) -> Option<&str> {
        let intent = self.intent.as_ref().filter(|intent| intent.external_task_id)?;
        Some(intent.external_id.as_deref().unwrap_or(&self.id))
    }

    /// A moment at which its request had certainly ended, where a line says so.
    pub fn ended(&self) -> Option<Timestamp> {
        self.doubts.first().map(|(at, _)| *at)
    }

    /// The latest thing that the service or the line said about why it failed or is not known.
    pub fn reason(&self) -> Option<&str> {
        let failure = self.tasks.values().flat_map(|task| &task.failures).max().map(|(_, text)| text.as_str());
        let refusal = self.refusals.last().map(|refusal| refusal.message.as_str());
        let doubt = self.doubts.last().map(|(_, text)| text.as_str());
        failure.or(refusal).or(doubt)
    }
}

/// The amount spent, in Kling units.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Spent {
    /// The clips that were bought: here, being made, or failed and charged.
    pub clips: usize,
    /// The amount that the service says it charged for them.
    pub charged: f64,
    /// For how many of them it has not said.
    pub uncharged: usize,
    /// The total of the prices shown before each purchase.
    pub shown: f64,
    /// Attempts whose outcome is not known; they may have been bought.
    pub unknown: usize,
    /// The amount that a spend cap counts: the charge, or the price shown if the service has not said, and unknown outcomes.
    pub most: f64,
}

/// The plan's name for the state of a shot.
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
    /// Whether `submit` buys a shot of this state without being asked for another take.
    pub fn needs_buying(self, retry_failed: bool) -> bool {
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
        if let What::Chosen = event.what {
            let shot = (event.clip.film.clone(), event.clip.shot.clone());
            self.chosen.entry(shot).or_default().insert((event.at, event.attempt.clone()));
            return;
        }
        self.by_clip.insert((event.clip.clone(), event.attempt.clone()));
        self.by_identity.entry(event.clip.identity.clone()).or_default().insert(event.attempt.clone());
        let attempt = self.attempts.entry(event.attempt.clone()).or_insert_with(|| Attempt::new(event));
        let is_move = matches!(event.what, What::Moved { .. });
        attempt.take_name(&event.clip, is_move);
        attempt.began = attempt.began.min(event.at);
        attempt.take(event);
    }

    /// All attempts, by id.
    pub fn attempts(&self) -> impl Iterator<Item = &Attempt> {
        self.attempts.values()
    }

    /// An attempt by its id.
    pub fn attempt(&self, id: &str) -> Option<&Attempt> {
        self.attempts.get(id)
    }

    /// The attempts that count for this clip.
    pub fn of_clip<'a>(&'a self, clip: &'a Clip) -> impl Iterator<Item = &'a Attempt> {
        self.by_clip
            .range((clip.clone(), String::new())..)
            .take_while(move |(of, _)| of == clip)
            .filter_map(|(_, id)| self.attempts.get(id))
    }

    /// The attempts that count for this shot, whatever it said at the time.
    pub fn of_shot<'a>(&'a self, film: &str, shot: &str) -> impl Iterator<Item = &'a Attempt> + use<'a> {
        let start = Clip { film: film.to_owned(), shot: shot.to_owned(), identity: String::new() };
        let ids: BTreeSet<&str> = self
            .by_clip
            .range((start, String::new())..)
            .take_while(|(of, _)| of.film == film && of.shot == shot)
            .map(|(_, id)| id.as_str())
            .collect();
        ids.into_iter().filter_map(|id| self.attempts.get(id))
    }

    /// The same clip under another film or shot name: bought there, or being made.
    pub fn under_another_name(&self, clip: &Clip) -> Option<&Attempt> {
        let ids = self.by_identity.get(&clip.identity)?;
        let attempts = ids.iter().filter_map(|id| self.attempts.get(id));
        attempts
            .filter(|attempt| attempt.standing() >= Standing::InFlight)
            .max_by_key(|a| (a.standing(), a.began, &a.id))
    }

    /// The takes of a shot, of whatever text, in the order in which they were bought: take 1 first.
    pub fn takes(&self, film: &str, shot: &str) -> Vec<&Attempt> {
        let mut takes: Vec<&Attempt> =
            self.of_shot(film, shot).filter(|attempt| attempt.standing() >= Standing::InFlight).collect();
        takes.sort_by_key(|attempt| (attempt.began, &attempt.id));
        takes
    }

    /// The number, from 1, of the take that was chosen for a shot by hand.
    pub fn chosen_take(&self, film: &str, shot: &str) -> Option<usize> {
        let (_, id) = self.chosen.get(&(film.to_owned(), shot.to_owned()))?.last()?;
        self.takes(film, shot).iter().position(|attempt| attempt.id == *id).map(|index| index + 1)
    }

    /// The cost so far of the attempts at films for which `is_meant` is true.
    pub fn spent(&self, is_meant: impl Fn(&str) -> bool) -> Spent {
        let mut spent = Spent::default();
        for attempt in self.attempts.values().filter(|attempt| is_meant(&attempt.clip.film)) {
            let (standing, charged) = (attempt.standing(), attempt.charged());
            let shown = attempt.intent.as_ref().and_then(|intent| intent.units);
            match standing {
                Standing::Done | Standing::InFlight => {}
                Standing::Unknown => spent.unknown += 1,
                // A failure is charged only where the service says so.
                Standing::Failed if charged.is_some_and(|units| units > 0.0) => {}
                Standing::Failed | Standing::Void => continue,
            }
            if standing != Standing::Unknown {
                spent.clips += 1;
                spent.charged += charged.unwrap_or(0.0);
                spent.uncharged += usize::from(charged.is_none());
                spent.shown += shown.unwrap_or(0.0);
            }
            spent.most += charged.or(shown).unwrap_or(0.0);
        }
        spent
    }

    /// The state of a shot, given the request that it would be sent as today.
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

    /// The request to compare a changed shot with: that of the latest attempt that led to anything.
    pub fn sent_before(&self, clip: &Clip) -> Option<&Intent> {
        self.of_shot(&clip.film, &clip.shot)
            .filter(|attempt| attempt.standing() > Standing::Void)
            .filter_map(|attempt| attempt.intent.as_ref().map(|intent| (attempt.began, &attempt.id, intent)))
            .max_by_key(|(began, id, _)| (*began, *id))
            .map(|(_, _, intent)| intent)
    }

    /// The names of the parts that differ from the latest attempt at this shot that came to anything, sorted; empty
    /// where there is none.
    pub fn changed_fields(&self, clip: &Clip, fields: &[(String, String)]) -> Vec<String> {
        let Some(intent) = self.sent_before(clip) else { return Vec::new() };
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
    /// Several lines may give the charge; the highest is kept, so that spend is never reported too low.
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
    use proptest::test_runner::RngSeed;

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
            fields: [("mode".to_owned(), "m".to_owned()), ("prompt".to_owned(), prompt.to_owned())].into(),
            ..Intent::default()
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
        // What was never sent is not what it was before.
        let mut state = state;
        state.apply(&event(8, 'c', "2", intent("new")));
        state.apply(&event(9, 'c', "2", What::NotSent { reason: "dns".into() }));
        assert_eq!(state.changed_fields(&clip('a'), &now), ["prompt"]);
    }

    #[test]
    fn what_is_bought_outweighs_forgetting_it_on_another_branch() {
        let events = vec![
            event(1, 'a', "1", intent("p")),
            event(2, 'a', "1", What::Released { how: Learned::Hand, task_id: None }),
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

    fn moved(second: i64, attempt: &str) -> Event {
        let clip = Clip { film: "boat".into(), ..clip('a') };
        let what = What::Moved { from_film: "ferry".into(), from_shot: "a".into() };
        Event { at: Timestamp::from_second(second).unwrap(), clip, attempt: attempt.into(), what }
    }

    #[test]
    fn a_renamed_shot_has_what_was_bought_under_its_old_name() {
        let renamed = Clip { film: "boat".into(), ..clip('a') };
        let bought = [event(1, 'a', "1", intent("p")), event(2, 'a', "1", accepted("t"))];
        let state: State = bought.iter().cloned().collect();
        assert_eq!(state.shot_state(&renamed), ShotState::New);
        assert_eq!(state.under_another_name(&renamed).map(|attempt| attempt.id.as_str()), Some("1"));
        let state: State = bought.into_iter().chain([moved(3, "1"), event(4, 'a', "1", downloaded("t"))]).collect();
        assert_eq!(state.shot_state(&renamed), ShotState::Done);
        assert_eq!(state.shot_state(&clip('a')), ShotState::Done);
        assert_eq!(state.attempts().count(), 1);
        assert_eq!(state.attempt("1").unwrap().clip, clip('a'));
    }

    #[test]
    fn takes_are_numbered_in_the_order_bought_and_the_latest_choice_counts() {
        let chosen = |second, attempt: &str| event(second, 'a', attempt, What::Chosen);
        let mut events = vec![
            event(5, 'b', "x", intent("q")),
            event(6, 'b', "x", accepted("u")),
            event(1, 'a', "y", intent("p")),
            event(2, 'a', "y", accepted("t")),
            event(3, 'a', "z", intent("p")),
            event(4, 'a', "z", refused(true)),
        ];
        let state: State = events.clone().into_iter().collect();
        assert_eq!(state.takes("ferry", "a").iter().map(|take| take.id.as_str()).collect::<Vec<_>>(), ["y", "x"]);
        assert_eq!(state.chosen_take("ferry", "a"), None);
        events.extend([chosen(9, "y"), chosen(8, "x")]);
        let state: State = events.into_iter().collect();
        assert_eq!(state.chosen_take("ferry", "a"), Some(1));
    }

    #[test]
    fn what_was_spent_is_what_was_charged_and_what_was_shown() {
        let charge = |second, attempt: &str, task: &str, units| {
            let mut what = downloaded(task);
            if let What::Downloaded { units: charged, .. } = &mut what {
                *charged = units;
            }
            event(second, 'a', attempt, what)
        };
        let failed = |task: &str, units| What::Failed { task_id: task.into(), message: "no".into(), units };
        let mut events = Vec::new();
        for attempt in ["1", "2", "3", "4", "5", "6"] {
            events.push(event(1, 'a', attempt, intent("p")));
        }
        events.extend([
            charge(2, "1", "t1", Some(30.0)),
            charge(2, "2", "t2", None),
            event(2, 'a', "3", accepted("t3")),
            event(2, 'a', "4", failed("t4", Some(0.0))),
            event(2, 'a', "5", failed("t5", Some(1.5))),
        ]);
        let state: State = events.into_iter().collect();
        let expected = Spent { clips: 4, charged: 31.5, uncharged: 2, shown: 16.0, unknown: 1, most: 43.5 };
        assert_eq!(state.spent(|film| film == "ferry"), expected);
        assert_eq!(state.spent(|_| false), Spent::default());
    }

    #[test]
    fn a_task_that_was_given_up_may_be_bought_again_unless_its_clip_came_after_all() {
        let mut events = vec![
            event(1, 'a', "1", intent("p")),
            event(2, 'a', "1", accepted("t")),
            event(3, 'a', "1", What::Gone { task_id: "t".into(), reason: "no such task".into() }),
        ];
        assert_eq!(state(events.clone()), ShotState::InFlight);
        events.push(event(4, 'a', "1", What::Released { how: Learned::Hand, task_id: Some("t".into()) }));
        assert_eq!(state(events.clone()), ShotState::New);
        events.push(event(5, 'a', "1", downloaded("t")));
        assert_eq!(state(events), ShotState::Done);
    }

    fn any_event() -> impl Strategy<Value = Event> {
        let what = prop_oneof![
            prop_oneof![Just(intent("p")), Just(intent("q"))],
            prop_oneof![Just(accepted("t")), Just(accepted("u"))],
            any::<bool>().prop_map(refused),
            Just(What::NotSent { reason: "dns".into() }),
            Just(What::Unknown { reason: "cut".into(), answer: None, candidate: Some("t".into()) }),
            Just(What::Absent),
            Just(What::Moved { from_film: "old".into(), from_shot: "a".into() }),
            Just(What::Chosen),
            Just(What::Released { how: Learned::Lookup, task_id: None }),
            Just(What::Gone { task_id: "t".into(), reason: "no".into() }),
            Just(What::Failed { task_id: "t".into(), message: "no".into(), units: None }),
            Just(downloaded("t")),
            Just(What::Downloaded {
                task_id: "t".into(),
                path: "clips/a.mp4".into(),
                bytes: 2,
                sha256: "w".into(),
                units: Some(3.0)
            }),
        ];
        (0i64..5, prop_oneof![Just('a'), Just('b')], "[12]", what)
            .prop_map(|(second, identity, attempt, what)| event(second, identity, &attempt, what))
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: RngSeed::Fixed(7), ..Default::default() })]

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
                prop_assert!(!state.shot_state(&clip('a')).needs_buying(false));
            }
        }
    }
}
