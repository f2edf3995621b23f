//! `submit`, `status` and `plan` as a writer runs them, against the stub of the service.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::stub::{Act, Stub};
use crate::support::{Watchdog, ended, until};

pub const KEY: &str = "sk-sentinel-0123456789";

/// A project on disk, and a service for it.
pub struct Project {
    dir: tempfile::TempDir,
    pub stub: Stub,
}

pub struct Ran {
    pub exit: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Project {
    pub fn new(api: &str, shots: usize) -> Project {
        let project = Project { dir: tempfile::tempdir().unwrap(), stub: Stub::start() };
        project.stub.charge("3");
        project.write(
            "clapboard.toml",
            &format!("[target]\napi = \"{api}\"\nbase_url = \"{}\"\nrequest_timeout = 60\n", project.stub.url),
        );
        std::fs::create_dir_all(project.path("frames")).unwrap();
        std::fs::copy(
            Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stage/frames/wide.png"),
            project.path("frames/a.png"),
        )
        .unwrap();
        project.film("ferry", (0..shots).map(|number| (format!("s{number:03}"), format!("Fog lifts, take {number}."))));
        project
    }

    /// Writes a storyboard of shots with these ids and prompts.
    pub fn film(&self, name: &str, shots: impl IntoIterator<Item = (String, String)>) {
        let mut text = String::from("storyboard: 1\ndefaults:\n  model: kling-v3\n  mode: std\nshots:\n");
        for (id, prompt) in shots {
            text.push_str(&format!("  - id: {id}\n    first_frame: frames/a.png\n    prompt: {prompt}\n"));
        }
        self.write(&format!("{name}.storyboard.yaml"), &text);
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        std::fs::write(self.path(path), text).unwrap();
    }

    pub fn ledger(&self) -> String {
        std::fs::read_to_string(self.path("clapboard.ledger.jsonl")).unwrap_or_default()
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clapboard"));
        command
            .args(args)
            .current_dir(self.dir.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            // Where coverage is measured.
            .envs(std::env::vars_os().filter(|(name, _)| name == "LLVM_PROFILE_FILE"))
            .env("KLING_API_KEY", KEY)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        finish(self.command(args).spawn().unwrap())
    }

    pub fn submit(&self, more: &[&str]) -> Ran {
        self.run(&[&["submit", "--yes", "--poll-interval", "0.02"], more].concat())
    }

    pub fn plan(&self) -> Value {
        serde_json::from_str(&self.run(&["plan", "--format", "json"]).stdout).unwrap()
    }

    pub fn states(&self) -> Vec<String> {
        self.plan()["shots"].as_array().unwrap().iter().map(|shot| shot["state"].as_str().unwrap().to_owned()).collect()
    }

    pub fn clips(&self) -> Vec<String> {
        let mut clips: Vec<String> = std::fs::read_dir(self.path("clips/ferry"))
            .map(|entries| entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect())
            .unwrap_or_default();
        clips.sort();
        clips
    }

    /// Makes all that the ledger has two minutes older.
    pub fn let_time_pass(&self) {
        let aged: String = self
            .ledger()
            .split_inclusive('\n')
            .map(|line| {
                let Some(start) = line.find("\"at\":\"").map(|start| start + 6) else { return line.to_owned() };
                let Some(length) = line[start..].find('"') else { return line.to_owned() };
                let at: jiff::Timestamp = line[start..start + length].parse().unwrap();
                format!("{}{}{}", &line[..start], at - Duration::from_secs(120), &line[start + length..])
            })
            .collect();
        self.write("clapboard.ledger.jsonl", &aged);
    }
}

fn ran(output: Output) -> Ran {
    let ran = Ran {
        exit: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    };
    for text in [&ran.stdout, &ran.stderr] {
        assert!(!text.contains("sentinel"), "the key is shown: {text}");
        assert!(!text.contains('\u{1b}'), "an escape sequence is shown: {text}");
        assert!(!text.contains("panicked"), "{text}");
    }
    ran
}

pub fn finish(child: Child) -> Ran {
    ran(ended(child))
}

#[cfg(unix)]
pub fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}

#[test]
fn a_film_is_bought_once_and_the_plan_knows() {
    for api in ["gateway", "official", "kling"] {
        let project = Project::new(api, 3);
        assert_eq!(project.states(), ["new"; 3]);
        let ran = project.submit(&[]);
        assert_eq!(ran.exit, 0, "{}", ran.stderr);
        assert_eq!(project.clips(), ["s000.mp4", "s001.mp4", "s002.mp4"]);
        assert_eq!(project.states(), ["done"; 3]);
        assert!(ran.stderr.contains("3 clips to buy: 15 s, 9 units, $1.26"), "{}", ran.stderr);
        assert!(ran.stdout.contains("done        ferry s001  clips/ferry/s001.mp4"), "{}", ran.stdout);

        let again = project.submit(&[]);
        assert_eq!(again.exit, 0);
        assert_eq!(project.stub.sales().len(), 3);
        let sales = project.stub.sales();
        let duration =
            |body: &Value| if api == "kling" { body["settings"]["duration"] == 5 } else { body["duration"] == "5" };
        assert!(sales.iter().all(|sale| duration(&sale.body)));
        assert!(sales.iter().all(|sale| sale.external_task_id.is_some() == (api != "gateway")));
        let path = match api {
            "kling" => "/image-to-video/kling-3.0",
            "official" => "/v1/videos/image2video",
            _ => "/kling/v1/videos/image2video",
        };
        let post = project.stub.seen().into_iter().find(|seen| seen.method == "POST").unwrap();
        assert_eq!(post.path, path);
        assert_eq!(post.headers["authorization"], format!("Bearer {KEY}"));
        assert!(!project.ledger().contains("sentinel"));

        let plan = project.plan();
        assert_eq!(plan["totals"], json!({"clips": 0, "seconds": 0, "units": 0.0, "usd": 0.0}));
    }
}

#[test]
fn what_is_sent_is_what_compile_prints() {
    for api in ["official", "kling"] {
        let project = Project::new(api, 1);
        project.submit(&[]);
        let compiled = project.run(&["compile", "--target", api, "--images", "inline"]);
        let compiled: Value = serde_json::from_str(&compiled.stdout).unwrap();
        let mut sent = project.stub.sales()[0].body.clone();
        let mut fields = sent.as_object_mut().unwrap();
        let mut options = fields.shift_remove("options");
        fields = options.as_mut().map_or(fields, |options| options.as_object_mut().unwrap());
        assert_eq!(fields.shift_remove("external_task_id").map(|id| id.as_str().unwrap().len()), Some(32), "{api}");
        assert_eq!(sent, compiled[0]["body"]);
    }
}

#[test]
fn a_film_that_moves_to_another_target_buys_nothing_again() {
    const APIS: [&str; 3] = ["gateway", "official", "kling"];
    for (before, after) in APIS.iter().flat_map(|before| APIS.iter().map(move |after| (before, after))) {
        let project = Project::new(before, 2);
        assert_eq!(project.submit(&[]).exit, 0);
        let config = std::fs::read_to_string(project.path("clapboard.toml")).unwrap();
        project.write("clapboard.toml", &config.replace(before, after));
        assert_eq!(project.states(), ["done"; 2], "{before} {after}");
        let again = project.submit(&[]);
        assert_eq!((again.exit, project.stub.sales().len()), (0, 2), "{before} {after}: {}", again.stderr);
    }
}

#[test]
fn a_changed_prompt_is_a_changed_shot() {
    let project = Project::new("gateway", 2);
    project.submit(&[]);
    project.film("ferry", [("s000".into(), "Rain falls.".into()), ("s001".into(), "Fog lifts, take 1.".into())]);
    let plan = project.plan();
    assert_eq!(project.states(), ["changed", "done"]);
    assert_eq!(plan["shots"][0]["changed"], json!(["prompt"]));
    assert_eq!(plan["totals"]["clips"], 1);
    assert_eq!(project.submit(&[]).exit, 0);
    assert_eq!(project.clips(), ["s000.2.mp4", "s000.mp4", "s001.mp4"]);
}

#[test]
fn a_plan_since_a_revision_has_only_what_differs() {
    let project = Project::new("gateway", 2);
    let git = |args: &[&str]| {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=x", "-c", "user.email=x@example", "-c", "commit.gpgsign=false"]).args(args);
        assert!(command.current_dir(project.path("")).output().unwrap().status.success(), "{args:?}");
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "-m", "first"]);
    project.film(
        "ferry",
        [("s000".into(), "Fog lifts, take 0.".into()), ("s001".into(), "Rain.".into()), ("s002".into(), "Sun.".into())],
    );
    let plan = |revision: &str| {
        let ran = project.run(&["plan", "--format", "json", "--since", revision]);
        assert_eq!(ran.exit, 0, "{}", ran.stderr);
        let plan: Value = serde_json::from_str(&ran.stdout).unwrap();
        plan["shots"]
            .as_array()
            .unwrap()
            .iter()
            .map(|shot| shot["shot"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(plan("HEAD"), ["s001", "s002"]);
    git(&["commit", "--quiet", "--all", "-m", "second"]);
    assert_eq!(plan("HEAD"), [""; 0]);
    assert_eq!(plan("HEAD~1"), ["s001", "s002"]);
    for revision in ["nowhere", "--all", ""] {
        assert_eq!(project.run(&["plan", &format!("--since={revision}")]).exit, 2, "{revision}");
    }
}

#[test]
fn nothing_is_bought_without_a_yes_nor_over_a_cap() {
    let project = Project::new("gateway", 3);
    let asked = project.run(&["submit"]);
    assert_eq!(asked.exit, 3);
    assert!(asked.stderr.contains("--yes"), "{}", asked.stderr);
    assert_eq!(project.submit(&["--max-units", "8.9"]).exit, 3);
    let text = std::fs::read_to_string(project.path("ferry.storyboard.yaml")).unwrap();
    project.write("ferry.storyboard.yaml", &text.replace("defaults:", "budget: { clips: 2 }\ndefaults:"));
    assert_eq!(project.submit(&[]).exit, 3);
    assert_eq!(project.stub.seen().len(), 0);
    assert_eq!(project.ledger(), "");
    project.write("ferry.storyboard.yaml", &text);
    assert_eq!(project.submit(&["--max-units", "9"]).exit, 0);
}

#[test]
fn what_is_needed_is_looked_at_before_anything_is_sent() {
    let project = Project::new("gateway", 2);
    let no_key = finish(project.command(&["submit", "--yes"]).env_remove("KLING_API_KEY").spawn().unwrap());
    assert_eq!(no_key.exit, 2);
    assert!(no_key.stderr.contains("KLING_API_KEY"));
    for key in ["", " ", "sk sentinel", "sk-sentinel\u{e9}"] {
        assert_eq!(
            finish(project.command(&["submit", "--yes"]).env("KLING_API_KEY", key).spawn().unwrap()).exit,
            2,
            "{key:?}"
        );
    }
    let unknown = project.submit(&["--shot", "s001", "--shot", "nobody"]);
    assert_eq!(unknown.exit, 2);
    assert!(unknown.stderr.contains("nobody"));
    let _ = std::fs::remove_dir_all(project.path("clips"));
    project.write("clips", "a file");
    assert_eq!(project.submit(&[]).exit, 2);
    std::fs::remove_file(project.path("clips")).unwrap();
    project.write("clapboard.ledger.jsonl", "{}\n<<<<<<< HEAD\n");
    let broken = project.submit(&[]);
    assert_eq!(broken.exit, 2);
    assert!(broken.stderr.contains("clapboard.ledger.jsonl:1"), "{}", broken.stderr);
    assert_eq!(project.run(&["plan"]).exit, 2);
    std::fs::remove_file(project.path("clapboard.ledger.jsonl")).unwrap();
    let config = std::fs::read_to_string(project.path("clapboard.toml")).unwrap();
    project.write("clapboard.toml", "[target]\napi = \"gateway\"\n");
    let homeless = project.submit(&[]);
    assert_eq!(homeless.exit, 2);
    assert!(homeless.stderr.contains("base_url"), "{}", homeless.stderr);
    for (url, why) in [
        ("gateway.example", "`base_url` cannot be `gateway.example`"),
        ("https://[", "is not a URL such as"),
        ("http://gateway.example", "must begin with `https://`"),
        ("file:///etc/passwd", "`base_url` cannot be `file:///etc/passwd`"),
        ("https://me:sentinel@gateway.example", "must be a plain address"),
        ("https://gateway.example/v1?a=1", "must be a plain address"),
    ] {
        project.write("clapboard.toml", &format!("[target]\nbase_url = \"{url}\"\n"));
        let ran = project.submit(&[]);
        assert_eq!(ran.exit, 2, "{url}");
        assert!(ran.stderr.contains(why), "{url}: {}", ran.stderr);
    }
    project.write("clapboard.toml", &config);
    std::fs::remove_file(project.path("frames/a.png")).unwrap();
    assert_eq!(project.submit(&[]).exit, 1);
    assert_eq!(project.stub.seen().len(), 0);
}

#[test]
fn only_the_wanted_shots_are_bought_and_errors_elsewhere_do_not_hold_them_back() {
    let project = Project::new("gateway", 2);
    project.film("storm", [("s000".into(), "Waves.".into()), ("bad".into(), "$nobody waves.".into())]);
    assert_eq!(project.submit(&["storm.storyboard.yaml"]).exit, 1);
    assert_eq!(project.submit(&["--shot", "storm.storyboard.yaml:s000"]).exit, 0);
    assert_eq!(project.stub.sales().len(), 1);
    assert!(project.path("clips/storm/s000.mp4").exists());
    assert_eq!(project.submit(&["--shot", "ferry:s001"]).exit, 0);
    assert_eq!(project.clips(), ["s001.mp4"]);
}

#[test]
fn a_dry_run_goes_up_to_the_socket() {
    let project = Project::new("official", 2);
    let ran = project.run(&["submit", "--dry-run"]);
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    assert_eq!(ran.stdout.matches("would send").count(), 2);
    let length = ran.stdout.split_whitespace().find_map(|word| word.parse::<usize>().ok()).unwrap();
    assert_eq!((project.stub.seen().len(), project.ledger().len()), (0, 0));
    assert!(!project.path("clips").exists());
    project.submit(&[]);
    assert_eq!(
        project.stub.seen().iter().find(|seen| seen.method == "POST").unwrap().headers["content-length"],
        length.to_string()
    );
    assert!(project.run(&["submit", "--dry-run"]).stdout.is_empty());
}

#[test]
fn a_refusal_is_shown_at_the_writers_own_words() {
    let project = Project::new("gateway", 1);
    project.stub.posts([Act::kling(400, 1201, "prompt: size must be between 0 and 2500")]);
    let ran = project.submit(&[]);
    assert_eq!(ran.exit, 4);
    assert!(ran.stderr.contains("ferry.storyboard.yaml:8:13: prompt: Fog lifts, take 0."), "{}", ran.stderr);
    assert!(ran.stdout.contains("failed      ferry s000  (1201) prompt: size must be"), "{}", ran.stdout);
    assert_eq!(project.states(), ["failed"]);
    assert_eq!(project.submit(&[]).exit, 4);
    assert_eq!(project.run(&["status"]).exit, 4);
    assert_eq!(project.submit(&["--retry-failed"]).exit, 0);
}

#[test]
fn a_refusal_of_the_new_form_is_shown_at_the_writers_own_words() {
    let project = Project::new("kling", 3);
    project.stub.posts([
        Act::kling(400, 1201, "contents[0].text: size must be between 0 and 3072"),
        Act::kling(400, 1201, "image pixel is invalid"),
        Act::kling(400, 1201, "resolution is not supported"),
    ]);
    let ran = project.submit(&["--jobs", "1"]);
    assert_eq!(ran.exit, 4);
    for line in [":8:13: prompt: Fog lifts, take 0.", ":10:18: first_frame: frames/a.png", ":4:9: mode: std"] {
        assert!(ran.stderr.contains(&format!("ferry.storyboard.yaml{line}")), "{line}: {}", ran.stderr);
    }
}

#[test]
fn a_refusal_points_at_defaults_and_at_cuts_too() {
    let project = Project::new("gateway", 0);
    project.write(
        "ferry.storyboard.yaml",
        "storyboard: 1\ndefaults:\n  model: kling-v3\n  mode: pro\nshots:\n  - id: a\n    first_frame: frames/a.png\n    last_frame: frames/a.png\n    prompt: Fog.\n  - id: b\n    first_frame: frames/a.png\n    duration: 5\n    cuts:\n      - { prompt: One., duration: 2 }\n      - { prompt: Two., duration: 3 }\n",
    );
    project.stub.posts([
        Act::kling(400, 1201, "model/mode/duration(kling-v3/pro/5) is not supported with image_tail"),
        Act::kling(400, 1201, "multiPrompt[1].prompt: size must be between 0 and 512"),
    ]);
    let ran = project.submit(&["--jobs", "1"]);
    assert_eq!(ran.exit, 4, "{}", ran.stderr);
    for line in ["storyboard.yaml:8:17: last_frame", "storyboard.yaml:4:9: mode: pro", "storyboard.yaml:15:"] {
        assert!(ran.stderr.contains(line), "{line}: {}", ran.stderr);
    }
}

#[test]
fn an_unknown_outcome_is_named_with_how_to_settle_it() {
    let project = Project::new("gateway", 2);
    project.stub.posts([Act::SellThenRaw(Vec::new()), Act::Good]);
    let ran = project.submit(&["--jobs", "1"]);
    assert_eq!(ran.exit, 4);
    assert!(ran.stderr.contains("clapboard status --adopt ferry.storyboard.yaml:s000=TASK_ID"), "{}", ran.stderr);
    assert!(ran.stderr.contains("clapboard status --forget ferry.storyboard.yaml:s000"), "{}", ran.stderr);
    assert_eq!(project.states(), ["unknown", "done"]);
    assert_eq!(project.submit(&["--retry-failed"]).exit, 4);
    assert_eq!(project.stub.post_count(), 2);
    assert_eq!(project.run(&["status"]).exit, 4);

    let task = project.stub.sales()[0].task_id.clone();
    assert_eq!(project.run(&["status", "--adopt", "s000=829000"]).exit, 2);
    assert_eq!(project.run(&["status", "--adopt", "nobody=829000"]).exit, 2);
    assert_eq!(project.run(&["status", "--forget", "s001"]).exit, 2);
    let adopted =
        project.run(&["status", "--adopt", &format!("ferry.storyboard.yaml:s000={task}"), "--format", "json"]);
    assert_eq!(adopted.exit, 0, "{}", adopted.stderr);
    let plan: Value = serde_json::from_str(&adopted.stdout).unwrap();
    assert_eq!(plan["shots"][0]["state"], "done");
    assert_eq!(project.clips(), ["s000.mp4", "s001.mp4"]);
}

#[test]
fn a_task_that_is_not_the_shots_own_is_not_adopted() {
    let project = Project::new("gateway", 3);
    assert_eq!(project.submit(&["--shot", "s000"]).exit, 0);
    assert_eq!(project.submit(&["--shot", "s001", "--no-wait"]).exit, 0);
    project.stub.posts([Act::SellThenRaw(Vec::new())]);
    assert_eq!(project.submit(&["--shot", "s002"]).exit, 4);
    assert_eq!(project.states(), ["done", "in_flight", "unknown"]);
    let before = project.ledger();
    let bought = project.stub.sales()[0].task_id.clone();
    for (shot, task, why) in [
        ("s000", "829000", "the clip is here already"),
        ("s001", "829000", "the clip is being made already"),
        ("s002", &*bought, "this task belongs to ferry, shot s000"),
        ("s002", "../..", "this is not a task id"),
    ] {
        let ran = project.run(&["status", "--adopt", &format!("{shot}={task}")]);
        assert_eq!(ran.exit, 2, "{shot}={task}");
        assert!(ran.stderr.contains(why), "{why}: {}", ran.stderr);
    }
    assert_eq!(project.ledger(), before);
}

#[test]
fn a_charge_of_more_than_twice_the_price_ends_the_run() {
    for api in ["gateway", "official", "kling"] {
        for (charge, exit, bought) in [("6", 0, 2), ("6.1", 3, 1)] {
            let project = Project::new(api, 2);
            project.stub.charge(charge);
            let ran = project.submit(&["--jobs", "1"]);
            assert_eq!(ran.exit, exit, "{api} {charge}: {}", ran.stderr);
            assert_eq!(project.stub.sales().len(), bought, "{api} {charge}");
            let stopped = format!("the service charged {charge} units for a clip that was shown as 3 units");
            assert_eq!(ran.stderr.contains(&stopped), exit == 3, "{}", ran.stderr);
        }
    }
}

#[test]
fn a_request_that_is_too_large_is_refused_with_its_size() {
    let project = Project::new("gateway", 1);
    project.stub.every_post(Act::Answer(413, "too large".into()));
    let ran = project.submit(&[]);
    assert_eq!(ran.exit, 4);
    assert!(ran.stderr.contains("(the request has ") && ran.stderr.contains(" bytes)"), "{}", ran.stderr);
    assert!(project.stub.sales().is_empty());
}

#[test]
fn a_forgotten_outcome_is_bought_again() {
    let project = Project::new("gateway", 1);
    project.stub.posts([Act::ReadAndClose]);
    assert_eq!(project.submit(&[]).exit, 4);
    let too_early = project.run(&["status", "--forget", "s000"]);
    assert_eq!(too_early.exit, 2);
    assert!(too_early.stderr.contains("seconds, or use --force"), "{}", too_early.stderr);
    assert_eq!(project.run(&["status", "--forget", "s000", "--force"]).exit, 0);
    assert_eq!(project.states(), ["new"]);
    assert_eq!(project.submit(&[]).exit, 0);
    assert_eq!(project.stub.sales().len(), 1);
}

#[test]
fn ordering_without_waiting_and_fetching_later() {
    let project = Project::new("gateway", 2);
    project.stub.ready_after(2);
    assert_eq!(project.submit(&["--no-wait"]).exit, 0);
    assert_eq!(project.states(), ["in_flight"; 2]);
    assert_eq!(project.run(&["status"]).exit, 0);
    assert_eq!(project.states(), ["in_flight"; 2]);
    let ran = project.run(&["status", "--wait", "--poll-interval", "0.02"]);
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    assert_eq!(project.clips(), ["s000.mp4", "s001.mp4"]);
    assert_eq!(project.run(&["status"]).exit, 0);
}

#[test]
fn what_was_bought_for_an_earlier_text_is_still_fetched() {
    let project = Project::new("gateway", 1);
    project.submit(&["--no-wait"]);
    project.film("ferry", [("s000".into(), "Rain falls.".into())]);
    let ran = project.run(&["status", "--format", "json"]);
    assert_eq!(ran.exit, 0);
    assert_eq!(project.clips(), ["s000.mp4"]);
    assert_eq!(project.states(), ["changed"]);
    let plan: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(plan["shots"].as_array().unwrap().len(), 2);
}

#[test]
fn still_in_flight_when_time_is_up() {
    let project = Project::new("gateway", 1);
    project.stub.ready_after(u32::MAX);
    // On a busy machine its time may be up before the clip is ordered.
    until(|| {
        project.submit(&["--timeout", "0.3"]);
        project.stub.sales().len() == 1
    });
    let ran = project.submit(&["--timeout", "0.3"]);
    assert_eq!(ran.exit, 4);
    assert!(ran.stdout.contains("in flight   ferry s000"), "{}", ran.stdout);
    assert!(ran.stderr.contains("clapboard status"), "{}", ran.stderr);
    project.stub.ready_after(0);
    assert_eq!(project.submit(&[]).exit, 0);
    assert_eq!(project.stub.sales().len(), 1);
}

#[test]
fn events_are_one_json_object_a_line() {
    let project = Project::new("official", 2);
    project.stub.posts([Act::kling(400, 1301, "no \u{1b}[31m"), Act::Good]);
    let ran = project.submit(&["--format", "json", "--jobs", "1"]);
    assert_eq!(ran.exit, 4);
    let events: Vec<Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<&str> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!(names, ["plan", "sending", "refused", "sending", "accepted", "downloaded", "result", "result", "end"]);
    assert!(events.iter().all(|event| event["version"] == 1));
    assert_eq!(events[2]["code"], 1301);
    assert_eq!(events[6]["state"], "failed");
    assert_eq!((&events[7]["state"], &events[7]["path"]), (&json!("done"), &json!("clips/ferry/s001.mp4")));
    assert_eq!(events[8], json!({"version": 1, "event": "end", "exit": 4, "interrupted": false}));
}

#[cfg(unix)]
#[test]
fn a_second_submit_fails_at_once() {
    let project = Project::new("gateway", 1);
    project.stub.every_post(Act::SellThenWait);
    let first = project.command(&["submit", "--yes", "--poll-interval", "0.02"]).spawn().unwrap();
    until(|| project.stub.sales().len() == 1);
    for args in [&["submit", "--yes"][..], &["status", "--wait"]] {
        let second = project.run(args);
        assert_eq!(second.exit, 2);
        assert!(second.stderr.contains("another"), "{}", second.stderr);
    }
    assert_eq!(project.run(&["plan"]).exit, 0);
    project.stub.release();
    assert_eq!(finish(first).exit, 0);
    assert_eq!(project.stub.sales().len(), 1);
}

#[cfg(unix)]
#[test]
fn a_signal_ends_the_run_in_order_and_a_second_one_at_once() {
    for name in ["INT", "TERM"] {
        let project = Project::new("gateway", 6);
        project.stub.every_post(Act::SellThenWait);
        let mut running =
            project.command(&["submit", "--yes", "--jobs", "2", "--poll-interval", "0.02"]).spawn().unwrap();
        until(|| project.stub.sales().len() == 2);
        signal(&running, name);
        let watchdog = Watchdog::of(&running);
        // What is under way is answered only after the signal has arrived.
        let stderr = running.stderr.take().unwrap();
        let stderr = read_until(stderr, "nothing more is sent", || project.stub.release());
        let ran = finish(running);
        watchdog.stop();
        assert_eq!(ran.exit, 130, "{stderr}");
        assert!(stderr.contains("To go on: clapboard submit"), "{stderr}");
        assert_eq!(project.stub.post_count(), 2);
        assert_eq!(project.states(), ["in_flight", "in_flight", "new", "new", "new", "new"]);
        assert_eq!(project.submit(&[]).exit, 0);
        assert_eq!(project.stub.sales().len(), 6);
    }
    let project = Project::new("gateway", 1);
    project.stub.every_post(Act::SellThenHang);
    let mut running = project.command(&["submit", "--yes"]).spawn().unwrap();
    let watchdog = Watchdog::of(&running);
    until(|| project.stub.sales().len() == 1);
    signal(&running, "INT");
    let stderr = running.stderr.take().unwrap();
    read_until(stderr, "nothing more is sent", || signal(&running, "INT"));
    assert_eq!(finish(running).exit, 130);
    watchdog.stop();
    assert_eq!(project.states(), ["unknown"]);
}

/// Reads to the end, and does something once a text has come.
#[cfg(unix)]
fn read_until(mut stream: impl std::io::Read, text: &str, then: impl FnOnce()) -> String {
    let mut read = Vec::new();
    let mut piece = [0; 1024];
    let mut then = Some(then);
    loop {
        match stream.read(&mut piece).unwrap() {
            0 => return String::from_utf8(read).unwrap(),
            count => read.extend_from_slice(&piece[..count]),
        }
        if String::from_utf8_lossy(&read).contains(text)
            && let Some(then) = then.take()
        {
            then();
        }
    }
}

/// A limit on the length of files simulates a full disk: writes beyond it fail.
#[cfg(unix)]
#[test]
fn a_full_disk_loses_no_task_id_and_buys_no_more() {
    let project = Project::new("gateway", 30);
    let mut command = Command::new("sh");
    let binary = env!("CARGO_BIN_EXE_clapboard");
    let script = format!("trap '' XFSZ; ulimit -f 16; exec {binary} submit --yes --poll-interval 0.02 --jobs 1");
    command.args(["-c", &script]).current_dir(project.path("")).env("KLING_API_KEY", KEY).stdin(Stdio::null());
    let ran = finish(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap());
    assert_eq!(ran.exit, 2, "{}", ran.stderr);
    let sales = project.stub.sales();
    assert!(!sales.is_empty() && sales.len() < 30);
    for sale in &sales {
        assert!(project.ledger().contains(&sale.task_id) || ran.stderr.contains(&sale.task_id), "{}", ran.stderr);
    }
    // With room again, the torn line is set aside and all goes on.
    let lines: Vec<Value> = project.ledger().lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let is_recorded = |task_id: &str| lines.iter().any(|line| line["task_id"] == task_id);
    let unrecorded: Vec<_> = sales.iter().filter(|sale| !is_recorded(&sale.task_id)).collect();
    for sale in unrecorded {
        let name = sale.prompt().trim_end_matches('.').rsplit(' ').next().unwrap().to_owned();
        let shot = format!("s{:03}={}", name.parse::<u32>().unwrap(), sale.task_id);
        let adopted = project.run(&["status", "--adopt", &shot]);
        assert_eq!(adopted.exit, 0, "{}", adopted.stderr);
    }
    // An intent that reached only the second copy is put back, and nothing says any more that it was not sent.
    for (index, _) in project.states().iter().enumerate().filter(|(_, state)| *state == "unknown") {
        let forgotten = project.run(&["status", "--forget", &format!("s{index:03}"), "--force"]);
        assert_eq!(forgotten.exit, 0, "{}", forgotten.stderr);
    }
    let again = project.submit(&[]);
    assert_eq!(again.exit, 0, "{}", again.stderr);
    assert_eq!(project.stub.sales().len(), 30);
}

#[test]
fn no_output_at_any_verbosity_has_the_key() {
    let echo = format!("the key {KEY} is wrong; Authorization: Bearer {KEY}");
    for act in [
        Act::kling(401, 1002, &echo),
        Act::kling(400, 1201, &echo),
        Act::kling(500, 5000, &echo),
        Act::Answer(502, echo.clone()),
        Act::Raw(
            format!("HTTP/1.1 307 {KEY}\r\nLocation: http://{KEY}.example/\r\nContent-Length: 0\r\n\r\n").into_bytes(),
        ),
        Act::SellThenAnswer(200, json!({"code": 0, "data": {"task_id": KEY}}).to_string()),
    ] {
        let project = Project::new("gateway", 1);
        project.stub.posts([act]);
        for args in [
            &["submit", "--yes", "-v"][..],
            &["status", "-v"],
            &["plan", "-v"],
            &["submit", "--yes", "--format", "json"],
        ] {
            // `run` looks for the key in both streams.
            project.run(args);
        }
        assert!(!project.ledger().contains("sentinel"));
    }
    let project = Project::new("gateway", 1);
    let id = "829877809978000000";
    let failed =
        Act::json(200, json!({"code": 0, "data": {"task_id": id, "task_status": "failed", "task_status_msg": echo}}));
    project.stub.gets([
        Act::json(200, json!({"code": 0, "data": {"task_id": id, "task_status": KEY}})),
        Act::json(200, json!({"code": 0, "data": {"task_id": id, "task_status": "succeed", "task_result": {"videos": [{"url": format!("http://127.0.0.1:1/{KEY}")}]}}})),
        failed.clone(),
        failed,
    ]);
    assert_eq!(project.submit(&["-v"]).exit, 4);
    assert!(!project.ledger().contains("sentinel"));
    let files = std::fs::read_dir(project.path("")).unwrap();
    for file in files.flatten().filter(|file| file.path().is_file()) {
        assert!(!String::from_utf8_lossy(&std::fs::read(file.path()).unwrap()).contains("sentinel"), "{file:?}");
    }
}

#[test]
fn a_key_in_place_of_a_variables_name_is_never_shown() {
    for field in ["api_key_env", "access_key_env", "secret_key_env"] {
        for key in [KEY, "sentinel_key_of_letters_and_digits_0123456789", "9sentinel"] {
            let project = Project::new("gateway", 1);
            project.write(
                "clapboard.toml",
                &format!("[target]\nbase_url = \"{}\"\n{field} = \"{key}\"\n", project.stub.url),
            );
            for format in ["human", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjson"] {
                // `run` looks for the key in both streams.
                let ran = project.run(&["check", "--format", format]);
                assert_eq!(ran.exit, 2, "{format}");
                if format == "json" {
                    assert!(ran.stdout.contains("secret-in-file"), "{field} {key}: {}", ran.stdout);
                }
            }
            for args in [&["plan"][..], &["compile"], &["submit", "--yes"], &["status", "-v"]] {
                assert_eq!(project.run(args).exit, 2);
            }
            assert_eq!(project.stub.seen().len(), 0);
        }
    }
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_changes_no_exit_status() {
    let lost = Project::new("gateway", 2);
    lost.stub.every_post(Act::SellThenRaw(Vec::new()));
    let mut running = lost.command(&["submit", "--yes"]).stderr(Stdio::null()).spawn().unwrap();
    drop(running.stdout.take());
    assert_eq!(finish(running).exit, 4);

    let good = Project::new("gateway", 2);
    let mut running =
        good.command(&["submit", "--yes", "--poll-interval", "0.02"]).stdout(Stdio::null()).spawn().unwrap();
    drop(running.stderr.take());
    assert_eq!(finish(running).exit, 0);
    assert_eq!(good.stub.sales().len(), 2);

    let wrong = Project::new("gateway", 1);
    wrong.write("ferry.storyboard.yaml", "storyboard: 1\nshots:\n  - id: a\n");
    let mut running = wrong.command(&["check"]).spawn().unwrap();
    drop((running.stdout.take(), running.stderr.take()));
    assert_eq!(finish(running).exit, 1);
}

#[test]
fn access_and_secret_key_sign_a_token() {
    let project = Project::new("official", 1);
    let config = std::fs::read_to_string(project.path("clapboard.toml")).unwrap();
    project.write("clapboard.toml", &format!("{config}access_key_env = \"AK\"\nsecret_key_env = \"SK\"\n"));
    let mut command = project.command(&["submit", "--yes", "--poll-interval", "0.02", "-v"]);
    let ran = finish(command.env("AK", "ak-sentinel").env("SK", "sk-sentinel").spawn().unwrap());
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    let post = project.stub.seen().into_iter().find(|seen| seen.method == "POST").unwrap();
    assert!(post.headers["authorization"].starts_with("Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."));
}

#[test]
fn two_branches_are_merged_by_putting_their_lines_together() {
    let project = Project::new("gateway", 2);
    project.submit(&["--shot", "s000"]);
    let ours = project.ledger();
    std::fs::remove_file(project.path("clapboard.ledger.jsonl")).unwrap();
    std::fs::remove_dir_all(project.path("clips")).unwrap();
    project.submit(&[]);
    let theirs = project.ledger();
    let mut lines: Vec<&str> = ours.lines().chain(theirs.lines()).chain(ours.lines()).collect();
    lines.reverse();
    project.write("clapboard.ledger.jsonl", &lines.join("\n"));
    assert_eq!(project.states(), ["done", "done"]);
    assert_eq!(project.submit(&[]).exit, 0);
    assert_eq!(project.stub.sales().len(), 3);
}
