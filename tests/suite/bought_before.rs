//! Clips that were bought before: on another branch, under another name, in a ledger that git took back in time; other takes of
//! them, and clips that are not on this disk.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::stub::Act;
use crate::submit_cli::{Project, Ran, finish};
use crate::support::until;

/// Git without anybody's own settings.
fn git(folder: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "init.defaultBranch=main", "-c", "user.name=A", "-c", "user.email=a@example.com"])
        .args(arguments)
        .current_dir(folder)
        .env("HOME", folder)
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .expect("git runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A project in a repository, everything committed.
fn repository(shots: usize) -> Project {
    let project = Project::new("gateway", shots);
    project.write(".gitignore", "clips/\n.clapboard.lock\n");
    git(&project.path(""), &["init"]);
    commit(&project, "film");
    project
}

fn commit(project: &Project, message: &str) {
    git(&project.path(""), &["add", "-A"]);
    git(&project.path(""), &["commit", "-m", message]);
}

fn refused(ran: &Ran, shots: &[&str]) {
    assert_eq!(ran.exit, 3, "{}", ran.stderr);
    for shot in shots {
        assert!(ran.stderr.contains(&format!("ferry.storyboard.yaml:{shot}: bought before")), "{}", ran.stderr);
    }
    assert!(ran.stderr.contains("clapboard status --restore"), "{}", ran.stderr);
}

#[test]
fn a_branch_that_does_not_know_of_it_buys_nothing_again() {
    let project = repository(2);
    git(&project.path(""), &["checkout", "-b", "take"]);
    assert_eq!(project.submit(&[]).exit, 0);
    commit(&project, "bought");
    git(&project.path(""), &["checkout", "main"]);
    assert_eq!(project.states(), ["new", "new"]);
    assert_eq!(project.plan()["totals"]["clips"], 0);
    refused(&project.submit(&[]), &["s000", "s001"]);
    let plan = project.run(&["plan"]);
    assert!(plan.stdout.contains("the second copy of the ledger has it"), "{}", plan.stdout);
    assert!(plan.stdout.contains("0 clips to buy: 2 bought before."), "{}", plan.stdout);

    let restored = project.run(&["status", "--restore"]);
    assert_eq!(restored.exit, 0, "{}", restored.stderr);
    assert_eq!(project.states(), ["done", "done"]);
    assert_eq!(project.submit(&[]).exit, 0);
    assert_eq!(project.stub.sales().len(), 2);
    // Both branches' lines together are a good ledger.
    commit(&project, "restored");
    project.write(".gitattributes", "clapboard.ledger.jsonl merge=union\n");
    commit(&project, "union");
    git(&project.path(""), &["merge", "--no-edit", "take"]);
    assert_eq!(project.states(), ["done", "done"]);
}

#[test]
fn what_git_throws_away_is_known_all_the_same() {
    for arguments in [&["clean", "-fdx"][..], &["stash", "--include-untracked"]] {
        let project = repository(1);
        assert_eq!(project.submit(&[]).exit, 0);
        git(&project.path(""), arguments);
        assert!(project.ledger().is_empty());
        refused(&project.submit(&[]), &["s000"]);
        // Asked for by name, it is another take.
        assert_eq!(project.submit(&["--again", "s000"]).exit, 0);
        assert_eq!(project.stub.sales().len(), 2);
    }
}

#[test]
fn without_a_repository_the_second_copy_is_in_the_users_own_folder() {
    let variables: &[&str] = match std::env::consts::OS {
        "windows" => &["LOCALAPPDATA"],
        "macos" => &["HOME"],
        _ => &["HOME", "XDG_STATE_HOME"],
    };
    for variable in variables {
        let project = Project::new("gateway", 1);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let submit = || {
            let mut command = project.command(&["submit", "--yes", "--poll-interval", "0.02"]);
            finish(command.env(variable, folder.path()).spawn().expect("it starts"))
        };
        assert_eq!(submit().exit, 0, "{variable}");
        std::fs::remove_file(project.path("clapboard.ledger.jsonl")).expect("it was written");
        refused(&submit(), &["s000"]);
        assert_eq!(project.stub.sales().len(), 1, "{variable}");
    }
}

#[test]
fn a_status_that_asks_the_service_still_knows_the_second_copy() {
    let project = repository(2);
    assert_eq!(project.submit(&["--no-wait"]).exit, 0);
    let kept = project
        .ledger()
        .lines()
        .filter(|line| line.contains("s001"))
        .map(|line| format!("{line}\n"))
        .collect::<String>();
    project.write("clapboard.ledger.jsonl", &kept);
    let status = project.run(&["status", "--wait", "--poll-interval", "0.02"]);
    assert_eq!(project.clips(), ["s001.mp4"], "{}", status.stderr);
    assert!(status.stdout.contains("the second copy of the ledger has it"), "{}", status.stdout);
}

#[test]
fn worktrees_share_what_was_bought_and_the_lock() {
    let project = repository(2);
    let elsewhere = tempfile::tempdir().unwrap();
    let side = elsewhere.path().join("side");
    git(&project.path(""), &["worktree", "add", "-b", "side", side.to_str().unwrap()]);
    assert_eq!(project.submit(&["--shot", "s000"]).exit, 0);
    let mut there = project.command(&["submit", "--yes", "--poll-interval", "0.02"]);
    let there = there.current_dir(&side).output().unwrap();
    let text = String::from_utf8_lossy(&there.stderr);
    assert_eq!(there.status.code(), Some(3), "{text}");
    assert!(text.contains("ferry.storyboard.yaml:s000") && !text.contains("ferry.storyboard.yaml:s001: "), "{text}");
    assert_eq!(project.stub.sales().len(), 1);

    project.stub.every_post(Act::SellThenWait);
    let first = project.command(&["submit", "--yes", "--poll-interval", "0.02"]).spawn().unwrap();
    until(|| project.stub.sales().len() == 2);
    let second = project.command(&["status", "--restore"]).current_dir(&side).output().unwrap();
    assert_eq!(second.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&second.stderr).contains("another worktree"));
    project.stub.release();
    assert_eq!(finish(first).exit, 0);
}

#[test]
fn a_file_in_the_clips_place_is_not_bought_over() {
    let project = Project::new("gateway", 2);
    std::fs::create_dir_all(project.path("clips/ferry")).unwrap();
    project.write("clips/ferry/s001.mp4", "somebody's");
    let ran = project.submit(&[]);
    assert_eq!(ran.exit, 3);
    assert!(ran.stderr.contains("clips/ferry/s001.mp4 is there already"), "{}", ran.stderr);
    assert_eq!(project.stub.post_count(), 0);
    assert_eq!(project.submit(&["--shot", "s000"]).exit, 0);
    assert_eq!(project.submit(&["--again", "s001"]).exit, 0);
    assert_eq!(project.clips(), ["s000.mp4", "s001.2.mp4", "s001.mp4"]);
    // A changed text is no surprise: the ledger knows whose file that is.
    project.film("ferry", [("s000".into(), "Rain falls.".into())]);
    assert_eq!(project.submit(&[]).exit, 0);
}

#[test]
fn a_ledger_further_up_counts() {
    let project = Project::new("gateway", 1);
    assert_eq!(project.submit(&[]).exit, 0);
    let config = std::fs::read_to_string(project.path("clapboard.toml")).unwrap();
    let text = std::fs::read_to_string(project.path("ferry.storyboard.yaml")).unwrap();
    std::fs::create_dir_all(project.path("inner/frames")).unwrap();
    std::fs::copy(project.path("frames/a.png"), project.path("inner/frames/a.png")).unwrap();
    project.write("inner/ferry.storyboard.yaml", &text);
    let up = project.ledger().replace("\"film\":\"ferry\"", "\"film\":\"inner/ferry\"");
    project.write("clapboard.ledger.jsonl", &up);
    project.write("inner/clapboard.toml", &config);
    let ran = project.submit(&["inner"]);
    assert_eq!(ran.exit, 3, "{}", ran.stderr);
    assert!(ran.stderr.contains("clapboard.ledger.jsonl has it"), "{}", ran.stderr);
    assert_eq!(project.stub.sales().len(), 1);
}

#[test]
fn a_renamed_film_and_shot_take_their_clips_along() {
    let project = Project::new("gateway", 2);
    assert_eq!(project.submit(&["--shot", "s000"]).exit, 0);
    project.stub.ready_after(2);
    assert_eq!(project.submit(&["--shot", "s001", "--no-wait"]).exit, 0);
    project.film("boat", [("b0".into(), "Fog lifts, take 0.".into()), ("b1".into(), "Fog lifts, take 1.".into())]);
    std::fs::remove_file(project.path("ferry.storyboard.yaml")).unwrap();
    let plan = project.run(&["plan"]);
    assert!(plan.stdout.contains("bought as ferry s000: `submit` takes it over"), "{}", plan.stdout);
    assert_eq!(project.states(), ["done", "in_flight"]);

    let ran = project.submit(&[]);
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    assert!(ran.stderr.contains("taken over from ferry s000"), "{}", ran.stderr);
    for clip in ["clips/boat/b0.mp4", "clips/boat/b1.mp4", "clips/ferry/s000.mp4"] {
        assert!(project.path(clip).is_file(), "{clip}");
    }
    assert_eq!(project.states(), ["done", "done"]);
    assert_eq!(project.submit(&[]).exit, 0);
    assert_eq!(project.stub.sales().len(), 2);
    assert_eq!(project.ledger().matches("\"event\":\"moved\"").count(), 2);
}

#[test]
fn another_take_is_bought_by_name_and_one_of_them_is_chosen() {
    let project = Project::new("gateway", 2);
    assert_eq!(project.submit(&[]).exit, 0);
    let again = project.submit(&["--again", "s001"]);
    assert_eq!(again.exit, 0, "{}", again.stderr);
    assert!(again.stderr.contains("1 clip to buy") && again.stderr.contains("take 2"), "{}", again.stderr);
    assert_eq!(project.clips(), ["s000.mp4", "s001.2.mp4", "s001.mp4"]);
    assert_eq!(project.stub.sales().len(), 3);
    assert_eq!(project.run(&["status", "--choose", "s001=1"]).exit, 0);
    assert!(project.run(&["plan"]).stdout.contains("take 1 is chosen"));
    for wrong in ["s001=3", "s001=0", "s001=x", "nobody=1"] {
        assert_eq!(project.run(&["status", "--choose", wrong]).exit, 2, "{wrong}");
    }
    // Nothing more is bought while the outcome of a take is not known.
    project.stub.posts([Act::SellThenRaw(Vec::new())]);
    assert_eq!(project.submit(&["--again", "s000"]).exit, 4);
    assert!(project.run(&["plan"]).stdout.contains("the outcome of another take is not known"));
    project.submit(&["--again", "s000"]);
    assert_eq!(project.stub.sales().len(), 4);
}

#[test]
fn a_clip_that_is_not_here_is_fetched_again() {
    let project = Project::new("gateway", 2);
    assert_eq!(project.submit(&[]).exit, 0);
    std::fs::remove_dir_all(project.path("clips")).unwrap();
    let plan = project.run(&["plan"]);
    assert!(plan.stdout.contains("done, not here") && plan.stdout.contains("status --fetch"), "{}", plan.stdout);
    assert!(project.submit(&[]).stdout.contains("not here"));
    assert_eq!(project.run(&["status"]).exit, 0);
    assert!(project.clips().is_empty());
    let ran = project.run(&["status", "--fetch"]);
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    assert_eq!(project.clips(), ["s000.mp4", "s001.mp4"]);
    assert_eq!(project.stub.sales().len(), 2);

    // What the service says in place of a clip is shown.
    std::fs::remove_file(project.path("clips/ferry/s000.mp4")).unwrap();
    let clip = std::fs::read(project.path("clips/ferry/s001.mp4")).unwrap();
    let task = project.stub.sales().into_iter().map(|sale| sale.task_id).find(|id| project.stub.clip_of(id) != clip);
    let said = |status: &str| {
        let data = json!({"task_id": task, "task_status": status, "task_status_msg": "expired"});
        Act::json(200, json!({"code": 0, "message": "SUCCEED", "data": data}))
    };
    for (act, why) in [
        (said("processing"), "the service says `processing`"),
        (said("failed"), "the service says that it failed: expired"),
        (Act::Answer(502, "<html>".into()), "HTTP 502"),
    ] {
        project.stub.every_get(act);
        let ran = project.run(&["status", "--fetch"]);
        assert_eq!(ran.exit, 4, "{why}");
        assert!(ran.stderr.contains("could not be downloaded again: ") && ran.stderr.contains(why), "{}", ran.stderr);
    }
    project.stub.every_get(Act::Good);

    // What the service sends now is not the clip that was bought.
    project.stub.other_clip();
    let ran = project.run(&["status", "--fetch"]);
    assert_eq!(ran.exit, 4);
    assert!(ran.stderr.contains("another file than the one that was bought"), "{}", ran.stderr);
    assert_eq!(project.clips(), ["s001.mp4"]);
    // And where it has it no longer, that is said.
    project.stub.every_get(Act::kling(404, 1203, "task not found"));
    let ran = project.run(&["status", "--fetch"]);
    assert_eq!(ran.exit, 4);
    assert!(ran.stderr.contains("no longer"), "{}", ran.stderr);
}

#[test]
fn status_needs_no_storyboard() {
    let project = Project::new("gateway", 2);
    assert_eq!(project.submit(&["--no-wait", "--shot", "s000"]).exit, 0);
    project.stub.posts([Act::ReadAndClose]);
    assert_eq!(project.submit(&["--shot", "s001"]).exit, 4);
    std::fs::remove_file(project.path("ferry.storyboard.yaml")).unwrap();
    let ran = project.run(&["status", "--format", "json"]);
    assert_eq!(ran.exit, 4, "{}", ran.stderr);
    assert!(project.path("clips/ferry/s000.mp4").is_file());
    let plan: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let states: Vec<_> = plan["shots"].as_array().unwrap().iter().map(|shot| &shot["state"]).collect();
    assert!(states.contains(&&json!("unknown")), "{}", ran.stdout);
    let early = project.run(&["status", "--forget", "ferry:s001"]);
    assert_eq!(early.exit, 2, "{}", early.stderr);
    assert_eq!(project.run(&["status", "--forget", "ferry:s001", "--force"]).exit, 0);
    assert_eq!(project.run(&["status", "--forget", "s009", "--force"]).exit, 2);
}

#[test]
fn a_task_that_the_service_lost_is_said_and_can_be_given_up() {
    let project = Project::new("gateway", 1);
    assert_eq!(project.submit(&["--no-wait"]).exit, 0);
    project.stub.every_get(Act::kling(404, 1203, "task not found"));
    assert_eq!(project.run(&["status", "--forget", "s000"]).exit, 2);
    let ran = project.run(&["status"]);
    assert_eq!(ran.exit, 4);
    assert!(ran.stdout.contains("task not found"), "{}", ran.stdout);
    assert!(project.run(&["plan"]).stdout.contains("task not found"));
    assert_eq!(project.run(&["status", "--forget", "s000"]).exit, 0);
    assert_eq!(project.states(), ["new"]);
}
