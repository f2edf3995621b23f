//! The HTTP client.

use std::fmt;
use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::stream;
use jiff::Timestamp;
use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Body, Client, ClientBuilder, Response};
use tokio::time::Instant;

use super::auth::{Signer, fingerprint};
use super::board::Board;
use super::clock::Clock;
use super::download::Fetcher;
use super::endpoint::{Auth, Endpoint};
use super::secret::Mask;
use super::text::shown;
use crate::api::{Created, Doubt, Looked, Meaning, News, Question, Sent, Task};
use crate::text::counted;

/// An answer of the API is a few kilobytes; of one that is longer than this no more is read.
const LONGEST_ANSWER: usize = 1 << 20;
/// How much of an answer may become part of a text that is shown: [`shown`] cuts it further, after the key is hidden in it.
const MOST_SHOWN: usize = 16 << 10;
/// A piece of a body on its way out.
const PIECE: usize = 64 << 10;
/// The slowest line that a body is waited for, in bytes a second.
const SLOWEST: u64 = 16 << 10;
/// Connecting takes no longer than this, however patient the config is.
const CONNECT: Duration = Duration::from_secs(30);
/// When time is up, an answer that has come already is still read: this process may have been stopped while it came.
const GRACE: Duration = Duration::from_secs(1);
/// The longest pause that a service may ask for.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(3600);

/// The service, ready to be asked. Cheap to share by reference; all of its texts are safe to show.
#[derive(Debug)]
pub struct Service {
    endpoint: Endpoint,
    clock: Arc<dyn Clock>,
    mask: Mask,
    account: String,
    signer: Signer,
    /// Sends paid requests, each on a connection of its own: one that the service is about to close would leave its outcome unknown.
    sender: Client,
    asker: Client,
    fetcher: Fetcher,
    board: Board,
}

/// The answer to a POST.
#[derive(Debug)]
pub struct Posted {
    /// Its outcome.
    pub created: Created,
    /// How long the service asks to wait before the next try.
    pub retry_after: Option<Duration>,
    /// Whether a new token will be signed for the next request.
    pub renewed: bool,
}

impl Posted {
    fn unanswered(created: Created) -> Posted {
        Posted { created, retry_after: None, renewed: false }
    }
}

/// Why there is no service to ask.
#[derive(Debug)]
pub struct ServiceError(String);

impl fmt::Display for ServiceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the network cannot be used: {}", self.0)
    }
}

impl std::error::Error for ServiceError {}

impl Service {
    /// # Errors
    /// The system's certificates cannot be read.
    pub fn new(endpoint: Endpoint, clock: Arc<dyn Clock>) -> Result<Service, ServiceError> {
        // A second installation fails, and the first one is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mask = Mask::new(match &endpoint.auth {
            Auth::Bearer(key) => vec![key.clone()],
            Auth::Signed { access, secret } => vec![secret.clone(), access.clone()],
        });
        let build = |builder: ClientBuilder| builder.build().map_err(|error| ServiceError(mask_error(&mask, error)));
        let plain = || {
            Client::builder()
                .user_agent(concat!("clapboard/", env!("CARGO_PKG_VERSION")))
                .redirect(Policy::none())
                .retry(reqwest::retry::never())
                .referer(false)
                .connect_timeout(connect_time(&endpoint))
        };
        // A proxy on the way to this very machine would get to see the key. Clips are fetched without it.
        let with_key = || if endpoint.is_loopback() { plain().no_proxy() } else { plain() };
        let by_proxy = build(plain().read_timeout(endpoint.request_timeout))?;
        let direct = build(plain().no_proxy().read_timeout(endpoint.request_timeout))?;
        Ok(Service {
            account: fingerprint(&endpoint.auth),
            signer: Signer::new(endpoint.auth.clone(), mask.clone()),
            sender: build(with_key().pool_max_idle_per_host(0))?,
            asker: build(with_key().timeout(endpoint.request_timeout))?,
            fetcher: Fetcher::new(by_proxy, direct, mask.clone()),
            board: Board::default(),
            endpoint,
            clock,
            mask,
        })
    }

    /// Where it is.
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Its clock.
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Downloads clips.
    pub fn fetcher(&self) -> &Fetcher {
        &self.fetcher
    }

    /// Which account its key belongs to: a fingerprint from which the key cannot be found.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// The longest that a POST of a body of this length may take.
    pub fn longest(&self, length: usize) -> Duration {
        let upload = Duration::from_secs(length as u64 / SLOWEST);
        connect_time(&self.endpoint) + self.endpoint.request_timeout + upload + GRACE
    }

    /// Orders a clip: posts `body`, a whole JSON request, to `path`. The caller has made the intent durable.
    pub async fn create(&self, path: &str, body: Vec<u8>, sent: Sent<'_>) -> Posted {
        let length = body.len();
        let response = match self.post(path, body).await {
            Ok(response) => response,
            Err(created) => return Posted::unanswered(created),
        };
        let http = response.status().as_u16();
        if response.status().is_redirection() {
            let reason = format!("HTTP {http}: the service redirects, and a paid request does not follow");
            return Posted::unanswered(Created::Unknown(Doubt { reason, ..Doubt::default() }));
        }
        let retry_after = retry_after(response.headers(), self.clock.now());
        let service_clock = date(response.headers());
        let (answer, broke) = self.read(response).await;
        let created = match self.endpoint.api().created(http, &answer, broke.as_deref(), sent) {
            Created::Accepted { task_id } if self.mask.finds(&task_id) => {
                let reason = "the service sent the key back as a task id".to_owned();
                Created::Unknown(Doubt { reason, ..Doubt::default() })
            }
            Created::Unknown(doubt) if doubt.candidate.as_ref().is_some_and(|id| self.mask.finds(id)) => {
                Created::Unknown(Doubt { candidate: None, ..doubt })
            }
            created => created,
        };
        let created = with_size(created, http, length).map_text(|text| self.show(text));
        let wants_token = matches!(&created, Created::Refused(refused) if refused.meaning == Meaning::Token);
        let renewed = wants_token && self.signer.can_renew();
        if renewed {
            self.signer.renew(self.clock.now(), service_clock);
        }
        Posted { created, retry_after, renewed }
    }

    /// Sends a body. The error is what is known where no answer came.
    async fn post(&self, path: &str, body: Vec<u8>) -> Result<Response, Created> {
        let length = body.len();
        let upload = Upload::new(body);
        let authorization = self.signer.header(self.clock.now());
        let authorization = authorization.map_err(|_| Created::NotSent("the key cannot stand in a request".into()))?;
        let sending = self
            .sender
            .post(self.endpoint.create_url(path))
            .header(AUTHORIZATION, authorization)
            .header(CONTENT_TYPE, "application/json")
            .header(CONTENT_LENGTH, length)
            .body(upload.body())
            .send();
        let patience = self.endpoint.request_timeout;
        let unknown = |reason: String| Created::Unknown(Doubt { reason, ..Doubt::default() });
        // The client itself ends an attempt to connect, so that one that took too long is known for what it is.
        let whole = self.longest(length);
        let silence = async {
            tokio::select! {
                () = upload.stalled(patience) => {}
                () = tokio::time::sleep(whole.saturating_sub(GRACE)) => {}
            }
            tokio::time::sleep(GRACE).await;
        };
        tokio::select! {
            biased;
            answer = sending => answer.map_err(|error| {
                let is_unsent = error.is_connect() || error.is_builder();
                let reason = mask_error(&self.mask, error);
                if is_unsent { Created::NotSent(reason) } else { unknown(format!("the connection broke: {reason}")) }
            }),
            () = silence => Err(unknown(format!("no answer within {} s", patience.as_secs_f64()))),
        }
    }

    /// Asks for the state of a task, and in the same request for the other tasks that are followed.
    pub async fn poll(&self, task_id: &str) -> Task {
        self.board.follow(task_id);
        let most = self.endpoint.api().tasks_at_once();
        let task =
            if most == 1 { self.ask_for(&[task_id]).await.remove(0) } else { self.poll_among(task_id, most).await };
        self.board.taken(task_id, &task);
        task
    }

    async fn poll_among(&self, task_id: &str, most: usize) -> Task {
        let _turn = self.board.turn.lock().await;
        if let Some(task) = self.board.take(task_id, self.clock.uptime()) {
            return task;
        }
        let ids = self.board.with_others(task_id, most);
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut tasks = self.ask_for(&ids).await;
        let task = tasks.remove(0);
        if ids.len() > 1 && matches!(task.news, News::Unclear(_)) {
            // A gateway may refuse to be asked for several.
            let alone = self.ask_for(&[task_id]).await.remove(0);
            if !matches!(alone.news, News::Unclear(_)) {
                self.board.ask_one_by_one();
            }
            return alone;
        }
        let now = self.clock.uptime();
        ids[1..].iter().zip(tasks).for_each(|(id, task)| self.board.put(id, task, now));
        task
    }

    /// One question for these tasks, and what the answer says of each.
    async fn ask_for(&self, task_ids: &[&str]) -> Vec<Task> {
        let api = self.endpoint.api();
        let answer = self.ask(&api.ask_for_tasks(task_ids)).await;
        let read = |task_id: &&str| match &answer {
            Ok((http, body)) => api.task(*http, body, task_id).map_text(|text| self.show(text)),
            Err(problem) => Task::unclear(problem.clone()).map_text(|text| self.show(text)),
        };
        task_ids.iter().map(read).collect()
    }

    /// Asks whether the service has a task for what was sent as `external_id`.
    pub async fn look_up(&self, external_id: &str) -> Looked {
        let api = self.endpoint.api();
        let looked = match self.ask(&api.ask_for_attempt(external_id)).await {
            Ok((http, body)) => api.looked_up(http, &body, external_id),
            Err(problem) => Looked::CannotSay(problem),
        };
        match looked {
            Looked::Found { task_id } if self.mask.finds(&task_id) => {
                Looked::CannotSay("the service sent the key back as a task id".into())
            }
            looked => looked.map_text(|text| self.show(text)),
        }
    }

    async fn ask(&self, question: &Question) -> Result<(u16, Vec<u8>), String> {
        self.ask_with_date(question).await.map(|(http, _, body)| (http, body))
    }

    /// Asks, and says the service's time as well, where its answer does.
    pub(super) async fn ask_with_date(&self, question: &Question) -> Result<(u16, Option<Timestamp>, Vec<u8>), String> {
        let now = self.clock.now();
        let authorization = self.signer.header(now).map_err(|_| "the key cannot stand in a request".to_owned())?;
        let response = self
            .asker
            .get(self.endpoint.question_url(question))
            .header(AUTHORIZATION, authorization)
            .send()
            .await
            .map_err(|error| mask_error(&self.mask, error))?;
        let http = response.status().as_u16();
        let date = date(response.headers());
        if http == 401 && self.signer.can_renew() {
            self.signer.renew(now, date);
        }
        match self.read(response).await {
            (body, None) => Ok((http, date, body)),
            (_, Some(problem)) => Err(problem),
        }
    }

    /// Reads an answer to its end, or to where it becomes too long, too slow or breaks off: then what came, and why no more.
    async fn read(&self, mut response: Response) -> (Vec<u8>, Option<String>) {
        let mut body = Vec::new();
        let reading = async {
            while let Some(piece) = response.chunk().await.map_err(|error| mask_error(&self.mask, error))? {
                body.extend_from_slice(&piece);
                if body.len() > LONGEST_ANSWER {
                    return Err("the answer does not end".to_owned());
                }
            }
            Ok(())
        };
        let read = within(self.endpoint.request_timeout, reading).await;
        let broke = read.unwrap_or_else(|| Err("the answer stopped half-way".to_owned())).err();
        (body, broke)
    }

    pub(super) fn show(&self, text: &str) -> String {
        let end = text.floor_char_boundary(MOST_SHOWN);
        shown(&self.mask.apply(&text[..end]))
    }
}

fn connect_time(endpoint: &Endpoint) -> Duration {
    endpoint.request_timeout.min(CONNECT)
}

/// A refusal for its size says how large the request was.
fn with_size(created: Created, http: u16, length: usize) -> Created {
    match created {
        Created::Refused(mut refused) if http == 413 => {
            refused.message = format!("{} (the request has {})", refused.message, counted(length, "byte"));
            Created::Refused(refused)
        }
        other => other,
    }
}

/// The output of `future` if it comes in time, or a moment later if it was ready in time and this process was not.
async fn within<T>(limit: Duration, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    match tokio::time::timeout(limit, future.as_mut()).await {
        Ok(done) => Some(done),
        Err(_) => tokio::time::timeout(GRACE, future).await.ok(),
    }
}

/// A body on its way out, with the moment when a piece of it was last taken.
struct Upload {
    body: Arc<Vec<u8>>,
    last_taken: Arc<Mutex<Option<Instant>>>,
}

impl Upload {
    fn new(body: Vec<u8>) -> Upload {
        Upload { body: Arc::new(body), last_taken: Arc::default() }
    }

    fn body(&self) -> Body {
        let (body, last_taken) = (self.body.clone(), self.last_taken.clone());
        Body::wrap_stream(stream::unfold(0, move |start| {
            let piece =
                body.get(start..(start + PIECE).min(body.len())).filter(|piece| !piece.is_empty()).map(<[u8]>::to_vec);
            *last_taken.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(Instant::now());
            let next = piece.map(|piece| {
                let end = start + piece.len();
                (Ok::<_, io::Error>(piece), end)
            });
            std::future::ready(next)
        }))
    }

    fn last_taken(&self) -> Option<Instant> {
        *self.last_taken.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    /// Returns when nothing was taken for `patience` after the connection stood: the service neither reads nor answers.
    async fn stalled(&self, patience: Duration) {
        loop {
            let seen = self.last_taken();
            tokio::time::sleep_until(seen.unwrap_or_else(Instant::now) + patience).await;
            if seen.is_some() && self.last_taken() == seen {
                return;
            }
        }
    }
}

/// The service's clock, where its answer has it.
fn date(headers: &HeaderMap) -> Option<Timestamp> {
    http_date(headers.get(DATE)?.to_str().ok()?)
}

fn http_date(text: &str) -> Option<Timestamp> {
    jiff::fmt::rfc2822::parse(text).ok().map(|zoned| zoned.timestamp())
}

/// `Retry-After`, in seconds or as a date.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let pause = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => Duration::try_from(http_date(text)?.duration_since(now)).ok()?,
    };
    Some(pause.min(LONGEST_RETRY_AFTER))
}

/// The cause of an error, without what the libraries say around it, safe to show.
pub(super) fn mask_error(mask: &Mask, error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    let text = cause.to_string();
    // The system's number says nothing to a writer.
    let text = text.split(" (os error").next().unwrap_or(&text);
    shown(&mask.apply(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    #[test]
    fn a_pause_is_read_in_both_forms_and_has_an_end() {
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        let read = |text: &'static str| {
            retry_after(&HeaderMap::from_iter([(RETRY_AFTER, HeaderValue::from_static(text))]), now)
        };
        assert_eq!(read("17"), Some(Duration::from_secs(17)));
        assert_eq!(read("Sun, 22 Nov 2026 12:00:30 GMT"), Some(Duration::from_secs(30)));
        assert_eq!(read("99999999999"), Some(LONGEST_RETRY_AFTER));
        for odd in ["-1", "soon", "Sun, 22 Nov 2026 11:00:00 GMT", "99999999999999999999999"] {
            assert_eq!(read(odd), None, "{odd}");
        }
    }
}
