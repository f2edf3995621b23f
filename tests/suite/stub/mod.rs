//! A stand-in for the service on the loopback device: it sells clips, keeps its own books of what it sold, and misbehaves as told.
//!
//! Each connection has a thread of its own. A question is answered only when each order that came before it is in the books, however
//! the threads are scheduled.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;

use serde_json::{Value, json};

use crate::support::{PATIENCE, until};

/// The first byte of a handshake.
const TLS: u8 = 0x16;

/// What happens to one request.
#[derive(Debug, Clone)]
pub enum Act {
    /// What a good service does.
    Good,
    /// The connection is closed as soon as it is there, with nothing read.
    CloseUnread,
    /// Closed after the head of the request.
    CloseAfterHead,
    /// The whole request is read, nothing is done, the connection is closed.
    ReadAndClose,
    /// The whole request is read and nothing is answered until the client goes.
    ReadAndHang,
    /// An answer in place of the good one; nothing is sold.
    Answer(u16, String),
    /// Bytes in place of an answer; nothing is sold.
    Raw(Vec<u8>),
    /// The clip is sold, and then this is all that comes back before the connection is closed.
    SellThenRaw(Vec<u8>),
    /// The clip is sold, and the answer never comes.
    SellThenHang,
    /// The clip is sold, and this is answered.
    SellThenAnswer(u16, String),
    /// The clip is sold and answered well, but only when `Stub::release` is called.
    SellThenWait,
}

impl Act {
    pub fn json(http: u16, body: Value) -> Act {
        Act::Answer(http, body.to_string())
    }

    pub fn kling(http: u16, code: u32, message: &str) -> Act {
        Act::json(http, json!({"code": code, "message": message, "request_id": "r"}))
    }

    /// Whether a clip is sold.
    fn sells(&self) -> bool {
        matches!(
            self,
            Act::Good | Act::SellThenRaw(_) | Act::SellThenHang | Act::SellThenAnswer(..) | Act::SellThenWait
        )
    }
}

/// An order on its way into the books.
struct Order {
    act: Act,
    is_next: bool,
    place: Place,
}

/// What happens to one request for a clip's file.
#[derive(Debug, Clone)]
pub enum FileAct {
    Good,
    /// The connection is closed after this many bytes of the body.
    CutAfter(usize),
    /// The head announces this many bytes more than there are.
    LieLonger(usize),
    /// No more comes after this many bytes of the body.
    #[cfg_attr(not(unix), expect(dead_code))]
    HangAfter(usize),
    Answer(u16, String),
    /// These bytes in place of an answer.
    Raw(&'static str),
    /// Sends the client here.
    Redirect(String),
}

/// How answers look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    Kling,
    NewApi,
}

/// One purchase, as the service has it in its books.
#[derive(Debug, Clone)]
pub struct Sale {
    pub task_id: String,
    pub external_task_id: Option<String>,
    pub body: Value,
    /// Whether it was ordered in the form with the model in the path.
    pub is_next: bool,
}

impl Sale {
    /// The text that the clip was ordered with.
    pub fn prompt(&self) -> &str {
        let text = if self.is_next { self.body.pointer("/contents/0/text") } else { self.body.get("prompt") };
        text.and_then(Value::as_str).expect("it has a text")
    }
}

/// A request that arrived, whatever became of it.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    pub path: String,
    pub headers: BTreeMap<String, String>,
}

#[derive(Debug)]
struct Task {
    polls: u32,
    sale: Sale,
}

#[derive(Debug)]
struct State {
    dialect: Dialect,
    posts: VecDeque<Act>,
    gets: VecDeque<Act>,
    files: VecDeque<FileAct>,
    always_post: Option<Act>,
    always_get: Option<Act>,
    tasks: BTreeMap<String, Task>,
    order: Vec<String>,
    seen: Vec<Seen>,
    /// How often a task is asked for before it is done.
    ready_after: u32,
    /// The end of all tasks, if not a clip.
    end: Option<Value>,
    /// Units that each clip is charged with.
    charge: String,
    /// The account's resource packs.
    packs: Value,
    clip: Vec<u8>,
    most_in_flight: usize,
    held: bool,
    /// Whether tasks are known by `external_task_id`.
    knows_external: bool,
    /// Whether the latest task is denied.
    hides_latest: bool,
    keeps_bodies: bool,
    /// Whether a question for several tasks is refused, as some gateways do.
    answers_for_one: bool,
}

#[derive(Clone)]
pub struct Stub {
    state: Arc<Mutex<State>>,
    queue: Arc<Queue>,
    pub url: String,
}

/// The connections whose order is not in the books yet, by the number under which they came.
#[derive(Default)]
struct Queue {
    numbers: Mutex<BTreeSet<usize>>,
    left: Condvar,
}

/// A connection's place in the queue, until it is dropped.
struct Place {
    queue: Arc<Queue>,
    number: usize,
}

impl Place {
    fn new(queue: &Arc<Queue>, number: usize) -> Place {
        queue.numbers.lock().unwrap().insert(number);
        Place { queue: queue.clone(), number }
    }

    /// Leaves the queue once all that came before have left it.
    fn wait_for_those_before(self) {
        let numbers = self.queue.numbers.lock().unwrap();
        let waits = |numbers: &mut BTreeSet<usize>| numbers.first().is_some_and(|first| *first < self.number);
        let (numbers, waited) = self.queue.left.wait_timeout_while(numbers, PATIENCE, waits).unwrap();
        drop(numbers);
        assert!(!waited.timed_out(), "a connection before this one sends nothing");
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.queue.numbers.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).remove(&self.number);
        self.queue.left.notify_all();
    }
}

impl Stub {
    pub fn start() -> Stub {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Mutex::new(State {
            dialect: Dialect::Kling,
            posts: VecDeque::new(),
            gets: VecDeque::new(),
            files: VecDeque::new(),
            always_post: None,
            always_get: None,
            tasks: BTreeMap::new(),
            order: Vec::new(),
            seen: Vec::new(),
            ready_after: 1,
            end: None,
            charge: "4".into(),
            packs: json!([]),
            clip: clip(3600),
            most_in_flight: 0,
            held: true,
            knows_external: true,
            hides_latest: false,
            keeps_bodies: true,
            answers_for_one: false,
        }));
        let stub = Stub { state, queue: Arc::default(), url };
        let server = stub.clone();
        thread::spawn(move || {
            for (number, stream) in listener.incoming().enumerate() {
                let Ok(stream) = stream else { return };
                let server = server.clone();
                let place = Place::new(&server.queue, number);
                // A client that breaks off ends its thread with an error, which is its business.
                thread::spawn(move || server.serve(stream, place));
            }
        });
        stub
    }

    /// The stub of another process, of which only the address is known here.
    pub fn elsewhere(url: &str) -> Stub {
        Stub { url: url.to_owned(), ..Stub::start() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }

    pub fn dialect(&self, dialect: Dialect) {
        self.state().dialect = dialect;
    }

    /// What happens to the next POSTs, in this order; those after them go well.
    pub fn posts(&self, acts: impl IntoIterator<Item = Act>) {
        self.state().posts.extend(acts);
    }

    /// What happens to all POSTs that nothing else is said for.
    pub fn every_post(&self, act: Act) {
        self.state().always_post = Some(act);
    }

    pub fn gets(&self, acts: impl IntoIterator<Item = Act>) {
        self.state().gets.extend(acts);
    }

    pub fn every_get(&self, act: Act) {
        self.state().always_get = Some(act);
    }

    pub fn files(&self, acts: impl IntoIterator<Item = FileAct>) {
        self.state().files.extend(acts);
    }

    pub fn ready_after(&self, polls: u32) {
        self.state().ready_after = polls;
    }

    pub fn end_all_with(&self, data: Value) {
        self.state().end = Some(data);
    }

    /// What each clip is charged with, in units.
    pub fn charge(&self, units: &str) {
        self.state().charge = units.to_owned();
    }

    /// The account's resource packs: status and units left of 200, all until 2027.
    pub fn packs(&self, packs: &[(&str, f64)]) {
        let pack = |(status, left): &(&str, f64)| {
            json!({
                "resource_pack_name": "Video Generation", "resource_pack_id": "509f", "resource_pack_type": "decreasing_total",
                "total_quantity": 200.0, "remaining_quantity": left, "purchase_time": 1763820000000u64,
                "effective_time": 1763820000000u64, "invalid_time": 1798761600000u64, "status": status,
            })
        };
        self.state().packs = packs.iter().map(pack).collect();
    }

    /// The clip of this task.
    pub fn clip_of(&self, task_id: &str) -> Vec<u8> {
        [self.state().clip.clone(), mark_of(task_id)].concat()
    }

    /// Sells another file from now on, whatever was sold before.
    pub fn other_clip(&self) {
        self.state().clip = clip(5000);
    }

    pub fn forget_external_ids(&self) {
        self.state().knows_external = false;
    }

    /// Denies the latest task from now on.
    pub fn hide_latest(&self) {
        self.state().hides_latest = true;
    }

    pub fn show_all(&self) {
        self.state().hides_latest = false;
    }

    /// Sells this file from now on.
    pub fn sells(&self, clip: Vec<u8>) {
        self.state().clip = clip;
    }

    /// Forgets all misbehaviour that is still to come.
    pub fn behave(&self) {
        let mut state = self.state();
        state.posts.clear();
        state.gets.clear();
        state.files.clear();
    }

    /// Keeps no bodies in the books from now on: they may be large.
    pub fn forget_bodies(&self) {
        self.state().keeps_bodies = false;
    }

    /// Refuses questions for several tasks from now on.
    pub fn answer_for_one_task_alone(&self) {
        self.state().answers_for_one = true;
    }

    /// Lets all `SellThenWait` answers go.
    pub fn release(&self) {
        self.state().held = false;
    }

    /// The service's books.
    pub fn sales(&self) -> Vec<Sale> {
        let state = self.state();
        state.order.iter().map(|id| state.tasks[id].sale.clone()).collect()
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.state().seen.clone()
    }

    pub fn post_count(&self) -> usize {
        self.state().seen.iter().filter(|seen| seen.method == "POST").count()
    }

    pub fn most_in_flight(&self) -> usize {
        self.state().most_in_flight
    }

    fn serve(&self, stream: TcpStream, place: Place) -> std::io::Result<()> {
        stream.set_read_timeout(Some(PATIENCE))?;
        // A stand-in that is told not to read must not read.
        let mut peek = [0; 4];
        let is_post = stream.peek(&mut peek)? == 4 && &peek == b"POST";
        if peek[0] == TLS {
            return stream.shutdown(Shutdown::Both);
        }
        let act = if is_post {
            let mut state = self.state();
            state.posts.pop_front().or_else(|| state.always_post.clone()).unwrap_or(Act::Good)
        } else {
            Act::Good
        };
        if matches!(act, Act::CloseUnread) {
            self.state().seen.push(Seen { method: "POST".into(), path: String::new(), headers: BTreeMap::new() });
            return stream.shutdown(Shutdown::Both);
        }
        let mut reader = BufReader::new(stream.try_clone()?);
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let mut words = line.split(' ').map(str::to_owned);
        let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let mut headers = BTreeMap::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line)? == 0 || line == "\r\n" {
                break;
            }
            if let Some((name, value)) = line.trim_end().split_once(": ") {
                headers.insert(name.to_ascii_lowercase(), value.to_owned());
            }
        }
        self.state().seen.push(Seen { method: method.clone(), path: path.clone(), headers: headers.clone() });
        if method == "POST" {
            let order = Order { act, is_next: path.contains("/image-to-video/"), place };
            return self.serve_post(stream, reader, &headers, order);
        }
        place.wait_for_those_before();
        if let Some(task_id) = path.strip_prefix("/clips/") {
            return self.serve_file(stream, task_id, &headers);
        }
        let act = {
            let mut state = self.state();
            state.gets.pop_front().or_else(|| state.always_get.clone()).unwrap_or(Act::Good)
        };
        match act {
            Act::Good => {
                let (http, body) = self.answer_to(&path);
                answer(stream, http, &body.to_string())
            }
            other => self.misbehave(stream, other),
        }
    }

    fn serve_post(
        &self,
        stream: TcpStream,
        mut reader: BufReader<TcpStream>,
        headers: &BTreeMap<String, String>,
        order: Order,
    ) -> std::io::Result<()> {
        let Order { act, is_next, place } = order;
        if matches!(act, Act::CloseAfterHead) {
            return stream.shutdown(Shutdown::Both);
        }
        let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        let good = if act.sells() { self.sell(&body, is_next).to_string() } else { String::new() };
        drop(place);
        match act {
            Act::Good => answer(stream, 200, &good),
            Act::SellThenRaw(bytes) => self.misbehave(stream, Act::Raw(bytes)),
            Act::SellThenHang => self.misbehave(stream, Act::ReadAndHang),
            Act::SellThenAnswer(http, text) => answer(stream, http, &text),
            Act::SellThenWait => {
                until(|| !self.state().held);
                answer(stream, 200, &good)
            }
            other => self.misbehave(stream, other),
        }
    }

    fn misbehave(&self, mut stream: TcpStream, act: Act) -> std::io::Result<()> {
        match act {
            Act::Answer(http, body) => answer(stream, http, &body),
            Act::Raw(bytes) => {
                stream.write_all(&bytes)?;
                stream.shutdown(Shutdown::Both)
            }
            Act::ReadAndHang => {
                let mut rest = Vec::new();
                stream.read_to_end(&mut rest).map(drop)
            }
            _ => stream.shutdown(Shutdown::Both),
        }
    }

    fn sell(&self, body: &[u8], is_next: bool) -> Value {
        let mut body: Value = serde_json::from_slice(body).expect("the stub was sent no JSON");
        let mut state = self.state();
        let task_id = format!("829877809978{:06}", state.order.len());
        let options = if is_next { body.get("options") } else { Some(&body) };
        let external_task_id =
            options.and_then(|options| options.get("external_task_id")).and_then(Value::as_str).map(str::to_owned);
        let has_it = |task: &Task| external_task_id.is_some() && task.sale.external_task_id == external_task_id;
        if state.knows_external && state.tasks.values().any(has_it) {
            return json!({"code": 1201, "message": "external_task_id already exists", "request_id": "r"});
        }
        if !state.keeps_bodies {
            body = Value::Null;
        }
        let external_id = external_task_id.clone();
        let sale = Sale { task_id: task_id.clone(), external_task_id, body, is_next };
        state.tasks.insert(task_id.clone(), Task { polls: 0, sale });
        state.order.push(task_id.clone());
        let ready_after = state.ready_after;
        let in_flight = state.tasks.values().filter(|task| task.polls < ready_after).count();
        state.most_in_flight = state.most_in_flight.max(in_flight);
        if is_next {
            return json!({"code": 0, "message": "SUCCEED", "request_id": "r", "data": {"id": task_id, "status": "submitted",
                "message": "", "create_time": 1763820000000u64, "update_time": 1763820000000u64, "external_id": external_id}});
        }
        match state.dialect {
            Dialect::Kling => json!({"code": 0, "message": "SUCCEED", "request_id": "r",
                "data": {"task_id": task_id, "task_status": "submitted", "created_at": 1763820000000u64}}),
            Dialect::NewApi => json!({"id": task_id, "task_id": task_id, "object": "video", "model": "kling-v3",
                "status": "queued", "progress": 0, "created_at": 1763820000}),
        }
    }

    /// The answer to a GET: of the form with the model in the path a list, of the other one task.
    fn answer_to(&self, path: &str) -> (u16, Value) {
        if path.starts_with("/account/costs?start_time=") && path.contains("&end_time=") {
            let packs = self.state().packs.clone();
            let data = json!({"code": 0, "msg": "", "resource_pack_subscribe_infos": packs});
            return (200, json!({"code": 0, "message": "SUCCEED", "request_id": "r", "data": data}));
        }
        let Some((_, query)) = path.split_once("/tasks?") else {
            // A task of the other form is not known here.
            return self.task_answer(path.rsplit('/').next().unwrap_or_default(), |sale| !sale.is_next);
        };
        let (name, ids) = query.split_once('=').unwrap_or_default();
        let ids: Vec<&str> = ids.split(',').collect();
        if !["task_ids", "external_task_ids"].contains(&name)
            || ids.len() > 20
            || ids.len() > 1 && self.state().answers_for_one
        {
            return (
                400,
                json!({"code": 1201, "message": "task_ids or external_task_ids is required", "request_id": "r"}),
            );
        }
        let tasks: Vec<Value> = ids.into_iter().filter_map(|id| self.entry(id, name == "external_task_ids")).collect();
        (200, json!({"code": 0, "message": "SUCCEED", "request_id": "r", "data": tasks}))
    }

    /// A task as the form with the model in the path has it: by its own id of either form, by the other id of its own.
    fn entry(&self, id: &str, is_external: bool) -> Option<Value> {
        let (_, answer) =
            if is_external { self.task_answer(id, |sale| sale.is_next) } else { self.task_answer(id, |_| true) };
        let data = answer.get("data").filter(|data| data.is_object())?;
        let word = data["task_status"].as_str().unwrap_or_default();
        let videos = data.pointer("/task_result/videos").and_then(Value::as_array);
        let outputs: Vec<Value> = videos
            .into_iter()
            .flatten()
            .map(|video| json!({"type": "video", "id": "v", "url": video["url"], "duration": "5.041"}))
            .collect();
        let charge = data.get("final_unit_deduction");
        let billing: Vec<Value> = charge
            .map(|amount| json!({"charge_type": "unit", "package_type": "video", "amount": amount}))
            .into_iter()
            .collect();
        Some(json!({
            "id": data["task_id"], "status": if word == "succeed" { "succeeded" } else { word },
            "message": data.get("task_status_msg").cloned().unwrap_or(json!("")),
            "external_id": data.pointer("/task_info/external_task_id"), "create_time": 1763820000000u64,
            "update_time": 1763820000000u64, "outputs": outputs, "billing": billing,
        }))
    }

    fn task_answer(&self, id: &str, is_known: fn(&Sale) -> bool) -> (u16, Value) {
        let mut state = self.state();
        let by_external = state.knows_external.then(|| {
            state
                .tasks
                .iter()
                .find(|(_, task)| task.sale.external_task_id.as_deref() == Some(id))
                .map(|(id, _)| id.clone())
        });
        let id = by_external.flatten().unwrap_or_else(|| id.to_owned());
        let (ready_after, end, dialect) = (state.ready_after, state.end.clone(), state.dialect);
        let charge = state.charge.clone();
        let is_hidden = state.hides_latest && state.order.last() == Some(&id);
        let Some(task) = state.tasks.get_mut(&id).filter(|task| !is_hidden && is_known(&task.sale)) else {
            return match dialect {
                Dialect::Kling => (404, json!({"code": 1203, "message": "task not found", "request_id": "r"})),
                Dialect::NewApi => (400, json!({"code": "task_not_exist", "message": "task_not_exist", "data": null})),
            };
        };
        task.polls += 1;
        let is_done = task.polls >= ready_after;
        let mut data = json!({"task_id": id, "task_status": "processing", "task_info": {}});
        if let Some(external) = &task.sale.external_task_id {
            data["task_info"] = json!({"external_task_id": external});
        }
        if is_done {
            match end {
                Some(end) => data.as_object_mut().unwrap().extend(end.as_object().unwrap().clone()),
                None => {
                    let url = format!("{}/clips/{id}", self.url);
                    data["task_status"] = json!("succeed");
                    data["final_unit_deduction"] = json!(charge);
                    data["task_result"] = json!({"videos": [{"id": "v", "url": url, "duration": "5"}]});
                }
            }
        }
        let kling = json!({"code": 0, "message": "SUCCEED", "request_id": "r", "data": data});
        match dialect {
            Dialect::Kling => (200, kling),
            Dialect::NewApi => {
                let status = match kling["data"]["task_status"].as_str() {
                    Some("succeed") => "SUCCESS",
                    Some("failed") => "FAILURE",
                    _ => "IN_PROGRESS",
                };
                let reason = kling["data"]["task_status_msg"].clone();
                (
                    200,
                    json!({"code": "success", "message": "", "data": {"task_id": id, "status": status,
                    "fail_reason": reason.as_str().unwrap_or(""), "progress": "50%", "data": kling}}),
                )
            }
        }
    }

    fn serve_file(
        &self,
        mut stream: TcpStream,
        task_id: &str,
        headers: &BTreeMap<String, String>,
    ) -> std::io::Result<()> {
        let (act, mut clip) = {
            let mut state = self.state();
            let act = state.files.pop_front().unwrap_or(FileAct::Good);
            (act, state.clip.clone())
        };
        clip.extend(mark_of(task_id));
        let etag = format!("\"{task_id}\"");
        let start = headers
            .get("range")
            .filter(|_| headers.get("if-range") == Some(&etag))
            .and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok())
            .filter(|start| *start < clip.len())
            .unwrap_or(0);
        let announced = match act {
            FileAct::LieLonger(more) => clip.len() - start + more,
            _ => clip.len() - start,
        };
        let mut head = match start {
            0 => String::from("HTTP/1.1 200 OK\r\n"),
            _ => format!(
                "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {start}-{}/{}\r\n",
                clip.len() - 1,
                clip.len()
            ),
        };
        head.push_str(&format!("Content-Length: {announced}\r\nETag: {etag}\r\nConnection: close\r\n\r\n"));
        match act {
            FileAct::Answer(http, text) => answer(stream, http, &text),
            FileAct::Raw(text) => stream.write_all(text.as_bytes()),
            FileAct::Redirect(location) => {
                let head = format!(
                    "HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                );
                stream.write_all(head.as_bytes())
            }
            FileAct::CutAfter(count) => {
                stream.write_all(head.as_bytes())?;
                stream.write_all(&clip[start..(start + count).min(clip.len())])?;
                stream.shutdown(Shutdown::Both)
            }
            FileAct::HangAfter(count) => {
                stream.write_all(head.as_bytes())?;
                stream.write_all(&clip[start..(start + count).min(clip.len())])?;
                stream.read_to_end(&mut Vec::new()).map(drop)
            }
            FileAct::Good | FileAct::LieLonger(_) => {
                stream.write_all(head.as_bytes())?;
                stream.write_all(&clip[start..])?;
                stream.shutdown(Shutdown::Both)
            }
        }
    }
}

/// What makes the clips of different tasks differ: a box that players skip.
fn mark_of(task_id: &str) -> Vec<u8> {
    mp4_box(b"free", task_id.as_bytes())
}

fn answer(mut stream: TcpStream, http: u16, body: &str) -> std::io::Result<()> {
    let head = format!(
        "HTTP/1.1 {http} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())?;
    stream.shutdown(Shutdown::Write)
}

/// The boxes of an MP4 file with `length` bytes of pictures and sound in it.
pub fn clip(length: usize) -> Vec<u8> {
    let data: Vec<u8> = (0..length).map(|index| index as u8).collect();
    [mp4_box(b"ftyp", b"mp42\0\0\0\0mp42isom"), mp4_box(b"moov", &mp4_box(b"mvhd", &[0; 100])), mp4_box(b"mdat", &data)]
        .concat()
}

/// One box of an MP4 file.
pub fn mp4_box(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(8 + content.len()).expect("a small box");
    [&size.to_be_bytes()[..], kind, content].concat()
}
