//! How memory grows with the input: at n and at 4n, no more than four times as much and a bit.
//!
//! Time is not asserted: a busy machine would decide. Memory is the program's peak, as the system counts it.
#![cfg(target_os = "linux")]

use std::fmt::Write as _;
use std::fs;

use super::*;

/// A kind of project that is made to grow.
struct Shape {
    name: &'static str,
    /// How large n is in the sample.
    n: usize,
    files: fn(usize) -> Vec<(String, String)>,
    arguments: &'static [&'static str],
}

fn one(text: String) -> Vec<(String, String)> {
    vec![("film.storyboard.yaml".into(), text)]
}

fn shots(n: usize, shot: impl Fn(usize) -> String) -> String {
    (0..n).fold(String::from("shots:\n"), |mut text, number| {
        let _ = writeln!(
            text,
            "  - {{ id: s{number}, model: kling-v2-6, first_frame: frames/wide.png, {} }}",
            shot(number)
        );
        text
    })
}

const SHAPES: &[Shape] = &[
    Shape {
        name: "many shots",
        n: 2_000,
        files: |n| one(format!("storyboard: 1\n{}", shots(n, |number| format!("prompt: Take {number}.")))),
        arguments: &["check", "--format", "json"],
    },
    Shape {
        name: "many shots, compiled",
        n: 2_000,
        files: |n| one(format!("storyboard: 1\n{}", shots(n, |number| format!("prompt: Take {number}.")))),
        arguments: &["compile", "--format", "jsonl", "--images", "summary"],
    },
    Shape {
        name: "many missing frames",
        n: 2_000,
        files: |n| {
            one(format!(
                "storyboard: 1\n{}",
                shots(n, |number| format!("last_frame: frames/f{number}.png, prompt: A."))
            ))
        },
        arguments: &["check", "--format", "concise"],
    },
    Shape {
        name: "a long prompt",
        n: 100_000,
        files: |n| one(format!("storyboard: 1\n{}", shots(1, |_| format!("prompt: '{}'", "fog ".repeat(n))))),
        arguments: &["check", "--format", "json"],
    },
    Shape {
        name: "a folder of films",
        n: 200,
        files: |n| {
            let film = |number: usize| {
                format!("storyboard: 1\nextends: bible.yaml\n{}", shots(1, |_| format!("prompt: Take {number}.")))
            };
            let bible = ("bible.yaml".to_owned(), "storyboard: 1\nstyles: { film: 35mm film }\n".to_owned());
            (0..n).map(|number| (format!("f{number}.storyboard.yaml"), film(number))).chain([bible]).collect()
        },
        arguments: &["check", "--format", "json"],
    },
    Shape {
        name: "films of one bible with as many names",
        n: 100,
        files: |n| {
            let name =
                |number: usize| format!("  n{number}: {{ name: 'Person {number}', look: a person in a coat }}\n");
            let style = |number: usize| format!("  s{number}: 35mm film, fine grain, number {number}\n");
            let cast: String = (0..10 * n).map(name).collect();
            let styles: String = (0..10 * n).map(style).collect();
            let bible = format!("storyboard: 1\ncast:\n{cast}styles:\n{styles}");
            let film = format!("storyboard: 1\nextends: bible.yaml\n{}", shots(1, |_| "prompt: $n1 waves.".into()));
            let films = (0..n).map(|number| (format!("f{number}.storyboard.yaml"), film.clone()));
            films.chain([("bible.yaml".to_owned(), bible)]).collect()
        },
        arguments: &["check", "--format", "json"],
    },
    Shape {
        name: "a chain of bibles",
        n: 8,
        files: |n| {
            let bible = |number: usize| {
                let styles: String = (0..200).map(|style| format!("  s{number}-{style}: film\n")).collect();
                let next = number + 1;
                (format!("b{number}.yaml"), format!("storyboard: 1\nextends: b{next}.yaml\nstyles:\n{styles}"))
            };
            let last = (format!("b{n}.yaml"), "storyboard: 1\nstyles: { last: film }\n".to_owned());
            let film = format!("storyboard: 1\nextends: b0.yaml\n{}", shots(1, |_| "prompt: A.".into()));
            (0..n).map(bible).chain([last, ("film.storyboard.yaml".into(), film)]).collect()
        },
        arguments: &["check", "--format", "json"],
    },
    Shape {
        name: "a long name, named often",
        n: 1_000,
        files: |n| {
            let cast = format!("cast: {{ m: {{ name: '{}' }} }}\n", "Mara ".repeat(400));
            one(format!("storyboard: 1\n{cast}{}", shots(1, |_| format!("prompt: '{}'", "$m ".repeat(n)))))
        },
        arguments: &["check", "--format", "json"],
    },
    Shape {
        name: "a long style in every shot",
        n: 500,
        files: |n| {
            let styles = format!("styles: {{ s: '{}' }}\n", "$m on film, ".repeat(20 * n));
            let cast = "cast: { m: { look: in a coat } }\n";
            one(format!("storyboard: 1\n{cast}{styles}{}", shots(n, |_| "style: [s], prompt: A.".into())))
        },
        arguments: &["compile", "--format", "jsonl", "--images", "summary"],
    },
    Shape {
        name: "long lists of styles",
        n: 500,
        files: |n| {
            let styles: String = (0..50).map(|number| format!("  s{number}: film number {number}\n")).collect();
            let all: Vec<String> = (0..50).map(|number| format!("s{number}")).collect();
            let shot = |_| format!("style: [{}], prompt: A.", all.join(", "));
            one(format!("storyboard: 1\nstyles:\n{styles}{}", shots(n, shot)))
        },
        arguments: &["compile", "--format", "jsonl", "--images", "summary"],
    },
    Shape {
        name: "a long negative prompt in defaults",
        n: 500,
        files: |n| {
            let defaults = format!("defaults: {{ negative_prompt: '{}' }}\n", "blurry, ".repeat(50 * n));
            one(format!("storyboard: 1\n{defaults}{}", shots(n, |number| format!("prompt: Take {number}."))))
        },
        arguments: &["check", "--format", "json"],
    },
    Shape {
        name: "a long text by aliases",
        n: 500,
        files: |n| {
            let text = format!("x-fog: &fog '{}'\n", "fog ".repeat(50 * n));
            one(format!("storyboard: 1\n{text}{}", shots(n, |_| "prompt: *fog".into())))
        },
        arguments: &["check", "--format", "json"],
    },
    Shape {
        name: "names that nobody has",
        n: 1_000,
        files: |n| {
            let cast: String = (0..n).map(|number| format!("  p{number}: {{ look: old }}\n")).collect();
            let shot = |number| format!("style: [q{number}], prompt: '$q{number} waves.'");
            one(format!("storyboard: 1\ncast:\n{cast}{}", shots(n, shot)))
        },
        arguments: &["check", "--format", "json"],
    },
    Shape {
        name: "names that each could be many",
        n: 300,
        files: |n| {
            let cast: String = (0..n).map(|number| format!("  person{number}: {{ look: old }}\n")).collect();
            let letter = |number: usize| char::from(b'A' + (number % 26) as u8);
            let shot = |number| {
                format!("prompt: '$person{}{}{} waves.'", letter(number), letter(number / 26), letter(number / 676))
            };
            one(format!("storyboard: 1\ncast:\n{cast}{}", shots(n, shot)))
        },
        arguments: &["check", "--format", "json"],
    },
    Shape {
        name: "unknown keys in one shot",
        n: 2_000,
        files: |n| {
            let keys: Vec<String> = (0..n).map(|number| format!("k{number}: 1")).collect();
            one(format!("storyboard: 1\n{}", shots(1, |_| keys.join(", "))))
        },
        arguments: &["check", "--format", "json"],
    },
    Shape {
        name: "a comment at every shot",
        n: 2_000,
        files: |n| {
            let shots = shots(n, |number| format!("prompt: Take {number}."));
            let shots = shots.replace(" }\n", " } # clapboard: allow(todo-in-prompt, duplicate-request)\n");
            one(format!("storyboard: 1\n{shots}"))
        },
        arguments: &["check", "--format", "json"],
    },
    Shape {
        name: "one id for all shots, in TOML",
        n: 1_000,
        files: |n| {
            let shot =
                "[[shots]]\nid = \"one\"\nmodel = \"kling-v2-6\"\nfirst_frame = \"frames/wide.png\"\nprompt = \"A.\"\n";
            vec![("film.storyboard.toml".into(), format!("storyboard = 1\n{}", shot.repeat(n)))]
        },
        arguments: &["check", "--format", "json"],
    },
    Shape {
        name: "unknown fields of long names",
        n: 500,
        files: |n| one(format!("storyboard: 1\n{}", shots(n, |number| format!("{}{number}: 1", "promt".repeat(30))))),
        arguments: &["check"],
    },
    Shape {
        name: "a plan of many shots",
        n: 1_000,
        files: |n| one(format!("storyboard: 1\n{}", shots(n, |number| format!("prompt: Take {number}.")))),
        arguments: &["plan"],
    },
    Shape {
        name: "a long ignore list",
        n: 1_000,
        files: |n| {
            let list: String = (0..n).map(|number| format!("a{number}*b?/c\n")).collect();
            vec![
                (".gitignore".into(), list),
                ("film.storyboard.yaml".into(), format!("storyboard: 1\n{}", shots(1, |_| "prompt: A.".into()))),
            ]
        },
        arguments: &["check", "--format", "json"],
    },
];

/// The program's peak of memory in bytes.
fn peak(shape: &Shape, n: usize) -> u64 {
    let stage = stage();
    for (name, text) in (shape.files)(n) {
        fs::write(stage.path().join(name), text).expect("the stage can be written to");
    }
    let peak = stage.path().join("peak");
    // The shell's child is the program alone; `VmHWM` of the parent would not show it.
    let output = Command::new("/usr/bin/env")
        .args(["python3", "-c", WAIT, peak.to_str().expect("UTF-8"), env!("CARGO_BIN_EXE_clapboard")])
        .args(shape.arguments)
        .env("RAYON_NUM_THREADS", "1")
        .current_dir(stage.path())
        .output()
        .expect("python3 runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::read_to_string(&peak).expect("it is written").trim().parse::<u64>().expect("a number") * 1024
}

/// Runs the program and writes the most memory that it had, in KiB.
const WAIT: &str = "import os, subprocess, sys\nchild = subprocess.Popen(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n_, status, usage = os.wait4(child.pid, 0)\nopen(sys.argv[1], 'w').write(str(usage.ru_maxrss))\nsys.exit(os.waitstatus_to_exitcode(status) > 1)\n";

fn grows_too_fast(shape: &Shape, n: usize) -> Option<String> {
    let (small, large) = (peak(shape, n), peak(shape, 4 * n));
    println!("{:44} {:7} {:5} MiB {:7} {:5} MiB", shape.name, n, small >> 20, 4 * n, large >> 20);
    // What the program takes whatever it reads is in both.
    let is_bounded = large <= 4 * small + (8 << 20) && large <= 1 << 30;
    (!is_bounded).then(|| format!("{}: {} MiB at {n}, {} MiB at {}", shape.name, small >> 20, large >> 20, 4 * n))
}

#[test]
fn memory_grows_no_faster_than_the_file() {
    let faults: Vec<String> = SHAPES.iter().filter_map(|shape| grows_too_fast(shape, shape.n)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
#[ignore = "takes minutes: run it with --ignored"]
fn memory_grows_no_faster_than_the_file_in_the_large() {
    let faults: Vec<String> = SHAPES.iter().filter_map(|shape| grows_too_fast(shape, 8 * shape.n)).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
