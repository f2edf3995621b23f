//! The promise itself: whatever breaks, nothing is bought twice and nothing bought is lost. The program is killed at random moments; then the
//! service's own books are counted.

#![cfg(unix)]

use std::collections::BTreeMap;
use std::time::Duration;

use crate::stub::{Act, FileAct};
use crate::submit_cli::{Project, Ran, finish};
use crate::support::{long_ended, until};

const APIS: [&str; 3] = ["official", "gateway", "kling"];

/// Pseudo-random numbers, the same in each run of a seed.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % sides
    }
}

fn sales_by_prompt(project: &Project) -> BTreeMap<String, usize> {
    let mut sales = BTreeMap::new();
    for sale in project.stub.sales() {
        *sales.entry(sale.prompt().to_owned()).or_default() += 1;
    }
    sales
}

/// Runs a film of `shots` shots, killing the program `kills` times, and lets it end.
fn kill_and_count(api: &str, seed: u64, shots: usize, kills: usize) {
    let project = Project::new(api, shots);
    let mut dice = Dice(seed);
    for _ in 0..kills {
        let act = match dice.roll(8) {
            0 => Act::SellThenRaw(Vec::new()),
            1 => Act::ReadAndClose,
            2 => Act::kling(429, 1303, "parallel task over resource pack limit"),
            _ => Act::Good,
        };
        project.stub.posts([act]);
        if dice.roll(4) == 0 {
            project.stub.files([FileAct::CutAfter(500)]);
        }
        let mut running =
            project.command(&["submit", "--yes", "--poll-interval", "0.01", "--timeout", "2"]).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(dice.roll(160)));
        running.kill().unwrap();
        let ran = finish(running);
        assert!(ran.exit <= 4, "{}", ran.stderr);
        if dice.roll(3) == 0 {
            project.let_time_pass();
        }
    }
    project.stub.behave();
    project.let_time_pass();
    let (last, states) = submit_to_the_end(&project);
    let sales = sales_by_prompt(&project);
    assert!(sales.values().all(|count| *count == 1), "{api} {seed}: bought twice: {sales:?}\n{}", project.ledger());
    for (index, state) in states.iter().enumerate() {
        match state.as_str() {
            "done" => {}
            "unknown" => {
                let how = format!("--forget ferry.storyboard.yaml:s{index:03}");
                assert!(last.stderr.contains(&how), "{}", last.stderr);
            }
            other => panic!("{other}: {}", last.stderr),
        }
    }
    let done = states.iter().filter(|state| *state == "done").count();
    assert!(sales.len() >= done);
    assert_eq!(last.exit, if done == shots { 0 } else { 4 }, "{}", last.stderr);
}

/// Submits until each shot is bought or unknown. What only an intent is left of stays unknown for a minute on Kling's own APIs, and
/// until somebody settles it on `gateway`: no run waits for that. On a busy machine the time of a run may be up before the rest is done.
fn submit_to_the_end(project: &Project) -> (Ran, Vec<String>) {
    let runs = std::cell::RefCell::new(Vec::new());
    until(|| {
        let ran = project.submit(&["--timeout", "3"]);
        let states = project.states();
        let is_over = states.iter().all(|state| ["done", "unknown"].contains(&state.as_str()));
        runs.borrow_mut().push((ran, states));
        is_over
    });
    runs.into_inner().pop().unwrap()
}

#[test]
fn killed_at_random_everything_is_bought_once() {
    for seed in 0..2 {
        for api in APIS {
            kill_and_count(api, seed, 6, 8);
        }
    }
}

#[test]
#[ignore = "takes minutes: 200 kills over 20 films of 10 shots"]
fn killed_at_random_two_hundred_times_everything_is_bought_once() {
    for seed in 100..110 {
        for api in APIS {
            kill_and_count(api, seed, 10, 10);
        }
    }
}

/// Stops the program at each step between intent and clip, not at a random moment.
#[test]
fn killed_at_each_step() {
    for api in APIS {
        for step in ["post", "answer", "poll", "file"] {
            let project = Project::new(api, 1);
            match step {
                "post" => project.stub.posts([Act::ReadAndHang]),
                "answer" => project.stub.posts([Act::SellThenHang]),
                "poll" => project.stub.gets([Act::ReadAndHang]),
                _ => project.stub.files([FileAct::HangAfter(1000)]),
            }
            let mut running = project.command(&["submit", "--yes", "--poll-interval", "0.01"]).spawn().unwrap();
            let reached = |path: &str| project.stub.seen().iter().any(|seen| seen.path.contains(path));
            until(|| match step {
                "post" => project.stub.post_count() == 1,
                "answer" => project.stub.sales().len() == 1,
                "poll" => reached("/829") || reached("/tasks?task_ids=829"),
                _ => reached("/clips/"),
            });
            running.kill().unwrap();
            finish(running);
            project.let_time_pass();
            // On Kling's own APIs a look-up finds what the service took at once; what it did not take needs a minute of the next run.
            let is_lost = step == "post" || api == "gateway" && step == "answer";
            let next = project.submit(&["--timeout", if is_lost { "3" } else { "300" }]);
            assert_eq!(next.exit, if is_lost { 4 } else { 0 }, "{api} {step}: {}", next.stderr);
            assert_eq!(project.states(), [if is_lost { "unknown" } else { "done" }], "{api} {step}");
            let bought = usize::from(!(is_lost && step == "post"));
            assert_eq!(project.stub.sales().len(), bought, "{api} {step}");
        }
    }
}

/// 500 shots, each with a frame of 5 MB of its own size on the wire.
#[cfg(target_os = "linux")]
#[test]
#[ignore = "sends 3.3 GB over the loopback device"]
fn five_hundred_shots_with_large_frames_stay_in_bounds() {
    memory_stays_in_bounds(500);
}

#[cfg(target_os = "linux")]
#[test]
fn shots_with_large_frames_stay_in_bounds() {
    memory_stays_in_bounds(24);
}

#[cfg(target_os = "linux")]
fn memory_stays_in_bounds(shots: usize) {
    let project = Project::new("gateway", shots);
    // Bytes behind the picture's end are sent and not looked at.
    let frame = project.path("frames/a.png");
    let mut bytes = std::fs::read(&frame).unwrap();
    bytes.resize(5_000_000, 0);
    std::fs::write(&frame, bytes).unwrap();
    project.stub.forget_bodies();
    let running = project
        .command(&["submit", "--yes", "--quiet", "--jobs", "8", "--poll-interval", "0.05"])
        .stderr(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", running.id());
    let running = std::thread::spawn(move || long_ended(running));
    let mut most = 0;
    while !running.is_finished() {
        let status = std::fs::read_to_string(&status).unwrap_or_default();
        let peak = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        most = most.max(peak.unwrap_or(0));
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(running.join().unwrap().status.code(), Some(0));
    assert_eq!(project.stub.sales().len(), shots);
    assert!(project.stub.most_in_flight() <= 8);
    assert!(most > 0 && most < 200_000, "{most} kB");
}
