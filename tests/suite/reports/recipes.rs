//! What `docs/ci.md`, `action.yml` and `.pre-commit-hooks.yaml` promise, done here as far as one machine allows.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_yaml::Value;
use tempfile::TempDir;

use super::tools;

const FILM: &str = "storyboard: 1
shots:
  - id: dock-010
    model: kling-v2-6
    first_frame: https://frames.example/wide.png
    prompt: The ferry leaves the dock.
";

#[test]
fn the_action_annotates_summarises_and_fails() {
    let project = Project::new();
    project.write("films/a.storyboard.yaml", &FILM.replace("prompt", "promt"));
    let output = project.action_step("Check the storyboards", &[("PATHS", "."), ("ARGS", ""), ("SARIF", "c.sarif")]);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert!(told(&output).contains("\n::error file=films/a.storyboard.yaml,line=6,col=5,"), "{}", told(&output));
    assert!(project.read("summary.md").contains("1 error in 1 file"), "{}", project.read("summary.md"));
    assert!(project.read("films/c.sarif").contains("\"uri\": \"films/a.storyboard.yaml\""));
}

#[test]
fn the_actions_inputs_are_arguments_and_no_commands() {
    let project = Project::new();
    project.write("films/a.storyboard.yaml", FILM);
    let paths = "a.storyboard.yaml\n$(touch${IFS}made)";
    let output = project
        .action_step("Check the storyboards", &[("PATHS", paths), ("ARGS", "-q  --deny\nwarnings"), ("SARIF", "")]);
    assert_eq!(output.status.code(), Some(2), "{}", told(&output));
    assert!(!project.path("films/made").exists());
    let output = project.action_step("Check the storyboards", &[("PATHS", ""), ("ARGS", ""), ("SARIF", "")]);
    assert_eq!(output.status.code(), Some(0), "{}", told(&output));
}

#[test]
fn the_action_installs_again_when_its_source_changes() {
    let project = Project::new();
    let output = project.action_step("Find out what to install", &[]);
    assert!(output.status.success(), "{}", told(&output));
    let digest = project.read("output.txt");
    assert!(digest.trim().strip_prefix("digest=").is_some_and(|digest| digest.len() >= 40), "{digest}");
}

#[test]
fn gitlabs_job_writes_its_reports() {
    let recipes = recipes("GitLab CI");
    let job = &recipes[0]["storyboards"];
    let project = Project::new();
    project.write("films/a.storyboard.yaml", &FILM.replace("prompt", "promt"));
    let script = job["script"][0].as_str().expect("the job has a script");
    let output = project.bash(script, &[("CI_PROJECT_DIR", project.root().as_os_str().into())]);
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    for report in ["codequality", "junit"] {
        let file = job["artifacts"]["reports"][report].as_str().expect("the job uploads it");
        assert!(project.read(&format!("films/{file}")).contains("unknown-field"), "{report}");
    }
    assert!(project.read("films/gl-code-quality-report.json").contains("\"path\": \"films/a.storyboard.yaml\""));
}

#[test]
fn the_hook_stops_a_commit_with_an_error_and_mends_what_it_can() {
    let Some(pre_commit) = tools::installed("python/bin/pre-commit") else { return };
    let hooks = Project::new();
    let manifest = fs::read_to_string(repository(".pre-commit-hooks.yaml")).expect("the hooks are there");
    hooks.write(".pre-commit-hooks.yaml", &manifest);
    hooks.commit();
    let project = Project::new();
    project.write("a.storyboard.yaml", &FILM.replace("prompt", "promt"));
    let config = |args: &str| {
        format!(
            "repos:\n- repo: {}\n  rev: {}\n  hooks:\n  - {{id: clapboard-system, args: [{args}]}}\n",
            hooks.root().display(),
            hooks.head()
        )
    };
    project.write(".pre-commit-config.yaml", &config(""));
    project.commit();
    let run = || project.run(Command::new(&pre_commit).args(["run", "--all-files"]).current_dir(project.root()));

    let output = run();
    assert_eq!(output.status.code(), Some(1), "{}", told(&output));
    assert!(told(&output).contains("unknown-field"), "{}", told(&output));
    project.write(".pre-commit-config.yaml", &config("--fix"));
    project.commit();
    let output = run();
    assert!(told(&output).contains("files were modified by this hook"), "{}", told(&output));
    assert_eq!(project.read("a.storyboard.yaml"), FILM);
    project.commit();
    let output = run();
    assert!(output.status.success(), "{}", told(&output));
}

#[test]
fn the_services_schemas_take_the_recipes() {
    let Some(check) = tools::installed("python/bin/check-jsonschema") else { return };
    let Some(pre_commit) = tools::installed("python/bin/pre-commit") else { return };
    let schema = |name: &str, file: &Path| {
        tools::run(&check, ["--builtin-schema".as_ref(), name.as_ref(), file.as_os_str()], "");
    };
    schema("vendor.github-actions", &repository("action.yml"));
    let folder = tempfile::tempdir().expect("there is a temporary folder");
    for (section, name) in [
        ("GitHub Actions", "vendor.github-workflows"),
        ("What a pull request would buy", "vendor.github-workflows"),
        ("Code scanning", "vendor.github-workflows"),
        ("GitLab CI", "vendor.gitlab-ci"),
    ] {
        for recipe in recipes(section) {
            let file = folder.path().join("recipe.yml");
            fs::write(&file, serde_yaml::to_string(&recipe).expect("YAML is written")).expect("the file is written");
            schema(name, &file);
        }
    }
    tools::run(&pre_commit, ["validate-manifest".as_ref(), repository(".pre-commit-hooks.yaml").as_os_str()], "");
    for recipe in recipes("pre-commit") {
        let file = folder.path().join("config.yaml");
        fs::write(&file, serde_yaml::to_string(&recipe).expect("YAML is written")).expect("the file is written");
        tools::run(&pre_commit, ["validate-config".as_ref(), file.as_os_str()], "");
    }
}

/// The YAML blocks of a section of `docs/ci.md`.
fn recipes(section: &str) -> Vec<Value> {
    let document = fs::read_to_string(repository("docs/ci.md")).expect("the document is there");
    let start = document.find(&format!("# {section}\n")).expect("the document has the section");
    let body = &document[start..];
    let body = &body[..body.find("\n#").unwrap_or(body.len())];
    let blocks: Vec<Value> = body
        .split("```yaml\n")
        .skip(1)
        .map(|block| {
            serde_yaml::from_str(&block[..block.find("```").expect("a block ends")]).expect("a recipe is YAML")
        })
        .collect();
    assert!(!blocks.is_empty(), "{section} has no recipe");
    blocks
}

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn told(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// A git repository of films, with clapboard on the path.
struct Project {
    folder: TempDir,
}

impl Project {
    fn new() -> Self {
        let project = Self { folder: tempfile::tempdir().expect("there is a temporary folder") };
        let bin = project.path(".temp/clapboard/bin");
        fs::create_dir_all(&bin).expect("the folder is made");
        fs::create_dir(project.path("films")).expect("the folder is made");
        fs::copy(env!("CARGO_BIN_EXE_clapboard"), bin.join("clapboard")).expect("the program is copied");
        project.write(".gitignore", ".temp\n");
        project.git(&["init", "--quiet"]);
        project
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.path(path), text).expect("the file is written");
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect("the file is there")
    }

    fn git(&self, arguments: &[&str]) -> String {
        let author = ["-c", "user.name=A", "-c", "user.email=a@films.example", "-c", "commit.gpgsign=false"];
        let output = self.run(Command::new("git").args(author).args(arguments).current_dir(self.root()));
        assert!(output.status.success(), "{}", told(&output));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "Films"]);
    }

    fn head(&self) -> String {
        self.git(&["rev-parse", "HEAD"])
    }

    /// Runs a program that finds clapboard and knows of no CI service and no git repository but this one.
    fn run(&self, command: &mut Command) -> Output {
        let old = std::env::var_os("PATH").unwrap_or_default();
        let paths = [self.path(".temp/clapboard/bin")].into_iter().chain(std::env::split_paths(&old));
        let services = ["GITHUB_ACTIONS", "GITHUB_WORKSPACE", "GITHUB_STEP_SUMMARY", "CI_PROJECT_DIR"];
        let git = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"];
        for name in services.into_iter().chain(git) {
            if !command.get_envs().any(|(set, _)| set == name) {
                command.env_remove(name);
            }
        }
        command.env("PATH", std::env::join_paths(paths).expect("the path is one"));
        command.env("PRE_COMMIT_HOME", self.path(".temp/pre-commit"));
        command.output().expect("the program runs")
    }

    /// Runs a script in `films` as CI services do.
    fn bash(&self, script: &str, variables: &[(&str, OsString)]) -> Output {
        let mut command = Command::new("bash");
        command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]);
        command.current_dir(self.path("films")).envs(variables.iter().cloned());
        self.run(&mut command)
    }

    /// Runs the script of a step of the action, as GitHub's runner does.
    fn action_step(&self, name: &str, inputs: &[(&str, &str)]) -> Output {
        let action = fs::read_to_string(repository("action.yml")).expect("the action is there");
        let action: Value = serde_yaml::from_str(&action).expect("the action is YAML");
        let steps = action["runs"]["steps"].as_sequence().expect("the action has steps");
        let step = steps.iter().find(|step| step["name"] == name).expect("the action has the step");
        let mut variables = vec![
            ("GITHUB_ACTIONS", OsString::from("true")),
            ("GITHUB_WORKSPACE", self.root().into()),
            ("GITHUB_ACTION_PATH", repository("").into()),
            ("GITHUB_STEP_SUMMARY", self.path("summary.md").into()),
            ("GITHUB_OUTPUT", self.path("output.txt").into()),
            ("RUNNER_TEMP", self.path(".temp").into()),
        ];
        variables.extend(inputs.iter().map(|(name, value)| (*name, OsString::from(value))));
        self.bash(step["run"].as_str().expect("the step has a script"), &variables)
    }
}
