//! Runs of the library against the stub of the service, on a clock whose time passes only where somebody waits. Each row of the
//! contract's table of outcomes is here.

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use clapboard::kling::Target;
use clapboard::kling::price::Units;
use clapboard::ledger::{Clip, Ledger, Location, ShotState, Snapshot, Standing};
use clapboard::plan::Item;
use clapboard::service::{Auth, Clock, Endpoint, Key, Service};
use clapboard::submit::{
    ForgetError, Halt, Happening, Options, Order, Outcome, RequestBody, Session, Sink, Summary, Who,
};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::stub::{Act, Dialect, FileAct, Stub};
use crate::support::until;

const KEY: &str = "sk-sentinel-0123456789";

/// The targets whose service finds a task by the id that was sent along.
const FINDS: [Target; 2] = [Target::Official, Target::Kling];

/// A clock whose time passes only where somebody waits, and there in a hurry. However long a busy machine takes for an answer or for
/// the disk, no time passes: nothing becomes late or old by it.
#[derive(Debug)]
struct PatientClock {
    wall: Timestamp,
    passed: Mutex<Duration>,
}

/// A minute's pause takes a fifth of a second.
const HURRY: u32 = 300;
/// The time of a run that is to end by itself. Where a run only waits for an answer, this would take two minutes.
const LONG: Duration = Duration::from_secs(36_000);
/// How long the client waits for an answer that does not come, in real time, where a test is about that. With nothing lost by waiting
/// longer, as long as a busy machine may need to read the request.
const NO_ANSWER: Duration = Duration::from_secs(2);

impl PatientClock {
    fn new(wall: Timestamp) -> Arc<PatientClock> {
        Arc::new(PatientClock { wall, passed: Mutex::default() })
    }
}

impl Clock for PatientClock {
    fn now(&self) -> Timestamp {
        self.wall + self.uptime()
    }

    fn uptime(&self) -> Duration {
        *self.passed.lock().unwrap()
    }

    fn sleep(&self, pause: Duration) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        let until = self.uptime() + pause;
        Box::pin(async move {
            tokio::time::sleep(pause / HURRY).await;
            let mut passed = self.passed.lock().unwrap();
            *passed = until.max(*passed);
        })
    }
}

struct JsonBody(Value);

impl RequestBody for JsonBody {
    fn size_hint(&self) -> u64 {
        self.0.to_string().len() as u64
    }

    fn write_to(&self, out: &mut dyn std::io::Write, external_task_id: Option<&str>) -> std::io::Result<()> {
        let mut body = self.0.clone();
        if let Some(id) = external_task_id {
            match body.get("contents") {
                Some(_) => body["options"] = json!({ "external_task_id": id }),
                None => body["external_task_id"] = json!(id),
            }
        }
        out.write_all(body.to_string().as_bytes())
    }
}

/// Writes down what a run tells.
#[derive(Default)]
struct Told(Mutex<Vec<String>>);

impl Sink for Told {
    fn report(&self, who: &Who, what: &Happening<'_>) {
        let line = format!("{} {}", serde_json::to_string(who).unwrap(), serde_json::to_string(what).unwrap());
        self.0.lock().unwrap().push(line);
    }
}

pub struct Film {
    /// The project's folder, and what removes it.
    root: PathBuf,
    _dir: Option<tempfile::TempDir>,
    pub stub: Stub,
    told: Arc<Told>,
    pub api: Target,
    external_task_id: bool,
    auth: Auth,
    pub wall: Timestamp,
    options: Options,
    request_timeout: Duration,
}

impl Film {
    pub fn new(api: Target) -> Film {
        let dir = tempfile::tempdir().unwrap();
        let film = Film::with(api, dir.path().to_owned(), Stub::start());
        Film { _dir: Some(dir), ..film }
    }

    /// A film in a folder that another process has made, at the stub of that process.
    pub fn at(api: Target, root: PathBuf, url: &str) -> Film {
        Film::with(api, root, Stub::elsewhere(url))
    }

    fn with(api: Target, root: PathBuf, stub: Stub) -> Film {
        Film {
            root,
            _dir: None,
            stub,
            told: Arc::default(),
            api,
            external_task_id: false,
            auth: Auth::Bearer(Key::new(KEY).unwrap()),
            wall: "2026-11-22T12:00:00Z".parse().unwrap(),
            options: Options {
                jobs: 4,
                wait: true,
                timeout: LONG,
                poll_interval: None,
                retry_failed: false,
                out: PathBuf::from("clips"),
            },
            request_timeout: Duration::from_secs(60),
        }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    fn session_at(&self, url: &str) -> Arc<Session> {
        let endpoint =
            Endpoint::new(self.api, Some(url), self.auth.clone(), self.external_task_id, self.request_timeout).unwrap();
        let service = Service::new(endpoint, PatientClock::new(self.wall)).unwrap();
        let ledger = Ledger::open(&Location::alone(&self.root)).unwrap();
        Arc::new(Session::new(service, ledger, self.root.clone(), self.options.clone(), self.told.clone()))
    }

    pub fn session(&self) -> Arc<Session> {
        self.session_at(&self.stub.url)
    }

    pub fn buy(&self, orders: Vec<Order>) -> Summary {
        let orders = orders.into_iter().map(|order| self.in_form(order)).collect();
        block_on(async { self.session().run(orders).await })
    }

    /// Buys from a service that answers only once so many are sold, and `then` has been done.
    fn buy_and_answer(&self, orders: Vec<Order>, sold: usize, then: impl FnOnce(&Session)) -> Summary {
        let orders = orders.into_iter().map(|order| self.in_form(order)).collect();
        block_on(async {
            let session = self.session();
            let running = tokio::spawn({
                let session = session.clone();
                async move { session.run(orders).await }
            });
            tokio::task::block_in_place(|| until(|| self.stub.sales().len() == sold));
            then(&session);
            self.stub.release();
            running.await.unwrap()
        })
    }

    /// An order as the film's API takes it.
    pub fn in_form(&self, order: Order) -> Order {
        match self.api {
            Target::Kling => {
                let mut legacy = Vec::new();
                // A body that cannot be made is the test's own.
                let Ok(()) = order.body.write_to(&mut legacy, None) else { return order };
                let legacy: Value = serde_json::from_slice(&legacy).unwrap();
                let prompt = json!({ "type": "prompt", "text": legacy["prompt"] });
                let body = Arc::new(JsonBody(json!({ "contents": [prompt], "settings": { "duration": 5 } })));
                Order { path: "/image-to-video/kling-3.0", body, ..order }
            }
            Target::Gateway | Target::Official => order,
        }
    }

    pub fn state(&self, order: &Order) -> ShotState {
        Snapshot::read(&Location::alone(&self.root)).unwrap().state.shot_state(&order.item.clip)
    }

    pub fn ledger(&self) -> String {
        std::fs::read_to_string(self.root.join("clapboard.ledger.jsonl")).unwrap_or_default()
    }

    pub fn told(&self) -> String {
        self.told.0.lock().unwrap().join("\n")
    }

    fn clip(&self, name: &str) -> Option<Vec<u8>> {
        std::fs::read(self.root.join("clips").join(name)).ok()
    }

    /// What the clip of the sale with this number has in it.
    fn sold_clip(&self, number: usize) -> Vec<u8> {
        self.stub.clip_of(&self.stub.sales()[number].task_id)
    }
}

pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(future)
}

pub fn order(shot: &str) -> Order {
    order_of(shot, "Fog lifts.")
}

fn order_of(shot: &str, prompt: &str) -> Order {
    let digest = |text: &str| text.bytes().fold(7u64, |hash, byte| hash.wrapping_mul(31).wrapping_add(u64::from(byte)));
    let item = Item {
        clip: Clip {
            film: "films/ferry".into(),
            shot: shot.into(),
            identity: format!("{:064x}", digest(&format!("{shot}{prompt}"))),
        },
        file: "films/ferry.storyboard.yaml".into(),
        fields: vec![("model_name".into(), "m".into()), ("prompt".into(), format!("{:x}", digest(prompt)))],
        seconds: 5,
        units: Some(Units::from_tenths(40)),
        usd: Some(0.56),
        ..Item::default()
    };
    Order {
        item,
        is_agreed: true,
        is_again: false,
        path: "/v1/videos/image2video",
        body: Arc::new(JsonBody(json!({"model_name": "kling-v3", "prompt": prompt}))),
    }
}

fn only(summary: &Summary) -> &Outcome {
    assert_eq!(summary.settled.len(), 1, "{summary:?}");
    &summary.settled[0].outcome
}

fn is_done(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Done { .. })
}

fn is_unknown(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Unknown { .. })
}

#[test]
fn a_clip_is_bought_fetched_and_not_bought_again() {
    for dialect in [Dialect::Kling, Dialect::NewApi] {
        let film = Film::new(Target::Gateway);
        film.stub.dialect(dialect);
        let shot = order("a");
        let summary = film.buy(vec![shot.clone()]);
        assert!(is_done(only(&summary)), "{summary:?}");
        assert_eq!(film.clip("films/ferry/a.mp4"), Some(film.sold_clip(0)));
        assert!(film.clip("films/ferry/a.mp4.part").is_none());
        assert_eq!(film.state(&shot), ShotState::Done);

        let again = film.buy(vec![shot]);
        assert!(is_done(only(&again)));
        assert_eq!(film.stub.sales().len(), 1);
    }
}

#[test]
fn one_clip_in_two_places_of_a_selection_is_bought_once() {
    for api in Target::ALL.iter().copied() {
        let film = Film::new(api);
        let summary = film.buy(vec![order("a"), order("a")]);
        assert!(is_done(only(&summary)));
        assert_eq!(film.stub.sales().len(), 1);
    }
}

#[test]
fn a_refused_connection_is_not_sent_and_tried_again_then_given_up() {
    let film = Film::new(Target::Gateway);
    let shot = order("a");
    let summary = block_on(async { film.session_at("http://127.0.0.1:1").run(vec![shot.clone(), order("b")]).await });
    assert!(matches!(summary.halt, Some(Halt::Unreachable { .. })), "{summary:?}");
    assert!(summary.settled.iter().all(|settled| matches!(settled.outcome, Outcome::NotBought { .. })));
    assert_eq!(film.state(&shot), ShotState::New);
    assert!(film.ledger().matches("\"not_sent\"").count() > 3);
    assert!(is_done(only(&film.buy(vec![shot]))));
}

#[test]
fn a_failed_tls_handshake_is_not_sent() {
    let film = Film::new(Target::Gateway);
    let url = film.stub.url.replace("http://", "https://");
    let summary = block_on(async { film.session_at(&url).run(vec![order("a")]).await });
    assert!(matches!(summary.halt, Some(Halt::Unreachable { .. })), "{summary:?}");
    assert_eq!(film.state(&order("a")), ShotState::New);
    assert!(film.ledger().contains("not_sent"));
}

#[test]
fn busy_answers_are_waited_out() {
    for api in FINDS {
        for body in [
            json!({"code": 1303, "message": "parallel task over resource pack limit"}),
            json!({"code": 1302, "message": "too fast"}),
            json!({"code": "fail_to_fetch_task", "data": null, "message": json!({"code": 1303, "message": "x"}).to_string()}),
        ] {
            let film = Film::new(api);
            film.stub.posts(std::iter::repeat_n(Act::json(429, body), 7));
            assert!(is_done(only(&film.buy(vec![order("a")]))));
            assert_eq!((film.stub.post_count(), film.stub.sales().len()), (8, 1));
            assert_eq!(film.ledger().matches("\"intent\"").count(), 8, "each POST has an intent of its own");
        }
    }
}

#[test]
fn a_service_that_stays_busy_is_refused_and_never_unknown() {
    for api in Target::ALL.iter().copied() {
        let mut film = Film::new(api);
        film.options.timeout = Duration::from_secs(40);
        film.stub.every_post(Act::kling(429, 1303, "parallel task over resource pack limit"));
        let shot = order("a");
        match only(&film.buy(vec![shot.clone()])) {
            Outcome::NotBought { reason } => assert!(reason.contains("refused"), "{reason}"),
            other => panic!("{other:?}"),
        }
        assert_eq!(film.state(&shot), ShotState::New);
    }
}

#[test]
fn a_token_is_renewed_once() {
    for code in [1003, 1004] {
        let mut film = Film::new(Target::Official);
        let (access, secret) = (Key::new("ak-sentinel").unwrap(), Key::new("sk-sentinel").unwrap());
        film.auth = Auth::Signed { access, secret };
        film.stub.posts([Act::kling(401, code, "token")]);
        assert!(is_done(only(&film.buy(vec![order("a")]))));
        film.stub.every_post(Act::kling(401, code, "token"));
        let summary = film.buy(vec![order("b")]);
        assert!(matches!(summary.halt, Some(Halt::Account { .. })), "{summary:?}");
        assert_eq!(film.stub.post_count(), 4);
    }
}

#[test]
fn what_hits_every_shot_stops_the_sending() {
    for api in Target::ALL.iter().copied() {
        for code in [1000, 1001, 1002, 1003, 1004, 1100, 1101, 1102, 1103, 1304] {
            let mut film = Film::new(api);
            film.options.jobs = 1;
            film.stub.every_post(Act::kling(401, code, "no"));
            let orders: Vec<_> = ["a", "b", "c"].map(order).into();
            let summary = film.buy(orders.clone());
            assert!(
                matches!(summary.halt, Some(Halt::Account { code: Some(said), .. }) if said == code),
                "{summary:?}"
            );
            assert_eq!(film.stub.post_count(), 1, "{code}");
            assert!(orders.iter().all(|order| film.state(order) == ShotState::New));
        }
    }
}

#[test]
fn what_hits_one_shot_fails_that_one() {
    for api in Target::ALL.iter().copied() {
        for code in [1200, 1201, 1202, 1203, 1300, 1301] {
            let mut film = Film::new(api);
            film.options.jobs = 1;
            film.stub.posts([Act::kling(400, code, "prompt: size must be between 0 and 2500")]);
            let (bad, good) = (order("a"), order("b"));
            let summary = film.buy(vec![bad.clone(), good.clone()]);
            assert_eq!(
                summary.settled[0].outcome,
                Outcome::Failed { code: Some(code), message: "prompt: size must be between 0 and 2500".into() }
            );
            assert!(is_done(&summary.settled[1].outcome));
            assert_eq!((film.state(&bad), film.state(&good)), (ShotState::Failed, ShotState::Done));

            // Bought again only when asked for.
            assert!(matches!(only(&film.buy(vec![bad.clone()])), Outcome::Failed { .. }));
            assert_eq!(film.stub.post_count(), 2);
            film.options.retry_failed = true;
            assert!(is_done(only(&film.buy(vec![bad]))));
        }
    }
}

#[test]
fn what_nobody_can_say_is_unknown_and_not_sent_again() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"code\": 0, \"data\"".to_vec();
    let endless = [b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), vec![b' '; 3 << 20]].concat();
    let redirect = b"HTTP/1.1 307 X\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n".to_vec();
    let acts = [
        Act::kling(500, 5000, "internal"),
        Act::kling(503, 5001, "maintenance"),
        Act::kling(504, 5002, "timeout"),
        Act::kling(400, 1999, "?"),
        Act::CloseUnread,
        Act::CloseAfterHead,
        Act::ReadAndClose,
        Act::ReadAndHang,
        Act::SellThenHang,
        Act::SellThenRaw(Vec::new()),
        Act::SellThenRaw(b"HTTP/1.1 20".to_vec()),
        Act::SellThenRaw(head),
        Act::SellThenRaw(endless),
        Act::Raw(redirect),
        Act::Raw(b"\x16\x03\x01 this is not HTTP at all\r\n\r\n".to_vec()),
        Act::Answer(502, "<html>Bad Gateway</html>".into()),
        Act::Answer(200, "".into()),
        Act::SellThenAnswer(200, "null".into()),
        Act::SellThenAnswer(200, json!({"code": 0, "message": "SUCCEED"}).to_string()),
        Act::SellThenAnswer(200, json!({"code": 0, "data": {"task_id": "../../x"}}).to_string()),
        Act::SellThenAnswer(200, json!({"code": 0, "data": {"task_id": KEY}}).to_string()),
        Act::json(504, json!({"code": 1303, "message": "full"})),
        Act::json(408, json!({"message": "slow"})),
        Act::json(500, json!({"code": "do_request_failed", "message": "deadline"})),
    ];
    for act in acts {
        let mut film = Film::new(Target::Gateway);
        if matches!(act, Act::ReadAndHang | Act::SellThenHang) {
            film.request_timeout = NO_ANSWER;
        }
        film.stub.posts([act.clone()]);
        let shot = order("a");
        let summary = film.buy(vec![shot.clone()]);
        assert!(is_unknown(only(&summary)), "{act:?}: {summary:?}");
        assert_eq!(film.state(&shot), ShotState::Unknown, "{act:?}");
        film.options.retry_failed = true;
        assert!(is_unknown(only(&film.buy(vec![shot]))));
        assert_eq!(film.stub.post_count(), 1, "{act:?}");
        for text in [film.ledger(), film.told()] {
            assert!(!text.contains("sentinel"), "{text}");
        }
    }
}

#[test]
fn on_klings_own_apis_an_unknown_outcome_is_looked_up_and_adopted() {
    for api in FINDS {
        for act in [
            Act::SellThenHang,
            Act::SellThenRaw(Vec::new()),
            Act::SellThenAnswer(504, json!({"code": 5002}).to_string()),
        ] {
            let mut film = Film::new(api);
            if matches!(act, Act::SellThenHang) {
                film.request_timeout = NO_ANSWER;
            }
            film.stub.posts([act]);
            assert!(is_done(only(&film.buy(vec![order("a")]))), "{}", film.told());
            assert_eq!((film.stub.post_count(), film.stub.sales().len()), (1, 1));
            assert!(film.ledger().contains("\"how\":\"lookup\""));
        }
    }
}

#[test]
fn on_klings_own_apis_what_never_arrived_is_sent_again_after_a_minute_under_the_same_id() {
    for api in FINDS {
        let film = Film::new(api);
        film.buy(vec![order("control")]);
        film.stub.posts([Act::ReadAndClose]);
        assert!(is_done(only(&film.buy(vec![order("a")]))), "{}", film.told());
        assert_eq!((film.stub.post_count(), film.stub.sales().len()), (3, 2));
        let ledger = film.ledger();
        let lines: Vec<Value> = ledger.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let of =
            |event: &str| lines.iter().filter(|line| line["shot"] == "a" && line["event"] == event).collect::<Vec<_>>();
        let at = |line: &Value| -> Timestamp { line["at"].as_str().unwrap().parse().unwrap() };
        let (unknown, released) = (of("unknown")[0], of("released")[0]);
        assert!(at(released).duration_since(at(unknown)).as_secs() >= 60, "{ledger}");
        let [first, second] = of("intent")[..] else { panic!("{ledger}") };
        assert_eq!(second["external_id"], first["attempt"]);
        assert_eq!(film.stub.sales()[1].external_task_id.as_deref(), first["attempt"].as_str());
        assert!(first["account"].as_str().unwrap().len() == 8 && first["body_sha256"].as_str().unwrap().len() == 64);
    }
}

#[test]
fn what_the_service_does_not_know_is_not_sent_again_without_proof_that_it_would_know_it() {
    // The gateway drops the id on its way up and asks by it all the same.
    let mut film = Film::new(Target::Gateway);
    film.external_task_id = true;
    film.stub.dialect(Dialect::Kling);
    film.stub.forget_external_ids();
    film.buy(vec![order("control")]);
    film.stub.posts([Act::SellThenRaw(Vec::new())]);
    assert!(is_unknown(only(&film.buy(vec![order("a")]))), "{}", film.told());
    assert_eq!(film.stub.post_count(), 2);

    // Nothing was ever accepted that it could find.
    let alone = Film::new(Target::Official);
    alone.stub.posts([Act::ReadAndClose]);
    assert!(is_unknown(only(&alone.buy(vec![order("a")]))), "{}", alone.told());
    assert_eq!(alone.stub.post_count(), 1);
}

#[test]
fn a_second_request_that_the_service_refuses_as_a_duplicate_finds_the_first() {
    for api in FINDS {
        let mut film = Film::new(api);
        film.buy(vec![order("control")]);
        film.stub.posts([Act::SellThenRaw(Vec::new()), Act::kling(400, 1201, "external_task_id already exists")]);
        // For a while the service denies what it has.
        film.stub.hide_latest();
        film.options.wait = false;
        film.buy(vec![order("a")]);
        film.wall += Duration::from_secs(3600);
        assert_eq!(settle(&film, "a", false), [""; 0], "{}", film.told());
        film.stub.show_all();
        film.options.wait = true;
        film.wall += Duration::from_secs(10);
        assert!(is_done(only(&film.buy(vec![order("a")]))), "{}", film.told());
        assert_eq!(film.stub.sales().len(), 2, "the clip was bought once");
    }
}

#[test]
fn on_klings_own_apis_a_service_that_cannot_say_leaves_it_unknown() {
    for api in FINDS {
        for act in [
            Act::kling(500, 5000, "internal"),
            Act::json(200, json!({"code": 0, "data": null})),
            Act::Answer(404, "not found".into()),
            Act::json(400, json!({"code": "task_not_exist", "message": "task_not_exist"})),
            Act::kling(401, 1002, "no such key"),
            Act::json(
                200,
                json!({"code": 0, "data": {"task_id": "829", "task_info": {"external_task_id": "another"}}}),
            ),
        ] {
            let film = Film::new(api);
            film.stub.posts([Act::ReadAndClose]);
            film.stub.every_get(act);
            assert!(is_unknown(only(&film.buy(vec![order("a")]))));
            assert_eq!(film.stub.post_count(), 1);
        }
    }
}

#[test]
fn a_gateway_with_external_ids_is_asked_as_well() {
    let mut film = Film::new(Target::Gateway);
    film.external_task_id = true;
    film.stub.posts([Act::SellThenRaw(Vec::new())]);
    assert!(is_done(only(&film.buy(vec![order("a")]))));
    assert_eq!(film.stub.sales().len(), 1);

    let plain = Film::new(Target::Gateway);
    plain.buy(vec![order("a")]);
    assert_eq!(plain.stub.sales()[0].external_task_id, None);
}

/// A run that was killed after the POST for `a`, which the service got or not. Another clip was bought before.
fn kill_after_post(film: &mut Film, arrived: bool) {
    film.buy(vec![order("control")]);
    film.stub.posts([if arrived { Act::SellThenRaw(Vec::new()) } else { Act::ReadAndClose }]);
    film.options.wait = false;
    film.buy(vec![order("a")]);
    film.options.wait = true;
    keep_only_the_intent(film, "a");
}

/// Takes all that the ledger has of a shot but its first line, as `kill -9` does.
fn keep_only_the_intent(film: &Film, shot: &str) {
    let text = film.ledger();
    let is_of_shot = |line: &&str| line.contains(&format!("\"shot\":\"{shot}\""));
    let first = text.lines().find(is_of_shot).unwrap();
    let kept = text.lines().filter(|line| !is_of_shot(line)).chain([first]);
    let kept: String = kept.map(|line| format!("{line}\n")).collect();
    std::fs::write(film.root.join("clapboard.ledger.jsonl"), kept).unwrap();
}

fn settle(film: &Film, shot: &str, patient: bool) -> Vec<String> {
    block_on(async {
        let session = film.session();
        let unknown: Vec<_> = session.ledger().state().of_shot("films/ferry", shot).cloned().collect();
        let unknown = unknown.into_iter().filter(|attempt| attempt.standing() == Standing::Unknown);
        let unknown = unknown.map(|attempt| (order(shot).who(), attempt)).collect();
        session.settle(unknown, patient).await.into_iter().map(|(_, _, reason)| reason).collect()
    })
}

#[test]
fn a_killed_run_is_settled_by_the_next() {
    for api in FINDS {
        let mut film = Film::new(api);
        film.buy(vec![order("a")]);
        keep_only_the_intent(&film, "a");
        assert_eq!(film.state(&order("a")), ShotState::Unknown);
        assert_eq!(settle(&film, "a", true), [""; 0]);
        assert_eq!(film.state(&order("a")), ShotState::InFlight);
        film.wall += Duration::from_secs(10);
        assert!(is_done(only(&film.buy(vec![order("a")]))));
        assert_eq!(film.stub.sales().len(), 1);
        assert!(film.clip("films/ferry/a.2.mp4").is_none(), "the clip that was there is taken for what it is");
    }
}

#[test]
fn an_attempt_of_which_only_the_intent_is_left_gets_a_minute_of_the_next_run() {
    for api in FINDS {
        for shift in [0, 120, -86_400] {
            let mut film = Film::new(api);
            kill_after_post(&mut film, false);
            film.wall += jiff::SignedDuration::from_secs(shift);
            assert_eq!(settle(&film, "a", false).len(), 1, "{shift}: its POST may have ended just now");
            assert_eq!(film.state(&order("a")), ShotState::Unknown);
            assert_eq!(
                settle(&film, "a", true),
                [""; 0],
                "{shift}: a whole minute of this run is enough\n{}",
                film.told()
            );
            assert_eq!(film.state(&order("a")), ShotState::New);
        }
    }
}

#[test]
fn an_attempt_whose_end_was_written_down_is_given_up_after_two_looks() {
    for api in FINDS {
        let mut film = Film::new(api);
        film.buy(vec![order("control")]);
        film.stub.posts([Act::ReadAndClose]);
        film.options.wait = false;
        film.buy(vec![order("a")]);
        assert_eq!(settle(&film, "a", false).len(), 1, "it is too young");
        film.wall += Duration::from_secs(3600);
        assert_eq!(settle(&film, "a", false), [""; 0], "{}", film.told());
        assert_eq!(film.state(&order("a")), ShotState::New);
    }
}

#[test]
fn another_account_gives_nothing_up_but_what_it_finds_is_taken() {
    for api in FINDS {
        for arrived in [false, true] {
            let mut film = Film::new(api);
            kill_after_post(&mut film, arrived);
            film.auth = Auth::Bearer(Key::new("sk-of-another-account").unwrap());
            film.wall += Duration::from_secs(3600);
            assert_eq!(settle(&film, "a", true).len(), usize::from(!arrived));
            let state = if arrived { ShotState::InFlight } else { ShotState::Unknown };
            assert_eq!(film.state(&order("a")), state);
        }
    }
}

#[test]
fn on_a_gateway_only_the_writer_settles() {
    let film = Film::new(Target::Gateway);
    film.buy(vec![order("a")]);
    keep_only_the_intent(&film, "a");
    let before = film.stub.seen().len();
    assert_eq!(settle(&film, "a", true).len(), 1);
    assert_eq!(film.stub.seen().len(), before, "nobody is asked");

    let task = film.stub.sales()[0].task_id.clone();
    block_on(async {
        let session = film.session();
        let who = order("a").who();
        session.adopt(&who, &order("a").item.clip, "829000").await.unwrap_err();
        session.adopt(&who, &order("a").item.clip, "../..").await.unwrap_err();
        session.adopt(&who, &order("a").item.clip, &task).await.unwrap();
        session.adopt(&order("b").who(), &order("b").item.clip, &task).await.unwrap_err();
        session.forget(&who, false).unwrap_err();
    });
    assert!(is_done(only(&film.buy(vec![order("a")]))));
    assert_eq!(film.stub.sales().len(), 1);
}

#[test]
fn a_forgotten_outcome_may_be_bought_again() {
    let mut film = Film::new(Target::Gateway);
    film.stub.posts([Act::ReadAndClose]);
    film.buy(vec![order("a")]);
    let forget = |film: &Film, force| film.session().forget(&order("a").who(), force);
    assert!(matches!(forget(&film, false), Err(ForgetError::TooYoung(_))), "the service may still be at work");
    // Far past what the run itself waited on its own clock.
    film.wall += Duration::from_secs(3600);
    forget(&film, false).unwrap();
    assert!(is_done(only(&film.buy(vec![order("a")]))));
    assert!(matches!(forget(&film, true), Err(ForgetError::Nothing)));

    film.stub.posts([Act::ReadAndClose]);
    film.buy(vec![order("b")]);
    film.session().forget(&order("b").who(), true).unwrap();
}

#[test]
fn a_task_that_was_sent_for_another_shot_is_not_adopted() {
    for api in FINDS {
        let mut film = Film::new(api);
        (film.options.wait, film.options.jobs) = (false, 1);
        film.stub.posts([Act::SellThenRaw(Vec::new()), Act::SellThenRaw(Vec::new())]);
        film.stub.every_get(Act::Answer(502, "<html>".into()));
        film.buy(vec![order("a")]);
        film.buy(vec![order("b")]);
        assert_eq!([film.state(&order("a")), film.state(&order("b"))], [ShotState::Unknown; 2]);
        film.stub.every_get(Act::Good);
        let task = film.stub.sales()[1].task_id.clone();
        let before = film.ledger();
        let error = block_on(async { film.session().adopt(&order("a").who(), &order("a").item.clip, &task).await });
        assert!(error.unwrap_err().to_string().contains("this task belongs to films/ferry, shot b"));
        assert_eq!(film.ledger(), before);
        block_on(async { film.session().adopt(&order("b").who(), &order("b").item.clip, &task).await }).unwrap();
    }
}

#[test]
fn an_unknown_outcome_of_an_earlier_text_is_said_next_to_the_new_clip() {
    let film = Film::new(Target::Gateway);
    film.stub.posts([Act::ReadAndClose]);
    film.buy(vec![order("a")]);
    let summary = film.buy(vec![order_of("a", "Fog falls.")]);
    let of = |is_current: bool| summary.settled.iter().find(|settled| settled.is_current == is_current);
    assert!(is_done(&of(true).unwrap().outcome), "{summary:?}");
    assert!(is_unknown(&of(false).unwrap().outcome), "{summary:?}");
    assert_eq!(film.stub.sales().len(), 1);
}

#[cfg(unix)]
#[test]
fn without_its_lock_a_run_buys_nothing() {
    for api in Target::ALL.iter().copied() {
        let film = Film::new(api);
        let session = film.session();
        std::fs::remove_file(film.root.join(".clapboard.lock")).unwrap();
        let orders = ["a", "b"].map(|shot| film.in_form(order(shot))).to_vec();
        let summary = block_on(session.run(orders));
        assert!(
            matches!(&summary.halt, Some(Halt::Ledger { reason }) if reason.contains("so another submit could begin")),
            "{summary:?}"
        );
        assert_eq!(film.stub.post_count(), 0);
        assert_eq!(film.state(&order("a")), ShotState::New);
    }
}

#[test]
fn a_clip_that_cannot_be_stored_ends_the_run_and_is_fetched_by_the_next() {
    for api in Target::ALL.iter().copied() {
        let mut film = Film::new(api);
        film.options.jobs = 1;
        let folder = film.root.join("clips/films");
        std::fs::create_dir(film.root.join("clips")).unwrap();
        std::fs::write(&folder, "a file in the folder's place").unwrap();
        let orders = || ["a", "b"].map(order).to_vec();
        let summary = film.buy(orders());
        assert!(matches!(summary.halt, Some(Halt::Disk { .. })), "{summary:?}");
        assert_eq!(film.stub.sales().len(), 1);
        assert_eq!(film.state(&order("a")), ShotState::InFlight);
        std::fs::remove_file(folder).unwrap();
        let summary = film.buy(orders());
        assert!(summary.settled.iter().all(|settled| is_done(&settled.outcome)), "{summary:?}");
        assert_eq!(film.stub.sales().len(), 2);
    }
}

#[test]
fn a_lost_ledger_can_be_rebuilt_by_adopting() {
    for api in Target::ALL.iter().copied() {
        let film = Film::new(api);
        film.buy(vec![order("a")]);
        std::fs::remove_file(film.root.join("clapboard.ledger.jsonl")).unwrap();
        let task = film.stub.sales()[0].task_id.clone();
        block_on(async { film.session().adopt(&order("a").who(), &order("a").item.clip, &task).await }).unwrap();
        assert!(is_done(only(&film.buy(vec![order("a")]))));
        assert_eq!(film.stub.sales().len(), 1);
    }
}

#[test]
fn a_failed_task_is_told_and_bought_again_only_when_asked_for() {
    for dialect in [Dialect::Kling, Dialect::NewApi] {
        let mut film = Film::new(Target::Gateway);
        film.stub.dialect(dialect);
        film.stub.end_all_with(json!({"task_status": "failed", "task_status_msg": "Image pixel is invalid"}));
        let expected = Outcome::Failed { code: None, message: "Image pixel is invalid".into() };
        assert_eq!(*only(&film.buy(vec![order("a")])), expected);
        assert_eq!(*only(&film.buy(vec![order("a")])), expected);
        assert_eq!(film.stub.sales().len(), 1);
        film.options.retry_failed = true;
        film.buy(vec![order("a")]);
        assert_eq!(film.stub.sales().len(), 2);
    }
}

#[test]
fn failed_polls_and_unknown_words_lose_nothing_in_the_new_form() {
    let film = Film::new(Target::Kling);
    let entry = |fields: Value| {
        let mut entry = json!({"id": "829877809978000000"});
        entry.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        Act::json(200, json!({"code": 0, "message": "SUCCEED", "data": [entry]}))
    };
    film.stub.gets([
        entry(json!({"status": "dreaming"})),
        entry(json!({})),
        entry(json!({"status": "succeeded", "outputs": []})),
        entry(json!({"status": "succeeded", "outputs": [{"type": "video", "url": "file:///etc/passwd"}]})),
        entry(json!({"id": "7", "status": "failed", "message": "somebody else's"})),
        Act::json(200, json!({"code": 0, "data": []})),
        Act::json(200, json!({"code": 0, "data": {"status": "failed", "message": "no task is named"}})),
        Act::json(400, json!({"code": 1201, "message": "task_ids or external_task_ids cannot exceed 20 in total"})),
        Act::Answer(502, "<html>".into()),
        Act::kling(401, 1002, "no"),
        Act::ReadAndClose,
    ]);
    assert!(is_done(only(&film.buy(vec![order("a")]))), "{}", film.told());
    assert!(film.told().contains("dreaming"));
    assert_eq!(film.stub.sales().len(), 1);
}

#[test]
fn a_failed_task_of_the_new_form_is_told_and_bought_again_only_when_asked_for() {
    let mut film = Film::new(Target::Kling);
    let reason = "Something went wrong when we tried to get the contents of the file.";
    film.stub.end_all_with(json!({"task_status": "failed", "task_status_msg": reason}));
    let expected = Outcome::Failed { code: None, message: reason.into() };
    assert_eq!(*only(&film.buy(vec![order("a")])), expected);
    assert_eq!(*only(&film.buy(vec![order("a")])), expected);
    assert_eq!(film.stub.sales().len(), 1);
    film.options.retry_failed = true;
    film.buy(vec![order("a")]);
    assert_eq!(film.stub.sales().len(), 2);
}

#[test]
fn clips_in_flight_are_asked_for_together_where_the_api_can() {
    for api in [Target::Official, Target::Kling] {
        let mut film = Film::new(api);
        film.options.jobs = 8;
        film.stub.ready_after(4);
        // All are taken before any is answered, so that they are in flight together.
        film.stub.every_post(Act::SellThenWait);
        let orders = (0..8).map(|number| order(&format!("s{number}"))).collect();
        let summary = film.buy_and_answer(orders, 8, |_| {});
        assert!(summary.settled.iter().all(|settled| is_done(&settled.outcome)), "{summary:?}");
        let asked: Vec<usize> = film
            .stub
            .seen()
            .iter()
            .filter(|seen| seen.method == "GET" && !seen.path.starts_with("/clips/"))
            .map(|seen| seen.path.split(',').count())
            .collect();
        assert_eq!(asked.iter().any(|count| *count > 1), api == Target::Kling, "{asked:?}");
        assert!(asked.iter().all(|count| *count <= 20));
    }
}

#[test]
fn a_service_that_answers_for_one_task_alone_is_asked_for_one() {
    let mut film = Film::new(Target::Kling);
    film.stub.answer_for_one_task_alone();
    film.options.jobs = 4;
    film.stub.ready_after(3);
    let summary = film.buy((0..4).map(|number| order(&format!("s{number}"))).collect());
    assert!(summary.settled.iter().all(|settled| is_done(&settled.outcome)), "{summary:?}");
    assert_eq!(film.stub.sales().len(), 4);
}

#[test]
fn what_one_form_of_an_api_does_not_know_is_not_sent_again_in_the_other() {
    for (before, after) in [(Target::Official, Target::Kling), (Target::Kling, Target::Official)] {
        let mut film = Film::new(before);
        kill_after_post(&mut film, true);
        film.api = after;
        // In the other form there is a clip that a look-up finds, so that its word would count.
        film.buy(vec![order("another-control")]);
        film.wall += Duration::from_secs(600);
        assert_eq!(settle(&film, "a", true).len(), 1, "{}", film.told());
        assert_eq!(film.state(&order("a")), ShotState::Unknown);
        film.api = before;
        assert_eq!(settle(&film, "a", true), [""; 0], "{}", film.told());
        assert!(is_done(only(&film.buy(vec![order("a")]))), "{}", film.told());
        assert_eq!(film.stub.sales().len(), 3);
    }
}

#[test]
fn a_clip_in_flight_is_fetched_in_the_form_that_knows_it() {
    for (before, after, is_known) in [(Target::Official, Target::Kling, true), (Target::Kling, Target::Official, false)]
    {
        let mut film = Film::new(before);
        film.options.wait = false;
        film.buy(vec![order("a")]);
        film.api = after;
        film.options.wait = true;
        film.wall += Duration::from_secs(10);
        let summary = film.buy(vec![order("a")]);
        assert_eq!(is_done(only(&summary)), is_known, "{summary:?}");
        assert_eq!(film.stub.sales().len(), 1);
        film.api = before;
        assert!(is_done(only(&film.buy(vec![order("a")]))), "{}", film.told());
    }
}

#[test]
fn failed_polls_and_unknown_words_lose_nothing() {
    let film = Film::new(Target::Gateway);
    film.stub.gets([
        Act::json(200, json!({"code": 0, "data": {"task_status": "dreaming"}})),
        Act::json(200, json!({"status": "failed", "message": "rate limited, try later"})),
        Act::json(200, json!({"code": 0, "data": {"task_id": "7", "task_status": "failed"}})),
        Act::json(404, json!({"code": 1203, "message": "task not found"})),
        Act::Answer(502, "<html>".into()),
        Act::kling(401, 1002, "no"),
        Act::kling(429, 1302, "slow down"),
        Act::ReadAndClose,
        Act::Raw(b"HTTP/1.1 302 X\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".to_vec()),
        Act::json(200, json!({"code": 0, "data": {"task_status": "succeed"}})),
        Act::json(200, json!({"code": 0, "data": {"task_status": "succeed", "task_result": {"videos": [{"url": "file:///etc/passwd"}]}}})),
    ]);
    assert!(is_done(only(&film.buy(vec![order("a")]))), "{}", film.told());
    assert!(film.told().contains("dreaming"));
}

#[test]
fn what_is_still_in_flight_at_the_end_is_said_and_fetched_later() {
    for api in Target::ALL.iter().copied() {
        let mut film = Film::new(api);
        film.stub.every_get(Act::json(200, json!({"code": 0, "data": {"task_status": "processing"}})));
        film.options.timeout = Duration::from_secs(30);
        assert!(matches!(only(&film.buy(vec![order("a")])), Outcome::InFlight { .. }));
        film.stub.every_get(Act::Good);
        film.options.timeout = LONG;
        assert!(is_done(only(&film.buy(vec![order("a")]))));
        assert_eq!(film.stub.sales().len(), 1);
    }
}

#[test]
fn without_waiting_clips_are_ordered_and_fetched_by_the_next_run() {
    for api in Target::ALL.iter().copied() {
        let mut film = Film::new(api);
        film.options.wait = false;
        let summary = film.buy(vec![order("a"), order("b")]);
        assert!(summary.settled.iter().all(|settled| matches!(settled.outcome, Outcome::InFlight { .. })));
        let again = film.buy(vec![order("a"), order("b")]);
        assert!(again.settled.iter().all(|settled| is_done(&settled.outcome)), "{again:?}");
        assert_eq!(film.stub.sales().len(), 2);
    }
}

#[test]
fn a_changed_shot_is_bought_while_its_earlier_clip_is_still_fetched() {
    for api in Target::ALL.iter().copied() {
        let mut film = Film::new(api);
        film.options.wait = false;
        film.buy(vec![order_of("a", "Fog lifts.")]);
        film.options.wait = true;
        let summary = film.buy(vec![order_of("a", "Rain falls.")]);
        assert_eq!(summary.settled.len(), 2);
        assert!(summary.settled.iter().all(|settled| is_done(&settled.outcome)), "{summary:?}");
        assert_eq!(film.stub.sales().len(), 2);
        let mut clips = [film.clip("films/ferry/a.mp4").unwrap(), film.clip("films/ferry/a.2.mp4").unwrap()];
        clips.sort();
        assert_eq!(clips, [film.sold_clip(0), film.sold_clip(1)]);
    }
}

#[test]
fn downloads_survive_cuts_redirects_and_lies() {
    for api in Target::ALL.iter().copied() {
        let film = Film::new(api);
        let here = |path: &str| FileAct::Redirect(format!("{}{path}", film.stub.url));
        film.stub.files([
            FileAct::CutAfter(1000),
            FileAct::Raw(
                "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 5-9/10\r\nContent-Length: 5\r\nConnection: close\r\n\r\nabcde",
            ),
            FileAct::CutAfter(1000),
            FileAct::Raw("HTTP/1.1 206 Partial Content\r\nContent-Length: 5\r\nConnection: close\r\n\r\nabcde"),
            FileAct::Answer(416, String::new()),
            FileAct::CutAfter(1000),
            FileAct::Raw("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\nConnection: close\r\n\r\nabcde"),
            FileAct::CutAfter(0),
            FileAct::CutAfter(700),
            FileAct::LieLonger(10),
            FileAct::Answer(200, "<html>sorry</html>".into()),
            FileAct::Answer(403, "expired".into()),
            FileAct::Redirect("file:///etc/passwd".into()),
            FileAct::Redirect("//".into()),
            here("/clips/loop"),
            here("/clips/loop"),
            here("/clips/loop"),
            here("/clips/loop"),
            here("/clips/loop"),
            here("/clips/loop"),
            FileAct::Redirect("/clips/829877809978000000".into()),
        ]);
        assert!(is_done(only(&film.buy(vec![order("a")]))), "{}", film.told());
        assert_eq!(film.clip("films/ferry/a.mp4"), Some(film.sold_clip(0)));
        let seen = film.stub.seen();
        let files: Vec<_> = seen.iter().filter(|seen| seen.path.starts_with("/clips/")).collect();
        assert!(files.iter().any(|seen| seen.headers.get("range").is_some_and(|range| range == "bytes=1000-")));
        assert!(
            files.iter().all(|seen| !format!("{:?}", seen.headers).contains("sentinel")),
            "the key stays at the API"
        );
        assert!(files.len() >= 16);
    }
}

#[test]
fn an_existing_file_is_never_overwritten() {
    for api in Target::ALL.iter().copied() {
        let film = Film::new(api);
        let folder = film.root.join("clips/films/ferry");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("a.mp4"), "mine").unwrap();
        film.buy(vec![order("a")]);
        assert_eq!(film.clip("films/ferry/a.mp4").unwrap(), b"mine");
        assert_eq!(film.clip("films/ferry/a.2.mp4"), Some(film.sold_clip(0)));
        assert!(film.ledger().contains("\"path\":\"clips/films/ferry/a.2.mp4\""));
    }
}

#[test]
fn no_more_clips_are_in_flight_than_asked_for() {
    for api in Target::ALL.iter().copied() {
        let mut film = Film::new(api);
        film.options.jobs = 3;
        film.stub.ready_after(3);
        let orders: Vec<_> = (0..12).map(|number| order(&format!("s{number}"))).collect();
        let summary = film.buy(orders);
        assert!(summary.settled.iter().all(|settled| is_done(&settled.outcome)));
        assert_eq!(film.stub.sales().len(), 12);
        assert_eq!(film.stub.most_in_flight(), 3);
    }
}

#[test]
fn an_interrupt_sends_no_more_but_records_what_is_under_way() {
    for api in Target::ALL.iter().copied() {
        let mut film = Film::new(api);
        film.options.jobs = 2;
        film.stub.every_post(Act::SellThenWait);
        let orders: Vec<_> = (0..6).map(|number| order(&format!("s{number}"))).collect();
        let summary = film.buy_and_answer(orders, 2, Session::interrupt);
        assert!(summary.interrupted);
        assert_eq!(film.stub.post_count(), 2);
        let in_flight =
            summary.settled.iter().filter(|settled| matches!(settled.outcome, Outcome::InFlight { .. })).count();
        assert_eq!(in_flight, 2, "{summary:?}");
        assert_eq!(film.ledger().matches("\"accepted\"").count(), 2);
    }
}

#[test]
fn one_task_for_two_shots_is_not_believed() {
    let mut film = Film::new(Target::Gateway);
    film.options.jobs = 1;
    let liar = json!({"code": 0, "data": {"task_id": "829877809978000000"}}).to_string();
    film.stub.posts([Act::Good, Act::SellThenAnswer(200, liar)]);
    let summary = film.buy(vec![order("a"), order("b")]);
    assert!(is_done(&summary.settled[0].outcome));
    assert!(is_unknown(&summary.settled[1].outcome), "{summary:?}");
}

#[test]
fn the_key_comes_back_masked_and_no_text_reaches_the_terminal_raw() {
    for api in Target::ALL.iter().copied() {
        let film = Film::new(api);
        let nasty = format!("prompt \u{1b}]0;owned\u{7} {KEY} \u{202e}evil {}", "x".repeat(5000));
        film.stub.posts([Act::kling(400, 1201, &nasty)]);
        let summary = film.buy(vec![order("a")]);
        for text in [film.ledger(), film.told(), format!("{summary:?}")] {
            assert!(!text.contains("sentinel"), "{text}");
            assert!(!text.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{text}");
            assert!(text.contains("***") && text.len() < 8000);
        }
    }
}

#[test]
fn what_was_not_agreed_to_is_not_bought() {
    let film = Film::new(Target::Gateway);
    let mut unasked = order("a");
    unasked.is_agreed = false;
    assert!(matches!(only(&film.buy(vec![unasked])), Outcome::NotBought { .. }));
    assert_eq!(film.stub.seen().len(), 0);
}

#[test]
fn a_task_is_not_asked_for_at_another_service() {
    for api in Target::ALL.iter().copied() {
        let mut film = Film::new(api);
        film.options.wait = false;
        film.buy(vec![order("a")]);
        film.stub = Stub::start();
        assert!(matches!(only(&film.buy(vec![order("a")])), Outcome::InFlight { note: Some(_), .. }));
        assert_eq!(film.stub.seen().len(), 0);
    }
}

#[test]
fn a_frame_that_cannot_be_read_costs_nothing() {
    for api in Target::ALL.iter().copied() {
        struct Gone;
        impl RequestBody for Gone {
            fn size_hint(&self) -> u64 {
                100
            }
            fn write_to(&self, _: &mut dyn std::io::Write, _: Option<&str>) -> std::io::Result<()> {
                Err(std::io::Error::other("frames/a.png changed since it was checked"))
            }
        }
        let film = Film::new(api);
        let mut bad = order("a");
        bad.body = Arc::new(Gone);
        let summary = film.buy(vec![bad.clone(), order("b")]);
        assert!(
            matches!(&summary.settled[0].outcome, Outcome::NotBought { reason } if reason.contains("changed since"))
        );
        assert!(is_done(&summary.settled[1].outcome));
        assert_eq!(film.state(&bad), ShotState::New);
    }
}

#[test]
fn a_ledger_that_breaks_while_a_request_is_under_way_keeps_the_task_id_in_sight() {
    for api in Target::ALL.iter().copied() {
        let film = Film::new(api);
        film.stub.every_post(Act::SellThenWait);
        let ledger = film.root.join("clapboard.ledger.jsonl");
        let orders = ["a", "b", "c", "d", "e"].map(order).to_vec();
        let summary = film.buy_and_answer(orders, 4, |_| replace_by_folder(&ledger));
        assert!(matches!(summary.halt, Some(Halt::Ledger { .. })), "{summary:?}");
        assert_eq!(film.stub.post_count(), 4, "nothing more is sent");
        for sale in film.stub.sales() {
            assert!(
                film.told().contains(&format!("\"event\":\"unrecorded\",\"task_id\":\"{}\"", sale.task_id)),
                "{}",
                film.told()
            );
        }
    }
}

fn replace_by_folder(path: &Path) {
    std::fs::remove_file(path).unwrap();
    std::fs::create_dir(path).unwrap();
}
