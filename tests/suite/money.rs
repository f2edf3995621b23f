//! What is said and checked before money is spent: prices, caps, names, folders, keys; and the other side, `plan` and `doctor`.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::stub::Act;
use crate::submit_cli::{KEY, Project, finish};

fn shot_with(project: &Project, more: &str) {
    project.write(
        "ferry.storyboard.yaml",
        &format!(
            "storyboard: 1\ndefaults:\n  model: kling-v3\n  mode: std\nshots:\n  - id: a\n    first_frame: frames/a.png\n{more}"
        ),
    );
}

#[test]
fn nothing_to_buy_and_a_dry_run_need_no_key() {
    let project = Project::new("gateway", 1);
    let keyless = |args: &[&str]| finish(project.command(args).env_remove("KLING_API_KEY").spawn().unwrap());
    let dry = keyless(&["submit", "--dry-run"]);
    assert_eq!(dry.exit, 0, "{}", dry.stderr);
    assert_eq!(keyless(&["submit", "--yes"]).exit, 2);
    assert_eq!(project.submit(&[]).exit, 0);
    let done = keyless(&["submit", "--yes"]);
    assert_eq!(done.exit, 0, "{}", done.stderr);
    assert!(done.stderr.contains("Nothing to buy: the clip is done."), "{}", done.stderr);
    assert_eq!(project.stub.sales().len(), 1);
}

#[test]
fn a_price_that_is_not_known_is_said_and_is_within_no_cap() {
    let project = Project::new("gateway", 0);
    shot_with(&project, "    prompt: Fog.\n    kling: { n: 4, resolution: 4k }\n");
    let plan = project.run(&["plan"]);
    assert!(plan.stdout.contains("price not known: n, resolution under `kling:`"), "{}", plan.stdout);
    assert_eq!(project.plan()["totals"], json!({"clips": 1, "seconds": 5, "units": null, "usd": null}));
    let ran = project.submit(&["--max-units", "100"]);
    assert_eq!(ran.exit, 3);
    assert!(ran.stderr.contains("the price of ferry.storyboard.yaml:a is not known"), "{}", ran.stderr);
    assert_eq!(project.stub.post_count(), 0);
}

#[test]
fn a_film_may_cost_so_much_over_its_life() {
    let project = Project::new("gateway", 1);
    let film = |prompt: &str| {
        project.write(
            "ferry.storyboard.yaml",
            &format!(
                "storyboard: 1\nbudget:\n  spend: 7\nshots:\n  - id: a\n    model: kling-v3\n    first_frame: frames/a.png\n    prompt: {prompt}\n"
            ),
        );
    };
    for (prompt, exit) in [("One.", 0), ("Two.", 0), ("Three.", 3)] {
        film(prompt);
        let ran = project.submit(&[]);
        assert_eq!(ran.exit, exit, "{}", ran.stderr);
    }
    let plan = project.run(&["plan"]);
    assert!(plan.stdout.contains("over the budget: the film would come to"), "{}", plan.stdout);
    assert!(plan.stdout.contains("Spent so far:"), "{}", plan.stdout);
    assert_eq!(project.plan()["totals"]["clips"], 0);
    assert_eq!(project.stub.sales().len(), 2);
    let again = project.submit(&["--again", "a"]);
    assert_eq!(again.exit, 3, "{}", again.stderr);
}

#[test]
fn fields_that_gateways_drop_are_named_before_the_purchase() {
    let project = Project::new("gateway", 0);
    shot_with(&project, "    cuts:\n      - { prompt: One., duration: 2 }\n      - { prompt: Two., duration: 3 }\n");
    for ran in [project.run(&["plan"]), project.run(&["submit", "--dry-run"])] {
        let said = ran.stdout + &ran.stderr;
        assert!(said.contains("new-api drop `multi_prompt`") && said.contains("clapboard submit --shot a"), "{said}");
    }
    let config = std::fs::read_to_string(project.path("clapboard.toml")).unwrap();
    project.write("clapboard.toml", &format!("{config}passes = [\"multi_prompt\"]\n"));
    assert!(!project.run(&["plan"]).stdout.contains("new-api"));
    project.write("clapboard.toml", &config.replace("gateway", "official"));
    assert!(!project.run(&["plan"]).stdout.contains("new-api"));
}

#[cfg(unix)]
#[test]
fn what_the_ledger_or_the_disk_would_refuse_is_refused_before_anything_is_sent() {
    let project = Project::new("gateway", 1);
    let text = std::fs::read_to_string(project.path("ferry.storyboard.yaml")).unwrap();
    for name in ["b\\c.storyboard.yaml", "a\tb.storyboard.yaml", "...storyboard.yaml"] {
        project.write(name, &text);
        let ran = project.submit(&[name]);
        assert_eq!((ran.exit, project.stub.post_count()), (2, 0), "{name:?}: {}", ran.stderr);
        assert!(ran.stderr.contains("Rename it"), "{}", ran.stderr);
        std::fs::remove_file(project.path(name)).unwrap();
    }
    let outside = tempfile::tempdir().unwrap();
    std::fs::create_dir(project.path("clips")).unwrap();
    std::os::unix::fs::symlink(outside.path(), project.path("clips/ferry")).unwrap();
    let ran = project.submit(&[]);
    assert_eq!((ran.exit, project.stub.post_count()), (2, 0), "{}", ran.stderr);
    assert!(ran.stderr.contains("clips/ferry: it is a symbolic link"), "{}", ran.stderr);
    std::fs::remove_file(project.path("clips/ferry")).unwrap();
    project.write("clips/ferry", "a file");
    assert_eq!((project.submit(&[]).exit, project.stub.post_count()), (2, 0));
}

#[test]
fn an_id_that_was_silenced_writes_nowhere_else() {
    let project = Project::new("gateway", 0);
    for id in ["../../../evil", "/tmp/clapboard-evil", "a b"] {
        project.write(
            "ferry.storyboard.yaml",
            &format!(
                "# clapboard: allow-file(invalid-value)\nstoryboard: 1\nshots:\n  - id: \"{id}\"\n    model: kling-v3\n    first_frame: frames/a.png\n    prompt: Fog.\n"
            ),
        );
        assert_eq!(project.run(&["compile", "--out", "out"]).exit, 2, "{id}");
        assert!(!project.path("out").exists());
        let ran = project.submit(&[]);
        assert_eq!((ran.exit, project.stub.post_count()), (2, 0), "{}", ran.stderr);
    }
}

#[test]
fn one_file_counts_once_however_it_is_named() {
    let project = Project::new("gateway", 1);
    let absolute = project.path("ferry.storyboard.yaml").canonicalize().unwrap();
    let names = ["ferry.storyboard.yaml", ".", "./ferry.storyboard.yaml", absolute.to_str().unwrap()];
    let ran = project.run(&[&["compile", "--format", "jsonl"], &names[..]].concat());
    assert_eq!(ran.stdout.lines().count(), 1, "{}", ran.stdout);
    let ran = project.run(&[&["check", "--format", "json"], &names[..]].concat());
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(report["summary"]["files"], 1);
}

#[test]
fn a_price_that_is_not_a_price_is_an_error() {
    let project = Project::new("gateway", 1);
    let config = std::fs::read_to_string(project.path("clapboard.toml")).unwrap();
    for price in ["inf", "-inf", "nan", "-1", "1e308"] {
        project.write("clapboard.toml", &format!("{config}[prices]\nusd_per_unit = {price}\n"));
        assert_eq!(project.run(&["plan"]).exit, 2, "{price}");
    }
}

/// A project from elsewhere names the variable and the address, and looking at it must not send a key there.
#[test]
fn status_sends_no_key_of_another_service() {
    let project = Project::new("gateway", 1);
    project.submit(&["--no-wait"]);
    let asked = project.stub.seen().len();
    let config = std::fs::read_to_string(project.path("clapboard.toml")).unwrap();
    project.write("clapboard.toml", &format!("{config}api_key_env = \"AWS_SECRET_ACCESS_KEY\"\n"));
    let with_key = |args: &[&str]| finish(project.command(args).env("AWS_SECRET_ACCESS_KEY", KEY).spawn().unwrap());
    for args in [&["status"][..], &["status", "--wait"], &["doctor"]] {
        let ran = with_key(args);
        assert!(
            ran.stderr.contains("AWS_SECRET_ACCESS_KEY") || ran.stdout.contains("AWS_SECRET_ACCESS_KEY"),
            "{}",
            ran.stderr
        );
    }
    assert_eq!(with_key(&["status"]).exit, 2);
    assert_eq!(project.stub.seen().len(), asked);

    // Buying is agreed to, and remembered where there is a place for it outside of the project.
    let home = tempfile::tempdir().unwrap();
    project.film("boat", [("x".into(), "Rain.".into())]);
    let at_home = |args: &[&str]| {
        let mut command = project.command(args);
        finish(command.env("AWS_SECRET_ACCESS_KEY", KEY).env("HOME", home.path()).spawn().unwrap())
    };
    assert_eq!(at_home(&["submit", "--yes", "--no-wait", "boat.storyboard.yaml"]).exit, 0);
    assert_eq!(at_home(&["status"]).exit, 0);
    assert!(project.stub.seen().len() > asked + 1);
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_changes_no_exit_status() {
    let project = Project::new("gateway", 2);
    project.film("ferry", [("bad id".into(), "Fog.".into())]);
    for (args, exit) in [(&["check"][..], 1), (&["plan"], 1), (&["submit", "--yes"], 1)] {
        let mut child = project.command(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        drop((child.stdout.take(), child.stderr.take()));
        assert_eq!(finish(child).exit, exit, "{args:?}");
    }
}

#[test]
fn doctor_says_what_is_wrong_and_buys_nothing() {
    let project = Project::new("gateway", 1);
    let ran = project.run(&["doctor"]);
    assert_eq!((ran.exit, &*ran.stderr), (0, ""), "{}", ran.stdout);
    assert!(ran.stdout.contains("note  git          this is not a git repository"), "{}", ran.stdout);
    for what in ["config", "key", "service", "clock", "proxy", "ledger", "second copy", "git", "disk"] {
        assert!(ran.stdout.lines().any(|line| line[4..].trim_start().starts_with(what)), "{what}: {}", ran.stdout);
    }
    assert_eq!(project.stub.post_count(), 0);
    let keyless = finish(project.command(&["doctor"]).env_remove("KLING_API_KEY").spawn().unwrap());
    assert_eq!(keyless.exit, 2);
    assert!(keyless.stdout.contains("next: set KLING_API_KEY"), "{}", keyless.stdout);
    project.stub.every_get(Act::kling(401, 1002, "access key not found"));
    let ran = project.run(&["doctor"]);
    assert_eq!(ran.exit, 2);
    assert!(ran.stdout.contains("bad   service      refuses: HTTP 401"), "{}", ran.stdout);
    project.stub.every_get(Act::Answer(200, "<html>welcome</html>".into()));
    assert!(project.run(&["doctor"]).stdout.contains("something that is not Kling's"));
    project.write("clapboard.ledger.jsonl", "<<<<<<< HEAD\n");
    assert!(project.run(&["doctor"]).stdout.contains("bad   ledger"));
}

#[test]
fn doctor_holds_the_balance_against_the_plan() {
    let project = Project::new("official", 2);
    let balance = || {
        let ran = project.run(&["doctor"]);
        assert_eq!(ran.exit, 0, "{}{}", ran.stdout, ran.stderr);
        ran.stdout.lines().find(|line| line.contains("  balance  ")).unwrap_or_default().to_owned()
    };
    assert!(balance().starts_with("note  balance      no resource pack is in effect"), "{}", balance());
    project.stub.packs(&[("online", 118.0), ("expired", 50.0)]);
    assert_eq!(
        balance(),
        "ok    balance      118.0 of 200.0 units left in 1 resource pack, the first until 2027-01-01; up to 12 hours old"
    );
    project.stub.packs(&[("online", 0.3), ("online", 1.2)]);
    let short = "note  balance      1.5 of 400.0 units left in 2 resource packs, the first until 2027-01-01; up to 12 hours old: \
                 less than the ";
    assert!(balance().starts_with(short), "{}", balance());
    // What is bought needs no units again.
    project.submit(&[]);
    assert!(balance().starts_with("ok    balance"), "{}", balance());
    project.stub.gets([Act::kling(404, 1203, "no such task"), Act::kling(429, 1302, "too fast")]);
    assert!(balance().starts_with("note  balance      not known: "), "{}", balance());
    let gateway = Project::new("gateway", 1);
    assert!(!gateway.run(&["doctor"]).stdout.contains("balance"));
}

#[test]
fn a_plan_shows_every_shot_with_its_reason() {
    let project = Project::new("gateway", 2);
    project.submit(&["--shot", "s000"]);
    project.write(
        "ferry.storyboard.yaml",
        "storyboard: 1\ndefaults:\n  model: kling-v3\n  mode: std\nshots:\n  - id: s000\n    first_frame: frames/a.png\n    prompt: Fog lifts, take 0.\n    duration: 10\n  - id: s001\n    first_frame: frames/none.png\n    prompt: x\n",
    );
    let ran = project.run(&["plan"]);
    assert_eq!(ran.exit, 1);
    for text in ["changed: duration 5 → 10", "has errors: see check", "Next: clapboard check"] {
        assert!(ran.stdout.contains(text), "{text}: {}", ran.stdout);
    }
    assert!(!ran.stdout.contains("Nothing to buy"));
}

#[test]
fn a_plan_since_a_revision_compares_with_the_film_as_it_was() {
    let project = Project::new("gateway", 0);
    let git = |arguments: &[&str]| {
        let output = Command::new("git")
            .args(["-c", "init.defaultBranch=main", "-c", "user.name=A", "-c", "user.email=a@example.com"])
            .args(arguments)
            .current_dir(project.path(""))
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    let film = |duration: u32, last: &str| {
        let shot = |id: &str, more: &str| {
            format!("  - id: {id}\n    first_frame: frames/a.png\n    prompt: {id} fog.\n{more}")
        };
        let more = format!("    duration: {duration}\n");
        let shots = [shot("same", ""), shot("longer", &more), shot(last, "")].concat();
        project
            .write("ferry.storyboard.yaml", &format!("storyboard: 1\ndefaults:\n  model: kling-v3\nshots:\n{shots}"));
    };
    film(5, "gone");
    git(&["init"]);
    git(&["add", "-A"]);
    git(&["commit", "-m", "film"]);
    film(10, "fresh");
    let ran = project.run(&["plan", "--since", "main"]);
    assert_eq!(ran.exit, 0, "{}", ran.stderr);
    for text in ["changed: duration 5 → 10", "a new shot", "removed  ferry gone", "Since main: +3 units, +$0.42."] {
        assert!(ran.stdout.contains(text), "{text}: {}", ran.stdout);
    }
    assert!(!ran.stdout.contains("same"), "{}", ran.stdout);
    let ran = project.run(&["plan", "--since", "main", "--format", "json"]);
    let plan: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(plan["shots"].as_array().unwrap().len(), 2);
    assert_eq!(plan["shots"][0]["changed"], json!(["duration"]));
    assert_eq!(project.run(&["plan", "--since", "nowhere"]).exit, 2);
    // The message of a shallow checkout says how to get the history.
    git(&["commit", "-am", "more"]);
    let url = format!("file://{}", project.path("").display());
    git(&["clone", "--depth", "1", &url, "shallow"]);
    let shallow = project.run(&["plan", "shallow", "--since", "HEAD~1"]);
    assert_eq!(shallow.exit, 2);
    assert!(shallow.stderr.contains("fetch-depth: 0"), "{}", shallow.stderr);
}
