//! `preview --serve`: the page on an address of this computer alone, made again after each change. All that can be done there is
//! to look, and to choose a take.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io::{self, SeekFrom};
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, Limited, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio::sync::{Semaphore, watch};

use super::failure::Failure;

/// So many connections at once: a browser opens six.
const MOST_CONNECTIONS: usize = 64;
/// A choice is a short JSON object, in bytes.
const MOST_BODY: usize = 4_096;
/// How long a browser waits for news of the page before it asks again.
const NEWS: Duration = Duration::from_secs(25);
/// How long the head of a request may take.
const HEAD: Duration = Duration::from_secs(10);
/// A clip is sent in pieces of so many bytes.
const PIECE: usize = 64 * 1024;

type Body = UnsyncBoxBody<Bytes, io::Error>;
/// Writes a choice down: film, shot and the number of the take. Says why not in words.
pub type Choose = dyn Fn(&str, &str, usize) -> Result<(), String> + Send + Sync;

/// A page as it was made.
#[derive(Debug, Default)]
pub struct Made {
    /// Counts up; a page knows its own.
    pub version: u64,
    /// The page.
    pub html: String,
    /// The clips that it shows, by what it calls them.
    pub clips: HashMap<String, PathBuf>,
    /// The shots, by their cards: film and shot.
    pub shots: HashMap<String, (String, String)>,
}

/// The server of one page.
pub struct Site {
    port: u16,
    /// Part of every address: who was not given it sees nothing.
    token: String,
    page: watch::Sender<Arc<Made>>,
    choose: Box<Choose>,
}

/// What a page asks to write down.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    version: u64,
    card: String,
    take: usize,
}

impl Site {
    /// Listens on a free port of the loopback device; nothing is answered before [`Site::run`].
    ///
    /// # Errors
    /// There is no such port, or the system has no random numbers.
    pub fn new(choose: Box<Choose>) -> Result<(Arc<Site>, TcpListener), Failure> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(Failure::cannot)?;
        let port = listener.local_addr()?.port();
        let page = watch::Sender::new(Arc::default());
        Ok((Arc::new(Site { port, token: hex::encode(random), page, choose }), listener))
    }

    /// The page's address.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/{}/", self.port, self.token)
    }

    /// Shows another page from now on; browsers that show an earlier one load it.
    pub fn show(&self, page: Made) {
        self.page.send_replace(Arc::new(page));
    }

    /// Answers until the program ends.
    ///
    /// # Errors
    /// The listener belongs to no runtime.
    pub async fn run(self: Arc<Site>, listener: TcpListener) -> io::Result<()> {
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
        loop {
            let Ok(place) = room.clone().acquire_owned().await else { return Ok(()) };
            // What keeps one connection from being taken need not keep the next.
            let Ok((stream, _)) = listener.accept().await else {
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            };
            let site = self.clone();
            tokio::spawn(async move {
                let service = service_fn(|request| {
                    let site = site.clone();
                    async move { Ok::<_, Infallible>(site.answer(request).await) }
                });
                let mut http = hyper::server::conn::http1::Builder::new();
                http.timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(PIECE);
                // A browser that breaks off is nobody's problem.
                let _ = http.serve_connection(TokioIo::new(stream), service).await;
                drop(place);
            });
        }
    }

    async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        let mut answer = self.route(request).await.unwrap_or_else(|(status, why)| plain(status, &why));
        for (name, value) in [
            (header::CACHE_CONTROL, "no-store"),
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
            (header::REFERRER_POLICY, "no-referrer"),
            (header::X_FRAME_OPTIONS, "DENY"),
        ] {
            answer.headers_mut().insert(name, HeaderValue::from_static(value));
        }
        let only_here = HeaderValue::from_static("same-origin");
        answer.headers_mut().insert("cross-origin-resource-policy", only_here);
        answer
    }

    async fn route(&self, request: Request<Incoming>) -> Result<Response<Body>, (StatusCode, String)> {
        let refuse = |status: StatusCode, why: &str| Err((status, why.to_owned()));
        if !self.is_own(request.headers()) {
            return refuse(StatusCode::FORBIDDEN, "this address is for its own page only");
        }
        let path = request.uri().path().strip_prefix('/').and_then(|path| path.strip_prefix(&self.token));
        let Some(path) = path.and_then(|path| path.strip_prefix('/')) else {
            return refuse(StatusCode::NOT_FOUND, "there is nothing here");
        };
        match (request.method(), path) {
            (&Method::GET, "") => Ok(self.html()),
            (&Method::GET, "version") => Ok(self.news(request.uri().query()).await),
            (&Method::GET, path) if path.starts_with("clip/") => self.clip(&path[5..], request.headers()).await,
            (&Method::POST, "choose") => self.take_choice(request).await,
            (&Method::GET | &Method::POST, _) => refuse(StatusCode::NOT_FOUND, "there is nothing here"),
            _ => refuse(StatusCode::METHOD_NOT_ALLOWED, "only looking and choosing are possible here"),
        }
    }

    /// Whether a request is for this host and, as far as it says, from its own page: a name of somebody else's that leads to this
    /// computer, and a page of somebody else's, are refused.
    fn is_own(&self, headers: &HeaderMap) -> bool {
        let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or_default());
        let hosts = [format!("127.0.0.1:{}", self.port), format!("localhost:{}", self.port)];
        let is_host = text("host").is_some_and(|host| hosts.iter().any(|own| own == host));
        let is_origin = text("origin").is_none_or(|origin| self.is_own_origin(origin));
        let is_site = text("sec-fetch-site").is_none_or(|site| site == "same-origin" || site == "none");
        is_host && is_origin && is_site
    }

    fn is_own_origin(&self, origin: &str) -> bool {
        [format!("http://127.0.0.1:{}", self.port), format!("http://localhost:{}", self.port)]
            .contains(&origin.to_owned())
    }

    fn html(&self) -> Response<Body> {
        let page = self.page.borrow().html.clone();
        with_type(StatusCode::OK, "text/html; charset=utf-8", whole(page))
    }

    /// The page's version as soon as it is above the one that is asked about; nothing when that takes too long.
    async fn news(&self, query: Option<&str>) -> Response<Body> {
        let after = query.and_then(|query| query.strip_prefix("after=")?.parse::<u64>().ok()).unwrap_or(0);
        let mut page = self.page.subscribe();
        let newer = page.wait_for(|page| page.version > after);
        match tokio::time::timeout(NEWS, newer).await {
            Ok(Ok(page)) => plain(StatusCode::OK, &page.version.to_string()),
            _ => plain(StatusCode::NO_CONTENT, ""),
        }
    }

    async fn take_choice(&self, request: Request<Incoming>) -> Result<Response<Body>, (StatusCode, String)> {
        let text = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
        let is_json = text(header::CONTENT_TYPE) == Some("application/json");
        if !is_json || !text(header::ORIGIN).is_some_and(|origin| self.is_own_origin(origin)) {
            return Err((StatusCode::FORBIDDEN, "only the page itself may choose".into()));
        }
        let bad = || (StatusCode::BAD_REQUEST, "this is not a choice".to_owned());
        let body = Limited::new(request.into_body(), MOST_BODY).collect().await.map_err(|_| bad())?.to_bytes();
        let choice: Choice = serde_json::from_slice(&body).map_err(|_| bad())?;
        let page = self.page.borrow().clone();
        if choice.version != page.version {
            return Err((StatusCode::CONFLICT, "the page is not current any more: load it again".into()));
        }
        let Some((film, shot)) = page.shots.get(&choice.card) else { return Err(bad()) };
        // The ledger is written and flushed: that may take its time.
        tokio::task::block_in_place(|| (self.choose)(film, shot, choice.take))
            .map_err(|why| (StatusCode::CONFLICT, why))?;
        Ok(plain(StatusCode::NO_CONTENT, ""))
    }

    /// A clip of the page, or the part of it that a player asks for.
    async fn clip(&self, key: &str, headers: &HeaderMap) -> Result<Response<Body>, (StatusCode, String)> {
        let none = |_: io::Error| (StatusCode::NOT_FOUND, "the clip is not there any more".to_owned());
        let path = self.page.borrow().clips.get(key).cloned();
        let path = path.ok_or((StatusCode::NOT_FOUND, "there is no such clip".to_owned()))?;
        let mut file = tokio::fs::File::open(&path).await.map_err(none)?;
        let length = file.metadata().await.map_err(none)?.len();
        let asked = headers.get(header::RANGE).and_then(|range| range.to_str().ok());
        let (status, from, to) = match asked.map(|asked| range(asked, length)) {
            None => (StatusCode::OK, 0, length),
            Some(Some((from, to))) => (StatusCode::PARTIAL_CONTENT, from, to),
            Some(None) => return Err((StatusCode::RANGE_NOT_SATISFIABLE, "the clip has no such part".into())),
        };
        file.seek(SeekFrom::Start(from)).await.map_err(none)?;
        let pieces = stream::try_unfold((file, to - from), |(mut file, left)| async move {
            let mut piece = vec![0; PIECE.min(usize::try_from(left).unwrap_or(PIECE))];
            let read = file.read(&mut piece).await?;
            piece.truncate(read);
            let left = left - read as u64;
            Ok::<_, io::Error>((read > 0).then(|| (Frame::data(Bytes::from(piece)), (file, left))))
        });
        let mut answer = with_type(status, "video/mp4", StreamBody::new(pieces).boxed_unsync());
        let headers = answer.headers_mut();
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(to - from));
        if status == StatusCode::PARTIAL_CONTENT {
            let range = format!("bytes {from}-{}/{length}", to - 1);
            headers.extend(HeaderValue::from_str(&range).map(|range| (header::CONTENT_RANGE, range)));
        }
        Ok(answer)
    }
}

/// The first byte and the one after the last of `bytes=from-to`, `bytes=from-` or `bytes=-last`. Several ranges are not answered.
fn range(asked: &str, length: u64) -> Option<(u64, u64)> {
    let (from, to) = asked.strip_prefix("bytes=")?.split_once('-')?;
    let (from, to) = match (from, to) {
        ("", last) => (length.saturating_sub(last.parse().ok()?), length),
        (from, "") => (from.parse().ok()?, length),
        (from, to) => (from.parse().ok()?, to.parse::<u64>().ok()?.saturating_add(1).min(length)),
    };
    (from < to).then_some((from, to))
}

fn plain(status: StatusCode, text: &str) -> Response<Body> {
    with_type(status, "text/plain; charset=utf-8", whole(text.to_owned()))
}

fn with_type(status: StatusCode, kind: &'static str, body: Body) -> Response<Body> {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answer
}

fn whole(text: String) -> Body {
    Full::new(Bytes::from(text)).map_err(|never| match never {}).boxed_unsync()
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn a_player_gets_the_part_that_it_asks_for() {
        for (asked, expected) in [
            ("bytes=0-", Some((0, 100))),
            ("bytes=10-19", Some((10, 20))),
            ("bytes=90-200", Some((90, 100))),
            ("bytes=-30", Some((70, 100))),
            ("bytes=-300", Some((0, 100))),
            ("bytes=100-", None),
            ("bytes=20-10", None),
            ("bytes=0-18446744073709551615", Some((0, 100))),
            ("bytes=0-1,5-6", None),
            ("bytes=-", None),
            ("lines=0-1", None),
        ] {
            assert_eq!(range(asked, 100), expected, "{asked}");
        }
    }
}
