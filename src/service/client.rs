//! The HTTP client.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::stream;
use jiff::Timestamp;
use reqwest::header::{AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, DATE, HeaderMap};
use reqwest::redirect::Policy;
use reqwest::{Body, Client, ClientBuilder, Response};
use tokio::time::Instant;
use url::Url;

use super::auth::Signer;
use super::clock::Clock;
use super::download::Fetcher;
use super::endpoint::{Auth, Endpoint};
use super::envelope::{self, CreateAnswer, LookAnswer, TaskAnswer};
use super::errors::{KlingError, Meaning};
use super::secret::Mask;
use super::text::shown;

/// An answer of the API is a few kilobytes; one that is longer than this is not read on.
const LONGEST_ANSWER: usize = 1 << 20;
/// A piece of a body on its way out.
const PIECE: usize = 64 << 10;
/// The slowest line that a body is waited for, in bytes a second.
const SLOWEST: u64 = 16 << 10;
/// Connecting takes no longer than this, however patient the config is.
const CONNECT: Duration = Duration::from_secs(30);

/// The service, ready to be asked. Cheap to share by reference; all of its texts are safe to show.
#[derive(Debug)]
pub struct Service {
    endpoint: Endpoint,
    clock: Arc<dyn Clock>,
    mask: Mask,
    signer: Signer,
    /// Sends paid requests, each on a connection of its own: one that the service is about to close would leave its outcome unknown.
    sender: Client,
    asker: Client,
    fetcher: Fetcher,
}

/// What became of a POST.
#[derive(Debug)]
pub enum Created {
    /// The connection failed before the request was written.
    NotSent(String),
    /// The service has the task.
    Accepted {
        /// The service's id of the task.
        task_id: String,
    },
    /// The service said no.
    Refused(Refused),
    /// It may or may not have been taken.
    Unknown(String),
}

/// A no.
#[derive(Debug)]
pub struct Refused {
    /// What Kling documents of the code.
    pub row: &'static KlingError,
    /// The service's own words, masked and escaped.
    pub message: String,
    /// Whether a new token will be signed for the next request.
    pub renewed: bool,
}

/// What became of the question for a task.
#[derive(Debug, Clone, PartialEq)]
pub enum Polled {
    /// Not at its end.
    Pending {
        /// The service's word for its status.
        word: String,
    },
    /// There is a clip.
    Ready(Ready),
    /// It failed, and is bought again only when asked for.
    Failed {
        /// The service's words, masked and escaped.
        message: String,
        /// Kling units.
        units: Option<f64>,
    },
    /// No answer that can be read: the task is where it was.
    Unclear(String),
}

/// A finished clip at the service.
#[derive(Clone, PartialEq)]
pub struct Ready {
    pub(super) url: String,
    /// Units that the service says it charged.
    pub units: Option<f64>,
}

impl fmt::Debug for Ready {
    /// The URL is the service's text, and opens the clip to whoever has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ready").field("units", &self.units).finish_non_exhaustive()
    }
}

/// What became of the question for an attempt.
#[derive(Debug, Clone, PartialEq)]
pub enum Looked {
    /// The service has it.
    Found { task_id: String },
    /// The service does not know it.
    Absent,
    /// Neither of both.
    CannotSay(String),
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
        let connect = endpoint.request_timeout.min(CONNECT);
        let build = |builder: ClientBuilder| builder.build().map_err(|error| ServiceError(mask_error(&mask, error)));
        let plain = || {
            let builder = Client::builder()
                .user_agent(concat!("clapboard/", env!("CARGO_PKG_VERSION")))
                .redirect(Policy::none())
                .retry(reqwest::retry::never())
                .referer(false)
                .connect_timeout(connect);
            // A proxy on the way to this very machine would get to see the key.
            if endpoint.is_loopback() { builder.no_proxy() } else { builder }
        };
        Ok(Service {
            signer: Signer::new(endpoint.auth.clone(), mask.clone()),
            sender: build(plain().pool_max_idle_per_host(0))?,
            asker: build(plain().timeout(endpoint.request_timeout))?,
            fetcher: Fetcher::new(build(plain().read_timeout(endpoint.request_timeout))?, mask.clone()),
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

    /// What brings clips home.
    pub fn fetcher(&self) -> &Fetcher {
        &self.fetcher
    }

    /// Orders a clip: sends `body`, a whole JSON request. The caller has made the intent durable.
    pub async fn create(&self, body: Vec<u8>) -> Created {
        let length = body.len();
        let upload = Upload::new(body);
        let authorization = match self.signer.header(self.clock.now()) {
            Ok(value) => value,
            Err(_) => return Created::NotSent("the key cannot stand in a request".into()),
        };
        let sending = self
            .sender
            .post(self.endpoint.create_url())
            .header(AUTHORIZATION, authorization)
            .header(CONTENT_TYPE, "application/json")
            .header(CONTENT_LENGTH, length)
            .body(upload.body())
            .send();
        let patience = self.endpoint.request_timeout;
        let whole = patience + Duration::from_secs(length as u64 / SLOWEST);
        let exchange = async {
            tokio::select! {
                answer = sending => answer.map_err(SendError::Http),
                () = upload.stalled(patience) => Err(SendError::Silence),
            }
        };
        let response = match tokio::time::timeout(whole, exchange).await {
            Ok(Ok(response)) => response,
            Ok(Err(SendError::Http(error))) if error.is_connect() || error.is_builder() => {
                return Created::NotSent(mask_error(&self.mask, error));
            }
            Ok(Err(SendError::Http(error))) => {
                return Created::Unknown(format!("the connection broke: {}", mask_error(&self.mask, error)));
            }
            Ok(Err(SendError::Silence)) | Err(_) => {
                return Created::Unknown(format!("no answer within {} s", patience.as_secs_f64()));
            }
        };
        let http = response.status().as_u16();
        if response.status().is_redirection() {
            return Created::Unknown(format!("HTTP {http}: the service redirects, and a paid request does not follow"));
        }
        let service_clock = date(response.headers());
        let body = match self.read(response).await {
            Ok(body) => body,
            Err(problem) => return Created::Unknown(format!("HTTP {http}, and then {problem}")),
        };
        match envelope::read_create(http, &body) {
            CreateAnswer::Accepted { task_id } if self.mask.finds(&task_id) => {
                Created::Unknown("the service sent the key back as a task id".into())
            }
            CreateAnswer::Accepted { task_id } => Created::Accepted { task_id },
            CreateAnswer::Refused { row, message } => {
                let renewed = row.meaning == Meaning::Token && self.signer.can_renew();
                if renewed {
                    self.signer.renew(self.clock.now(), service_clock);
                }
                Created::Refused(Refused { row, message: self.show(&message), renewed })
            }
            CreateAnswer::Unclear(problem) => Created::Unknown(self.show(&problem)),
        }
    }

    /// Asks where a task stands.
    pub async fn poll(&self, task_id: &str) -> Polled {
        let answer = match self.ask(task_id).await {
            Ok((http, body)) => envelope::read_task(http, &body),
            Err(problem) => TaskAnswer::Unclear(problem),
        };
        match answer {
            TaskAnswer::Pending(word) => Polled::Pending { word: self.show(&word) },
            TaskAnswer::Ready { url, units } => Polled::Ready(Ready { url, units }),
            TaskAnswer::Failed { message, units } => Polled::Failed { message: self.show(&message), units },
            TaskAnswer::Unclear(problem) => Polled::Unclear(self.show(&problem)),
        }
    }

    /// Asks whether the service has a task for an attempt.
    pub async fn look_up(&self, attempt: &str) -> Looked {
        let answer = match self.ask(attempt).await {
            Ok((http, body)) => envelope::read_look(http, &body, attempt),
            Err(problem) => LookAnswer::Unclear(problem),
        };
        match answer {
            LookAnswer::Found { task_id } if self.mask.finds(&task_id) => {
                Looked::CannotSay("the service sent the key back as a task id".into())
            }
            LookAnswer::Found { task_id } => Looked::Found { task_id },
            LookAnswer::Absent => Looked::Absent,
            LookAnswer::Unclear(problem) => Looked::CannotSay(self.show(&problem)),
        }
    }

    async fn ask(&self, id: &str) -> Result<(u16, Vec<u8>), String> {
        let now = self.clock.now();
        let authorization = self.signer.header(now).map_err(|_| "the key cannot stand in a request".to_owned())?;
        let response = self
            .asker
            .get(self.endpoint.task_url(id))
            .header(AUTHORIZATION, authorization)
            .send()
            .await
            .map_err(|error| mask_error(&self.mask, error))?;
        let http = response.status().as_u16();
        if http == 401 && self.signer.can_renew() {
            self.signer.renew(now, date(response.headers()));
        }
        let body = self.read(response).await?;
        Ok((http, body))
    }

    /// Reads an answer to its end, or to where it becomes too long, too slow or breaks off.
    async fn read(&self, mut response: Response) -> Result<Vec<u8>, String> {
        let reading = async {
            let mut body = Vec::new();
            while let Some(piece) = response.chunk().await.map_err(|error| mask_error(&self.mask, error))? {
                if body.len() + piece.len() > LONGEST_ANSWER {
                    return Err("the answer does not end".to_owned());
                }
                body.extend_from_slice(&piece);
            }
            Ok(body)
        };
        tokio::time::timeout(self.endpoint.request_timeout, reading)
            .await
            .unwrap_or_else(|_| Err("the answer stopped half-way".to_owned()))
    }

    fn show(&self, text: &str) -> String {
        shown(&self.mask.apply(text))
    }
}

enum SendError {
    Http(reqwest::Error),
    Silence,
}

/// A body on its way out, with the moment when a piece of it was last taken.
struct Upload {
    body: Arc<Vec<u8>>,
    last_taken: Arc<Mutex<Instant>>,
}

impl Upload {
    fn new(body: Vec<u8>) -> Upload {
        Upload { body: Arc::new(body), last_taken: Arc::new(Mutex::new(Instant::now())) }
    }

    fn body(&self) -> Body {
        let (body, last_taken) = (self.body.clone(), self.last_taken.clone());
        Body::wrap_stream(stream::unfold(0, move |start| {
            let piece =
                body.get(start..(start + PIECE).min(body.len())).filter(|piece| !piece.is_empty()).map(<[u8]>::to_vec);
            *last_taken.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Instant::now();
            let next = piece.map(|piece| {
                let end = start + piece.len();
                (Ok::<_, io::Error>(piece), end)
            });
            std::future::ready(next)
        }))
    }

    /// Returns when nothing was taken for `patience`: the service neither reads nor answers.
    async fn stalled(&self, patience: Duration) {
        loop {
            let seen = *self.last_taken.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
            tokio::time::sleep_until(seen + patience).await;
            if *self.last_taken.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) == seen {
                return;
            }
        }
    }
}

/// The service's clock, where its answer has it.
fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let text = headers.get(DATE)?.to_str().ok()?;
    jiff::fmt::rfc2822::parse(text).ok().map(|zoned| zoned.timestamp())
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

/// Where an address leads, for a request without a key.
pub(super) fn http_url(text: &str, base: Option<&Url>) -> Option<Url> {
    let url = match base {
        Some(base) => base.join(text),
        None => Url::parse(text),
    };
    url.ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}
