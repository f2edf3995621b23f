//! Files made to do harm: no panic, no hang, no more memory than a storyboard is worth, and nothing that a terminal would obey.

mod files;
mod growth;
mod silenced;

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use super::support::*;

/// Runs the program with 2 GB of address space at most, and fails where it hangs, dies or panics.
fn survive(folder: &Path, arguments: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_clapboard");
    let scrubbed = clapboard(folder);
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -v 2097152; exec \"$0\" \"$@\"", program]).args(arguments).current_dir(folder);
    for (name, value) in scrubbed.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    // Each thread reserves address space for its stack and its arena.
    command.env("RAYON_NUM_THREADS", "2").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = ended(command.spawn().expect("the program starts"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("panicked"), "{arguments:?}: {said}");
    assert!(matches!(output.status.code(), Some(0..=2)), "{arguments:?}: {} {said}", output.status);
    output
}

fn film(text: impl AsRef<[u8]>) -> TempDir {
    let stage = stage();
    fs::write(stage.path().join("film.storyboard.yaml"), text).expect("the stage can be written to");
    stage
}

/// The codes that `check` finds in the film, in order.
fn codes(folder: &Path, name: &str) -> Vec<String> {
    let output = survive(folder, &["check", "--format", "concise", name]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let code =
        |line: &str| line.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map(|(code, _)| code.to_owned());
    text.lines().filter_map(code).collect()
}

/// All ways to speak, none of which may give a terminal an order.
fn assert_harmless(folder: &Path) {
    for arguments in [
        &["check"][..],
        &["check", "--format", "concise"],
        &["check", "--format", "github"],
        &["check", "--format", "gitlab"],
        &["check", "--format", "sarif"],
        &["check", "--format", "junit"],
        &["check", "--format", "rdjson"],
        &["check", "--format", "json"],
        &["check", "--unsafe-fixes", "--diff"],
        &["compile"],
        &["compile", "--format", "curl"],
    ] {
        let output = survive(folder, arguments);
        for stream in [&output.stdout, &output.stderr] {
            let text = String::from_utf8_lossy(stream);
            // What is data for programs carries the writer's own text, as far as JSON lets it stand raw.
            let is_data = arguments.contains(&"json") || arguments[0] == "compile";
            let is_order = |c: char| match is_data {
                true => c < ' ' && c != '\n',
                false => c.is_control() && c != '\n' && c != '\t' || is_bidirectional(c),
            };
            let order = text.chars().find(|&c| is_order(c));
            assert_eq!(order, None, "{arguments:?}: {}", text.escape_debug());
        }
    }
}

fn is_bidirectional(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

const ORDER: &str = r"\e[31m\e]0;owned\a\u202e";

#[test]
fn escapes_in_yaml_reach_no_terminal() {
    let stage = film(format!(
        "storyboard: 1\n\"key{ORDER}\": 1\ntitle: 5\nstyles: {{ \"st{ORDER}\": \"x{ORDER}\" }}\ncast: {{ \"ca{ORDER}\": {{}} }}\n\
         shots:\n  - {{ id: \"id{ORDER}\", model: \"kling-v3{ORDER}\", first_frame: \"frames/{ORDER}.png\", prompt: \"$x{ORDER} TODO\" }}\n  \
         - {{ id: ok, model: kling-v3, first_frame: frames/wide.png, prompt: \"p{ORDER}\", negative_prompt: \"no {ORDER}\", camera: \"{ORDER}\" }}\n"
    ));
    assert_harmless(stage.path());
}

#[test]
fn raw_escapes_in_any_place_reach_no_terminal() {
    let order = "\u{1b}[31m\u{9b}31m\u{202e}\u{7}";
    let stage = film(format!(
        "# {order} clapboard: allow({order})\nstoryboard: 1\nke{order}y: 1\nshots:\n  - id: {order}\n    first_frame: {order}\n"
    ));
    let toml = format!("# {order}\nstoryboard = 1\n\"{order}\" = 1\n[[shots]]\nid = '{order}'\n{order} = {order}\n");
    fs::write(stage.path().join("film.storyboard.toml"), toml).expect("the stage can be written to");
    fs::write(stage.path().join("clapboard.toml"), format!("[lint]\nallow = [\"{order}\"]\n{order} = 1\n"))
        .expect("the stage can be written to");
    assert_harmless(stage.path());
}

#[test]
fn escapes_in_file_names_reach_no_terminal() {
    let stage = stage();
    let folder = stage.path().join("a\u{1b}[31m");
    fs::create_dir(&folder).expect("a folder with such a name");
    fs::write(folder.join("b\u{202e}\u{7}.storyboard.yaml"), "storyboard: 2\nshots: []\n")
        .expect("a file with such a name");
    for arguments in
        [&["check"][..], &["check", "--format", "concise"], &["compile"], &["check", "a\u{1b}[31m/gone.yaml"]]
    {
        let output = survive(stage.path(), arguments);
        let said = [output.stdout, output.stderr].concat();
        assert!(!said.contains(&0x1b) && !said.contains(&7), "{arguments:?}: {}", said.escape_ascii());
        assert!(!String::from_utf8_lossy(&said).contains('\u{202e}'), "{arguments:?}");
    }
}

#[test]
fn a_billion_laughs_are_cut_short() {
    let mut text = "storyboard: 1\nx-0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
    for level in 1..30 {
        let below = format!("*a{}, ", level - 1).repeat(10);
        text.push_str(&format!("x-{level}: &a{level} [{below}]\n"));
    }
    assert!(codes(film(text).path(), "film.storyboard.yaml").contains(&"syntax".to_owned()));
    let mut text = "storyboard: 1\nx-0: &m0 { k0: 1 }\n".to_owned();
    for level in 1..40 {
        text.push_str(&format!("x-{level}: &m{level} {{ <<: [*m{0}, *m{0}], k{level}: *m{0} }}\n", level - 1));
    }
    assert!(codes(film(text).path(), "film.storyboard.yaml").contains(&"syntax".to_owned()));
}

#[test]
fn nesting_has_an_end() {
    let deep = 100_000;
    let yaml = [
        format!("storyboard: 1\nx-a: {}{}\n", "[".repeat(deep), "]".repeat(deep)),
        format!("storyboard: 1\nx-a: {}\n", "[".repeat(deep)),
        format!("storyboard: 1\nx-a: {}1{}\n", "{a: ".repeat(deep), "}".repeat(deep)),
        format!("storyboard: 1\nx-a:\n  {}1\n", "- ".repeat(deep)),
        (0..2000).fold("storyboard: 1\nx-a:\n".to_owned(), |text, level| text + &" ".repeat(level + 1) + "a:\n"),
        format!("storyboard: 1\nx-a: {}\n", "? ".repeat(deep)),
    ];
    for text in yaml {
        let found = codes(film(&text).path(), "film.storyboard.yaml");
        assert!(found.contains(&"syntax".to_owned()), "{}: {found:?}", &text[..60]);
    }
    let toml = [
        format!("storyboard = 1\nx-a = {}{}\n", "[".repeat(deep), "]".repeat(deep)),
        format!("storyboard = 1\nx-a = {}\n", "[".repeat(deep)),
        format!("storyboard = 1\nx-a = {}1{}\n", "{a = ".repeat(deep), "}".repeat(deep)),
        format!("storyboard = 1\n[x-a{}]\n", ".a".repeat(deep)),
        format!("storyboard = 1\nx-a{} = 1\n", ".a".repeat(deep)),
    ];
    for text in toml {
        let stage = stage();
        fs::write(stage.path().join("film.storyboard.toml"), &text).expect("the stage can be written to");
        let found = codes(stage.path(), "film.storyboard.toml");
        assert!(found.contains(&"syntax".to_owned()), "{}: {found:?}", &text[..60]);
    }
}

#[test]
fn a_depth_of_128_is_read_and_one_of_129_is_not() {
    for (depth, readable) in [(127, true), (128, false)] {
        // The mapping around it is a level too.
        let yaml = format!("storyboard: 1\nx-a: {}{}\nstyles: {{ a: b }}\n", "[".repeat(depth), "]".repeat(depth));
        let toml =
            format!("storyboard = 1\nx-a = {}{}\nstyles = {{ a = \"b\" }}\n", "[".repeat(depth), "]".repeat(depth));
        let stage = film(yaml);
        fs::write(stage.path().join("film.storyboard.toml"), toml).expect("the stage can be written to");
        for name in ["film.storyboard.yaml", "film.storyboard.toml"] {
            assert_eq!(codes(stage.path(), name).is_empty(), readable, "{name} at {depth}");
        }
    }
}

#[test]
fn a_file_larger_than_16_mib_is_not_read() {
    let stage = film("");
    let file = File::options().write(true).open(stage.path().join("film.storyboard.yaml")).expect("the film");
    file.set_len(16 * 1024 * 1024 + 1).expect("the file is made longer");
    assert_eq!(codes(stage.path(), "film.storyboard.yaml"), ["syntax"]);
}

#[test]
fn a_line_of_a_megabyte_is_shown_in_part() {
    let stage = film(format!(
        "storyboard: 1\nshots:\n  - {{ id: a, model: kling-v3, first_frame: frames/wide.png, prompt: \"{} TODO {}\" }}\n",
        "渡".repeat(200_000),
        "x ".repeat(200_000)
    ));
    let output = survive(stage.path(), &["check"]);
    assert_eq!(output.status.code(), Some(1), "the prompt is too long");
    assert!(output.stdout.len() < 20_000, "{} bytes", output.stdout.len());
}

#[test]
fn twenty_thousand_findings_are_told() {
    let mut text = "storyboard: 1\nshots:\n".to_owned();
    for shot in 0..20_000 {
        text.push_str(&format!("  - {{ id: s{shot}, model: kling-v3, first_frame: frames/none.png, prompt: A. }}\n"));
    }
    let stage = film(text);
    assert_eq!(codes(stage.path(), "film.storyboard.yaml").len(), 20_000);
}

#[cfg(unix)]
#[test]
fn links_devices_and_pipes_do_not_hold_it_up() {
    use std::os::unix::fs::symlink;
    let stage = film(
        "storyboard: 1\ndefaults: { model: kling-v3 }\nshots:\n\
         \x20 - { id: pipe, first_frame: frames/pipe.png, prompt: A. }\n\
         \x20 - { id: zero, first_frame: frames/zero.png, prompt: B. }\n\
         \x20 - { id: loop, first_frame: frames/loop.png, prompt: C. }\n\
         \x20 - { id: out, first_frame: frames/out.png, prompt: D. }\n",
    );
    let at = |name: &str| stage.path().join(name);
    for pipe in ["frames/pipe.png", "pipe.storyboard.yaml"] {
        let made = Command::new("mkfifo").arg(at(pipe)).status().expect("mkfifo runs");
        assert!(made.success());
    }
    symlink("/dev/zero", at("frames/zero.png")).expect("a link");
    symlink("loop.png", at("frames/loop.png")).expect("a link");
    symlink("/etc/passwd", at("frames/out.png")).expect("a link");
    symlink(".", at("again")).expect("a link");
    symlink("/dev/zero", at("zero.storyboard.yaml")).expect("a link");
    symlink("ring.storyboard.yaml", at("ring.storyboard.yaml")).expect("a link");
    // What is walked is plain files; the pipe and the links are not.
    assert_eq!(
        codes(stage.path(), "."),
        ["asset-not-found", "asset-outside-project", "asset-not-found", "asset-outside-project"]
    );
    assert_eq!(codes(stage.path(), "zero.storyboard.yaml"), ["syntax"], "more than 16 MiB");
    let ring = survive(stage.path(), &["check", "ring.storyboard.yaml"]);
    assert_eq!(ring.status.code(), Some(2));
}

#[cfg(unix)]
#[test]
fn an_unreadable_file_hides_no_other() {
    use std::os::unix::fs::PermissionsExt;
    let stage = film("storyboard: 1\nshots: []\n");
    let closed = stage.path().join("closed.storyboard.yaml");
    fs::write(&closed, "storyboard: 1\n").expect("the stage can be written to");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).expect("its permissions");
    if File::open(&closed).is_ok() {
        // The super-user may read everything.
        return;
    }
    let output = survive(stage.path(), &["check", "--format", "concise"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stdout).contains("out-of-range"));
    assert!(String::from_utf8_lossy(&output.stderr).contains("closed.storyboard.yaml"));
}

#[test]
fn odd_bytes_are_survived() {
    let odd: [&[u8]; 9] = [
        b"\xef\xbb\xbf",
        b"\xff\xfe\x00\x00",
        b"\0",
        b"&a [*a]",
        b"? ",
        b"storyboard: 1\nshots: &s\n  - *s\n",
        b"%TAG ! tag:x,2000:\n---\nstoryboard: !x 1\n",
        b"\r\r\r",
        b"storyboard: 1\n<<: &a { <<: *a }\n",
    ];
    for text in odd {
        let stage = film(text);
        fs::write(stage.path().join("film.storyboard.toml"), text).expect("the stage can be written to");
        survive(stage.path(), &["check"]);
        survive(stage.path(), &["check", "--fix"]);
    }
}

/// All commands that say something about a film, with their formats.
const SPEAKING: [&[&str]; 11] = [
    &["check"],
    &["check", "--format", "concise"],
    &["check", "--format", "github"],
    &["check", "--format", "gitlab"],
    &["check", "--format", "sarif"],
    &["check", "--format", "junit"],
    &["check", "--format", "rdjson"],
    &["check", "--format", "json"],
    &["check", "--unsafe-fixes", "--diff"],
    &["compile", "--format", "jsonl"],
    &["compile", "--format", "curl"],
];

#[test]
fn no_output_is_a_command_to_a_ci_runner() {
    let stage = film(
        "storyboard: 1\ntitel: '##[stop-commands]x'\n'##[error]key': 1\n'##vso[task.setvariable variable=a]b': 2\n\
         '::error file=a::long long long long long long long long long long long long long long long ::error::x': 3\n\
         shots:\n  - { id: '::set-output name=a::b', model: kling-v3, first_frame: '##[group]a.png', prompt: '$nobody\n\n::warning::x' }\n  \
         - { id: good, model: kling-v3, first_frame: frames/wide.png, prompt: \"##[group]a\\n::notice::b\" }\n",
    );
    fs::write(stage.path().join("::error ::x.storyboard.yaml"), "storyboard: 2\nshots: []\n").expect("such a name");
    fs::write(
        stage.path().join("good.storyboard.yaml"),
        "storyboard: 1\nshots:\n  - { id: a, model: kling-v3, first_frame: frames/wide.png, prompt: \"a\\n::notice::##[group]b\" }\n",
    )
    .expect("the stage can be written to");
    for arguments in SPEAKING {
        let output = survive(stage.path(), arguments);
        for stream in [&output.stdout, &output.stderr] {
            let text = String::from_utf8_lossy(stream);
            let annotations = arguments.contains(&"github");
            let ours =
                |line: &str| annotations && ["::error file=", "::warning file="].iter().any(|it| line.starts_with(it));
            let obeyed = text.lines().find(|line| line.trim_start().starts_with("::") && !ours(line));
            assert_eq!(obeyed, None, "{arguments:?}: {text}");
            for command in ["##[", "##vso["] {
                assert!(!text.contains(command), "{arguments:?} lets through {command}: {text}");
            }
        }
    }
}

#[test]
fn no_output_shows_a_key() {
    const KEY: &str = "sk-0123456789abcdefghijklmnop";
    let stage = film(format!(
        "storyboard: 1\ntitle: [{KEY}]\n{KEY}: 1\ncast:\n  mara: {{ voice: {KEY} }}\nshots:\n  - id: {KEY}\n    model: {KEY}\n    \
         first_frame: frames/{KEY}.png\n    prompt: $mara {KEY} ${KEY}\n    promt: {KEY}\n    negative_prompt: no {KEY}\n    \
         style: {KEY}\n# clapboard: allow({KEY})\n"
    ));
    fs::write(
        stage.path().join("clapboard.toml"),
        format!("[target]\napi_key_env = \"{KEY}\"\n[lint]\nallow = [\"{KEY}\"]\n"),
    )
    .expect("the stage can be written to");
    for arguments in SPEAKING {
        let output = survive(stage.path(), arguments);
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(!said.contains("0123456789abcdefg"), "{arguments:?}: {said}");
    }
}
