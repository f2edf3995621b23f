//! The tasks that are being followed: where the API takes several in one question, each question is for all of them, and who asks next
//! may find the answer here.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use crate::api::{News, Task};

/// An answer that is older than this is asked for again.
const FRESH: Duration = Duration::from_secs(5);

/// The latest news of the tasks that are followed.
#[derive(Debug, Default)]
pub(super) struct Board {
    tasks: Mutex<BTreeMap<String, Followed>>,
    /// One asks at a time: who waits may be answered by it.
    pub turn: tokio::sync::Mutex<()>,
    /// Whether the service was seen to answer for one task alone and not for several.
    is_one_by_one: AtomicBool,
}

#[derive(Debug, Default)]
struct Followed {
    /// At which uptime it was last asked for.
    asked: Duration,
    /// That answer, if nobody has taken it yet.
    said: Option<Task>,
}

impl Board {
    fn tasks(&self) -> MutexGuard<'_, BTreeMap<String, Followed>> {
        self.tasks.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    pub fn follow(&self, task_id: &str) {
        self.tasks().entry(task_id.to_owned()).or_default();
    }

    /// The latest answer about a task. Each answer is given out once: to get another one, ask again.
    pub fn take(&self, task_id: &str, now: Duration) -> Option<Task> {
        let mut tasks = self.tasks();
        let followed = tasks.get_mut(task_id)?;
        let said = followed.said.take()?;
        (now.saturating_sub(followed.asked) < FRESH).then_some(said)
    }

    /// This task and others, at most so many, those first that were not asked for the longest.
    pub fn with_others(&self, task_id: &str, most: usize) -> Vec<String> {
        let tasks = self.tasks();
        let mut others: Vec<_> = tasks.iter().filter(|(id, _)| *id != task_id).collect();
        others.sort_by_key(|(_, followed)| followed.asked);
        let most = if self.is_one_by_one.load(Ordering::Relaxed) { 1 } else { most };
        let others = others.into_iter().map(|(id, _)| id.clone());
        std::iter::once(task_id.to_owned()).chain(others).take(most).collect()
    }

    /// Keeps what was said of a task, for who follows it.
    pub fn put(&self, task_id: &str, task: Task, now: Duration) {
        if let Some(followed) = self.tasks().get_mut(task_id) {
            *followed = Followed { asked: now, said: Some(task) };
        }
    }

    /// A task that is at its end is no longer asked for, unless somebody asks again.
    pub fn taken(&self, task_id: &str, task: &Task) {
        if !matches!(task.news, News::Pending { .. } | News::Unclear(_)) {
            self.tasks().remove(task_id);
        }
    }

    /// From now on each question is for one task.
    pub fn ask_one_by_one(&self) {
        self.is_one_by_one.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pending(word: &str) -> Task {
        Task { news: News::Pending { word: word.into() }, is_named: true, external_id: None }
    }

    #[test]
    fn an_answer_is_given_once_and_only_while_it_is_fresh() {
        let board = Board::default();
        let at = Duration::from_secs;
        board.follow("a");
        board.put("a", pending("processing"), at(10));
        board.put("nobody follows it", pending("processing"), at(10));
        assert_eq!(board.take("a", at(12)), Some(pending("processing")));
        assert_eq!(board.take("a", at(12)), None);
        board.put("a", pending("processing"), at(10));
        assert_eq!(board.take("a", at(15)), None, "it is too old");
        assert_eq!(board.take("nobody follows it", at(10)), None);
    }

    #[test]
    fn those_come_along_that_were_not_asked_for_the_longest() {
        let board = Board::default();
        for (id, asked) in [("a", 3), ("b", 1), ("c", 2)] {
            board.follow(id);
            board.put(id, pending("processing"), Duration::from_secs(asked));
        }
        assert_eq!(board.with_others("a", 20), ["a", "b", "c"]);
        assert_eq!(board.with_others("a", 2), ["a", "b"]);
        board.taken("b", &Task { news: News::Gone("no".into()), is_named: false, external_id: None });
        assert_eq!(board.with_others("a", 20), ["a", "c"]);
        board.ask_one_by_one();
        assert_eq!(board.with_others("a", 20), ["a"]);
    }
}
