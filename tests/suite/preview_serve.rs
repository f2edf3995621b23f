//! `preview --serve`: who may ask, for what, and what is written.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use super::submit_cli::Project;
use super::support::{PATIENCE, Watchdog, until};

/// A server of a project's page, stopped at the end.
struct Served {
    child: Child,
    host: String,
    token: String,
}

/// An answer of the server.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Served {
    fn new(project: &Project) -> Served {
        let mut child = project.command(&["preview", "--serve"]).stdout(Stdio::piped()).spawn().expect("it starts");
        let watchdog = Watchdog::of(&child);
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("the address");
        watchdog.stop();
        let rest = line.trim().strip_prefix("http://").unwrap_or_else(|| panic!("{line} is not an address"));
        let (host, token) = rest.trim_end_matches('/').split_once('/').expect("a token");
        Served { child, host: host.to_owned(), token: token.to_owned() }
    }

    /// Sends a request to the page's address and `path`, with these headers in addition to the host's.
    fn ask(&self, method: &str, path: &str, head: &[&str], body: &str) -> Answer {
        let host = format!("Host: {}", self.host);
        let lines = if head.iter().any(|line| line.starts_with("Host:")) { vec![] } else { vec![host.as_str()] };
        self.send(&format!("/{}/{path}", self.token), method, &[&lines[..], head].concat(), body)
    }

    fn send(&self, path: &str, method: &str, head: &[&str], body: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.host).expect("the server listens");
        stream.set_read_timeout(Some(PATIENCE)).expect("a deadline");
        let head = head.join("\r\n");
        let length = body.len();
        let request = format!(
            "{method} {path} HTTP/1.1\r\n{head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        );
        let mut answer = Vec::new();
        // The server may answer and close the connection while a body that it does not want is on its way: what counts is the answer.
        let _ = stream.write_all(request.as_bytes());
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").expect("an HTTP answer");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        Answer { status, head: head.to_ascii_lowercase(), body: body.to_owned() }
    }

    fn page(&self) -> String {
        let answer = self.ask("GET", "", &[], "");
        assert_eq!(answer.status, 200);
        answer.body
    }

    fn version(&self) -> u64 {
        let page = self.page();
        let (_, rest) = page.split_once("{\"version\": ").expect("the page knows its version");
        rest.split('}').next().and_then(|version| version.parse().ok()).expect("a number")
    }

    fn choose(&self, head: &[&str], body: &str) -> u16 {
        self.ask("POST", "choose", head, body).status
    }

    /// Chooses on the page as it is now: again where it was made again meanwhile.
    fn choose_now(&self, head: &[&str], body: impl Fn(u64) -> String) -> u16 {
        loop {
            let version = self.version();
            let status = self.choose(head, &body(version));
            if status != 409 || self.version() == version {
                return status;
            }
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A project with a shot of two takes.
fn project() -> Project {
    let project = Project::new("gateway", 1);
    assert_eq!(project.submit(&[]).exit, 0);
    assert_eq!(project.submit(&["--again", "s000"]).exit, 0);
    project
}

#[test]
fn only_its_own_page_with_the_token_is_answered() {
    let project = project();
    let served = Served::new(&project);
    assert!(served.host.starts_with("127.0.0.1:") && served.token.len() == 32, "{}", served.host);
    let own = format!("Host: {}", served.host);
    let page = served.ask("GET", "", &[], "");
    for line in ["cache-control: no-store", "x-frame-options: deny", "referrer-policy: no-referrer", "nosniff"] {
        assert!(page.head.contains(line), "{line} is not in {}", page.head);
    }
    assert!(!page.head.contains("access-control"), "{}", page.head);
    for path in ["/", "/index.html", "/0123456789abcdef0123456789abcdef/", &format!("/{}", &served.token[..31])] {
        assert_eq!(served.send(path, "GET", &[&own], "").status, 404, "{path}");
    }
    for head in
        ["Host: rebound.example:80", "Origin: https://evil.example", "Origin: null", "Sec-Fetch-Site: cross-site"]
    {
        assert_eq!(served.ask("GET", "", &[head], "").status, 403, "{head}");
    }
    for method in ["PUT", "DELETE", "PATCH", "OPTIONS"] {
        assert_eq!(served.ask(method, "choose", &[], "").status, 405, "{method}");
    }
    for path in ["clip/../../clapboard.toml", "clip/%2e%2e/clapboard.toml", "clip//etc/passwd", "clip/", "other"] {
        assert_eq!(served.ask("GET", path, &[], "").status, 404, "{path}");
    }
}

#[test]
fn a_choice_is_the_only_write_and_only_its_own_page_may_make_it() {
    let project = project();
    let served = Served::new(&project);
    let (origin, json) = (format!("Origin: http://{}", served.host), "Content-Type: application/json");
    let choice = |version: u64, take: u32| format!(r#"{{"version":{version},"card":"shot-1","take":{take}}}"#);
    let version = served.version();
    let before = project.ledger();
    assert_eq!(served.choose(&[json], &choice(version, 1)), 403, "no origin");
    assert_eq!(served.choose(&["Origin: http://127.0.0.1:1", json], &choice(version, 1)), 403);
    assert_eq!(served.choose(&[&origin, "Content-Type: text/plain"], &choice(version, 1)), 403, "a form's type");
    assert_eq!(served.choose(&[&origin, json], &choice(version + 7, 1)), 409);
    assert_eq!(served.choose(&[&origin, json], &choice(version, 3)), 409, "no such take");
    for bad in ["", "{}", r#"{"version":1,"card":"../x","take":1}"#, &format!("\"{}\"", "x".repeat(5_000))] {
        assert!([400, 409].contains(&served.choose(&[&origin, json], bad)), "{bad}");
    }
    assert_eq!(project.ledger(), before);
    assert_eq!(served.choose_now(&[&origin, json], |version| choice(version, 1)), 204);
    assert!(project.ledger().starts_with(&before) && project.ledger().contains("\"event\":\"chosen\""));
    assert!(project.run(&["plan"]).stdout.contains("take 1 is chosen"));
    until(|| served.version() > version);
    assert!(served.page().contains("<figure class=\"take counts\">"));
}

#[test]
fn a_saved_file_makes_another_page_and_news_of_it() {
    let project = project();
    let served = Served::new(&project);
    let newer_than = |version: u64| {
        let news = served.ask("GET", &format!("version?after={version}"), &[], "");
        (news.status == 200).then(|| news.body.parse::<u64>().expect("a number"))
    };
    let version = served.version();
    assert!(newer_than(0) >= Some(version));
    project.film("ferry", [("s000".into(), "The gulls are back.".into())]);
    // Each question is answered after half a minute, whether there is news or not.
    until(|| newer_than(version) > Some(version));
    until(|| served.page().contains("The gulls are back."));
}

#[test]
fn a_clip_is_sent_whole_or_in_part() {
    let project = project();
    let served = Served::new(&project);
    let page = served.page().replace("&#x2f;", "/");
    let key = page.split("src=\"clip/").nth(1).and_then(|rest| rest.split('"').next()).expect("a clip");
    let path = format!("clip/{key}");
    let whole = served.ask("GET", &path, &[], "");
    assert_eq!(whole.status, 200);
    assert!(whole.head.contains("accept-ranges: bytes") && whole.head.contains("content-type: video/mp4"));
    let part = served.ask("GET", &path, &["Range: bytes=4-7"], "");
    assert_eq!((part.status, part.body.as_str()), (206, "ftyp"));
    assert!(part.head.contains("content-range: bytes 4-7/"), "{}", part.head);
    assert_eq!(served.ask("GET", &path, &["Range: bytes=999999999-"], "").status, 416);
}
