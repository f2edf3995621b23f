//! Whether the service answers, takes the key, and has the same time: asked without buying anything.

use jiff::{SignedDuration, Timestamp};

use super::client::Service;
use crate::api::{Balance, Created, Looked, Meaning, News, Sent};

/// A task that no service has.
const NO_TASK: &str = "clapboard-doctor";

/// How the service is.
#[derive(Debug, Clone, PartialEq)]
pub enum Health {
    /// It answers as it should, and takes the key.
    Answers {
        /// Its words, masked and escaped.
        text: String,
        /// Seconds by which its clock is ahead of this machine's.
        ahead: Option<i64>,
    },
    /// It refuses whatever is asked.
    Refuses {
        /// Its words, masked and escaped.
        text: String,
        /// The next step for the user.
        advice: &'static str,
        /// Seconds by which its clock is ahead of this machine's.
        ahead: Option<i64>,
    },
    /// Its answer is not one of this API.
    Odd {
        /// Its words, masked and escaped.
        text: String,
        /// Seconds by which its clock is ahead of this machine's.
        ahead: Option<i64>,
    },
    /// There was no answer.
    Unreachable {
        /// Why not.
        reason: String,
    },
}

impl Health {
    /// Seconds by which the service's clock is ahead of this machine's, where it said its time.
    pub fn clock_skew(&self) -> Option<i64> {
        match self {
            Health::Answers { ahead, .. } | Health::Refuses { ahead, .. } | Health::Odd { ahead, .. } => *ahead,
            Health::Unreachable { .. } => None,
        }
    }
}

impl Service {
    /// Asks what the account has left; `None` where the API has no call for it.
    pub async fn balance(&self) -> Option<Result<Balance, String>> {
        /// Kling lists packs by when they were bought. None that it sells lasts longer than a year.
        const LONGEST_PACK: SignedDuration = SignedDuration::from_hours(400 * 24);
        let api = self.endpoint().api();
        let now = self.clock().now();
        let since = now.saturating_sub(LONGEST_PACK).unwrap_or(Timestamp::UNIX_EPOCH);
        let question = api.ask_for_balance(since.as_millisecond(), now.as_millisecond())?;
        let answer = self.ask_with_date(&question).await;
        Some(answer.and_then(|(http, _, body)| api.balance(http, &body)).map_err(|reason| self.show(&reason)))
    }

    /// Asks for a task that does not exist.
    pub async fn health(&self) -> Health {
        let api = self.endpoint().api();
        let asked: Timestamp = self.clock().now();
        let (http, date, body) = match self.ask_with_date(&api.ask_for_tasks(&[NO_TASK])).await {
            Ok(answer) => answer,
            Err(reason) => return Health::Unreachable { reason },
        };
        let ahead = date.map(|date| date.as_second() - asked.as_second());
        let says_absent = matches!(api.looked_up(http, &body, NO_TASK), Looked::Absent)
            || matches!(api.task(http, &body, NO_TASK).news, News::Gone(_));
        if says_absent {
            return Health::Answers { text: format!("HTTP {http}"), ahead };
        }
        let sent = Sent { external_id: None, is_repeat: false };
        match api.created(http, &body, None, sent) {
            Created::Refused(refused) => {
                let text = self.show(&format!("HTTP {http}, {}", refused.message));
                match refused.meaning {
                    Meaning::Account | Meaning::Token => Health::Refuses { text, advice: refused.next, ahead },
                    _ => Health::Answers { text, ahead },
                }
            }
            Created::Unknown(doubt) => Health::Odd { text: self.show(&doubt.reason), ahead },
            _ => Health::Odd { text: format!("HTTP {http}"), ahead },
        }
    }
}
