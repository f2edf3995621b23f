//! The smaller facts of the command line.

use std::fs;
use std::process::Stdio;

use super::support::*;

const CLEAN: &str = "storyboard: 1\nshots:\n  - { id: a, model: kling-v3, first_frame: frames/wide.png, prompt: A. }\n";
const WARNED: &str =
    "storyboard: 1\nshots:\n  - { id: a, model: kling-v3, first_frame: frames/wide.png, prompt: TODO }\n";

fn stage_with(film: &str) -> tempfile::TempDir {
    let stage = stage();
    fs::write(stage.path().join("film.storyboard.yaml"), film).expect("the stage can be written to");
    stage
}

#[test]
fn a_clean_film_gets_one_line_and_programs_get_none() {
    let stage = stage_with(CLEAN);
    let good = "All good: 1 film, 1 shot, 5 s, 3 units ($0.42). Next: `clapboard plan`\nexit 0\n";
    assert_eq!(transcript(&run(stage.path(), &["check"])), good);
    for arguments in [&["check", "--quiet"][..], &["check", "--format", "concise"]] {
        let output = run(stage.path(), arguments);
        assert_eq!(transcript(&output), "exit 0\n", "{arguments:?}");
    }
}

#[test]
fn wrong_usage_is_told_on_standard_error_with_status_2() {
    let stage = stage_with(CLEAN);
    let wrong: [&[&str]; 6] = [
        &["check", "--colour"],
        &["chekc"],
        &["check", "--format", "xml"],
        &["check", "--target", "somewhere"],
        &["check", "--quiet", "--verbose"],
        &["explain", "no-such-rule"],
    ];
    for arguments in wrong {
        let output = run(stage.path(), arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn help_and_version_are_results() {
    let stage = stage();
    for arguments in [&["--help"][..], &["--version"], &["check", "--help"], &["compile", "-h"]] {
        let output = run(stage.path(), arguments);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
        assert!(!output.stdout.is_empty() && output.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_closed_pipe_is_no_error() {
    let stage = stage();
    let mut film = "storyboard: 1\nshots:\n".to_owned();
    for shot in 0..2000 {
        film.push_str(&format!("  - {{ id: s{shot}, model: kling-v3, first_frame: frames/wide.png, prompt: TODO }}\n"));
    }
    fs::write(stage.path().join("film.storyboard.yaml"), film).expect("the stage can be written to");
    for arguments in [
        &["check", "--format", "concise", "--deny", "warnings"][..],
        &["check"],
        &["check", "--format", "json"],
        &["compile", "--format", "jsonl"],
        &["explain"],
        &["schema"],
    ] {
        let mut child = clapboard(stage.path())
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        drop(child.stdout.take());
        let output = ended(child);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!said.contains("panicked") && !said.contains("roken pipe"), "{arguments:?}: {said}");
        assert!(matches!(output.status.code(), Some(0 | 1)), "{arguments:?}: {}", output.status);
    }
}

#[test]
fn colours_follow_the_flag_then_the_environment() {
    let stage = stage_with(WARNED);
    let colours = |flag: &[&str], environment: &[(&str, &str)]| {
        let mut command = clapboard(stage.path());
        command.env_remove("NO_COLOR").args(["check"]).args(flag).envs(environment.iter().copied());
        let output = command.output().expect("the program starts");
        assert_eq!(output.status.code(), Some(0));
        output.stdout.contains(&0x1b)
    };
    assert!(!colours(&[], &[]), "no terminal");
    assert!(colours(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colours(&[], &[("CLICOLOR_FORCE", "0")]));
    assert!(!colours(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(colours(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(!colours(&["--color", "never"], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colours(&["--format", "json"], &[("CLICOLOR_FORCE", "1")]), "a report for programs has none");
}

#[test]
fn a_locale_without_unicode_gets_plain_letters() {
    let stage = stage_with(WARNED);
    let output = clapboard(stage.path()).arg("check").env("LC_ALL", "en_US.ISO-8859-1").output();
    let output = output.expect("the program starts");
    assert!(output.stdout.is_ascii(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn what_the_program_says_is_the_same_twice_over() {
    let stage = stage_with(WARNED);
    let report = || run(stage.path(), &["check", "--format", "json"]).stdout;
    assert_eq!(report(), report());
}

#[cfg(unix)]
#[test]
fn a_closed_pipe_keeps_the_exit_status() {
    let mut film = String::from("storyboard: 1\nshots:\n");
    // More than a pipe holds.
    for number in 0..3000 {
        film.push_str(&format!(
            "  - {{ id: s{number}, model: kling-v3, first_frame: frames/gone-{number}.png, prompt: A. }}\n"
        ));
    }
    let stage = stage_with(&film);
    for format in ["human", "concise", "json", "sarif"] {
        let mut child = clapboard(stage.path())
            .args(["check", "--format", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        drop(child.stdout.take());
        assert_eq!(ended(child).status.code(), Some(1), "{format}");
    }
}

#[test]
fn colour_is_off_in_the_help_where_it_is_asked_to_be() {
    let stage = stage();
    let forced = |color: &str| {
        let output = clapboard(stage.path()).args(["check", "--help", color]).env("CLICOLOR_FORCE", "1").output();
        output.expect("the program ends").stdout.contains(&0x1b)
    };
    assert!(!forced("--color=never"));
    assert!(forced("--color=always"));
}
