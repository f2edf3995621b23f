//! Programs of others read what is written: OpenTimelineIO and its adapters, readers of subtitles, ffmpeg.

use std::process::Command;

use serde_json::{Value, json};

use super::Project;
use crate::reports::tools;
use crate::support::{repository, run, skipped_without};

/// What the libraries of others make of a file.
fn read(project: &Project, file: &str, fps: &str) -> Option<Value> {
    let python = tools::installed("python/bin/python")?;
    let script = repository("tests/suite/export/read.py");
    let path = project.path().join(file);
    let arguments = [script.as_os_str(), path.as_os_str(), fps.as_ref()];
    let text = tools::run(python, arguments, "");
    Some(serde_json::from_str(&text).expect("JSON"))
}

/// The shots at a rate: where each used part begins, and how long it is, in frames.
fn expected(fps: f64) -> Vec<(&'static str, f64, f64)> {
    let used = [("one", 0.5, 3.2), ("two", 0.0, 5.0), ("three", 0.0, 4.0), ("four", 0.0, 5.0), ("five", 0.0, 3.0)];
    used.map(|(id, from, to)| {
        let [from, to] = [from, to].map(|seconds: f64| (seconds * fps).round());
        (id, from, to - from)
    })
    .to_vec()
}

#[test]
fn opentimelineio_reads_the_timeline_back() {
    let project = Project::new();
    for (fps, rate) in [("24", 24.0), ("23.976", 24_000.0 / 1001.0), ("50", 50.0)] {
        project.export(&["--out", "cut.otio", "--fps", fps]);
        let Some(found) = read(&project, "cut.otio", fps) else { return };
        assert_eq!(found["name"], "Das Boot & \"Co\"");
        let starts = expected(rate)[..2].iter().map(|(_, _, length)| length).sum::<f64>();
        assert_eq!(found["markers"], json!([["EXT. HARBOUR - DAWN", 0.0], ["storm", starts]]));
        for ((id, start, length), clip) in expected(rate).into_iter().zip(found["clips"].as_array().expect("clips")) {
            assert_eq!(clip["name"], id);
            assert_eq!(
                (clip["start"].as_f64(), clip["duration"].as_f64()),
                (Some(start), Some(length)),
                "{id} at {fps}"
            );
            assert!((clip["rate"].as_f64().expect("a rate") - rate).abs() < 1e-9);
            let kind = if id == "five" { "MissingReference" } else { "ExternalReference" };
            assert_eq!(clip["kind"], kind);
            assert_eq!(clip["metadata"]["clapboard"]["film"], "films/night boat");
        }
        assert_eq!(found["clips"][0]["markers"], json!(["Only if the fog works."]));
    }
}

#[test]
fn its_adapter_reads_the_edit_decision_list() {
    let project = Project::new();
    for fps in ["24", "25", "30"] {
        project.export(&["--out", "cut.edl", "--fps", fps]);
        let Some(found) = read(&project, "cut.edl", fps) else { return };
        let rate = fps.parse().expect("a number");
        assert_eq!(found["clips"].as_array().map(Vec::len), Some(5));
        for ((id, start, length), clip) in expected(rate).into_iter().zip(found["clips"].as_array().expect("clips")) {
            assert_eq!(
                (clip["start"].as_f64(), clip["duration"].as_f64()),
                (Some(start), Some(length)),
                "{id} at {fps}"
            );
            let comments = clip["metadata"]["cmx_3600"]["comments"].to_string();
            assert!(comments.contains(&format!("CLAPBOARD SHOT: {id}")), "{comments}");
        }
        assert_eq!(found["clips"][0]["name"], "one.2.mp4");
        assert_eq!(found["clips"][4]["kind"], "GeneratorReference");
    }
}

#[test]
fn its_adapter_reads_final_cut_pros_xml() {
    let project = Project::new();
    // The adapter is older than stills on the main storyline.
    project.export(&["--out", "cut.fcpxml"]);
    let Some(found) = read(&project, "cut.fcpxml", "24") else { return };
    let clips = found["clips"].as_array().expect("clips");
    let frames =
        |clip: &Value| (clip["start"].as_f64().expect("a frame"), clip["duration"].as_f64().expect("a length"));
    let read: Vec<_> = clips.iter().map(|clip| (clip["name"].as_str().expect("a name"), frames(clip))).collect();
    let expected: Vec<_> = expected(24.0)[..4].iter().map(|(id, start, length)| (*id, (*start, *length))).collect();
    assert_eq!(read, expected);
}

#[test]
fn readers_of_subtitles_find_each_line_in_its_time() {
    let project = Project::new();
    let said = project.export(&["--out", "film.srt"]);
    assert!(said.contains("the times are estimated"), "{said}");
    project.export(&["--out", "film.vtt"]);
    let (Some(srt), Some(vtt)) = (read(&project, "film.srt", ""), read(&project, "film.vtt", "")) else { return };
    assert_eq!(
        srt,
        json!([[2708, 4308, "I swore a lot of things."], [4308, 7108, "You swore → never. <i>Never</i> & again."],])
    );
    assert_eq!(
        vtt,
        json!([
            ["00:00:02.708", "00:00:04.308", "Mara", "I swore a lot of things."],
            ["00:00:04.308", "00:00:07.108", "Tomás", "You swore --> never. <i>Never</i> & again."],
        ])
    );
}

#[test]
fn ffmpeg_plays_the_list() {
    let project = Project::new();
    if Command::new("ffmpeg").arg("-version").output().is_err() {
        return skipped_without("ffmpeg", ".ci/run installs it");
    }
    let ffmpeg = |arguments: &[&str]| {
        let mut command = Command::new("ffmpeg");
        command.args(["-v", "error", "-nostdin", "-y"]).args(arguments).current_dir(project.path());
        let output = command.output().expect("ffmpeg runs");
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    for (shot, seconds) in [("one.2", 5), ("two", 5), ("three", 10)] {
        let source = format!("testsrc=size=320x180:rate=24:duration={seconds}");
        ffmpeg(&[
            "-f",
            "lavfi",
            "-i",
            &source,
            "-g",
            "1",
            "-pix_fmt",
            "yuv420p",
            &format!("clips/films/night boat/{shot}.mp4"),
        ]);
    }
    let said = project.export(&["--out", "cuts/It's the cut.ffconcat"]);
    assert!(said.contains("2 shots with no file to play, which the list passes over: four, five"), "{said}");
    ffmpeg(&["-f", "concat", "-safe", "0", "-i", "cuts/It's the cut.ffconcat", "-r", "24", "whole.mp4"]);
    let output = Command::new("ffprobe")
        .args([
            "-v",
            "error",
            "-count_frames",
            "-select_streams",
            "v",
            "-show_entries",
            "stream=nb_read_frames",
            "-of",
            "csv=p=0",
        ])
        .arg("whole.mp4")
        .current_dir(project.path())
        .output()
        .expect("ffprobe runs");
    let frames: i64 = String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number");
    // 65 of `one`, 120 of `two`, 96 of `three`; ffmpeg may round a cut to the next frame.
    assert!((frames - 281).abs() <= 2, "{frames}");

    // Stills alone are of one kind, and can be played too.
    let film = "storyboard: 1\nshots:\n  - { id: a, skip: true, duration: 2, first_frame: frames/wide.png }\n  - { id: b, skip: true, duration: 3, first_frame: frames/wide.png }\n";
    project.write("stills/a.storyboard.yaml", film.replace("frames", "../frames"));
    let output =
        run(project.path(), &["export", "stills", "--stills", "--format", "concat", "--out", "stills.ffconcat"]);
    assert_eq!(output.status.code(), Some(0));
    ffmpeg(&["-f", "concat", "-i", "stills.ffconcat", "-r", "24", "-pix_fmt", "yuv420p", "stills.mp4"]);
}
