//! What came back: clips held against what was bought, in the plan, in `status` and on the page.

use serde_json::json;

use super::stub::mp4_box;
use super::submit_cli::Project;

/// A clip that says of itself how long and how large it is, and which tracks it has.
fn clip(seconds: u32, width: u32, height: u32, tracks: &[&[u8; 4]]) -> Vec<u8> {
    let mut head = vec![0; 100];
    head[12..16].copy_from_slice(&1000_u32.to_be_bytes());
    head[16..20].copy_from_slice(&(seconds * 1000).to_be_bytes());
    let track = |kind: &&[u8; 4]| {
        let mut head = vec![0; 84];
        if *kind == b"vide" {
            head[76..80].copy_from_slice(&(width << 16).to_be_bytes());
            head[80..84].copy_from_slice(&(height << 16).to_be_bytes());
        }
        let handler = mp4_box(b"hdlr", &[&[0; 8][..], *kind, &[0; 12]].concat());
        mp4_box(b"trak", &[mp4_box(b"tkhd", &head), mp4_box(b"mdia", &handler)].concat())
    };
    let moov = [mp4_box(b"mvhd", &head), tracks.iter().flat_map(track).collect()].concat();
    [mp4_box(b"ftyp", b"mp42\0\0\0\0mp42isom"), mp4_box(b"mdat", &[7; 400]), mp4_box(b"moov", &moov)].concat()
}

fn film(project: &Project) {
    project.write(
        "ferry.storyboard.yaml",
        "storyboard: 1\nshots:\n  - { id: a, model: kling-v3, sound: on, first_frame: frames/a.png, prompt: Fog. }\n",
    );
}

#[test]
fn a_clip_that_is_not_what_was_bought_has_notes_wherever_it_is_shown() {
    let project = Project::new("gateway", 0);
    film(&project);
    project.stub.sells(clip(3, 320, 640, &[b"vide"]));
    assert_eq!(project.submit(&[]).exit, 0);
    let notes = [
        "the clip is 3.0 s long, and 5 s were bought",
        "the clip has no sound track, and sound was bought",
        "the clip is 320x640, another shape than its first frame of ",
        "the clip is 320x640, smaller than the 720p that were bought",
    ];
    let status = project.run(&["status"]);
    // In an attribute, the slash of a path is a reference.
    let page = project.run(&["preview"]).stdout.replace("&#x2f;", "/");
    let json = project.plan()["shots"][0]["notes"].clone();
    for (index, note) in notes.iter().enumerate() {
        assert!(status.stdout.contains(note), "{}", status.stdout);
        assert!(page.contains(note), "{note} is not on the page");
        assert!(json[index].as_str().is_some_and(|said| said.starts_with(note)), "{json}");
    }
    assert!(page.contains("3.0 s, 320×640, no sound track"));
    assert!(page.contains("src=\"clips/ferry/a.mp4\"") && page.contains("media-src 'self' file:"));
}

#[test]
fn a_clip_that_is_what_was_bought_has_none() {
    let project = Project::new("gateway", 0);
    film(&project);
    project.stub.sells(clip(5, 1280, 720, &[b"soun", b"vide"]));
    assert_eq!(project.submit(&[]).exit, 0);
    let shot = project.plan()["shots"][0].clone();
    assert_eq!((shot["state"].clone(), shot.get("notes")), (json!("done"), None));
}

#[test]
fn takes_stand_side_by_side_and_the_chosen_one_is_marked() {
    let project = Project::new("gateway", 0);
    film(&project);
    assert_eq!(project.submit(&[]).exit, 0);
    assert_eq!(project.submit(&["--again", "a"]).exit, 0);
    let in_the_edit = |page: &str| {
        let takes: Vec<&str> = page.split("<figure class=\"take").skip(1).collect();
        takes.iter().map(|take| take.starts_with(" counts")).collect::<Vec<_>>()
    };
    let page = project.run(&["preview"]).stdout;
    assert_eq!(in_the_edit(&page), [false, true], "the newest");
    assert!(page.contains("clapboard status --choose a=N"));
    assert_eq!(project.run(&["status", "--choose", "a=1"]).exit, 0);
    assert_eq!(in_the_edit(&project.run(&["preview"]).stdout), [true, false]);
    std::fs::remove_file(project.path("clips/ferry/a.mp4")).unwrap();
    assert!(project.run(&["preview"]).stdout.contains("not here: <code>clapboard status --fetch</code> gets it"));
}
