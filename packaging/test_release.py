#!/usr/bin/env python3
"""Each way to install, tried with the program $CLAPBOARD_PROGRAM (a static one, for Linux) and the wheel in
$CLAPBOARD_WHEELS. Nothing here asks a registry: what a registry or a release page would serve comes from a folder.

A test whose tool is not there fails where $CI is set, and is reported as skipped elsewhere.
"""

import functools
import hashlib
import http.server
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import unittest

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE))
import release  # noqa: E402

PROGRAM = os.environ.get("CLAPBOARD_PROGRAM", "")
WHEELS = os.environ.get("CLAPBOARD_WHEELS", "")
TARGET = f"{os.uname().machine}-unknown-linux-musl"
SYSTEM = {"x86_64": ("x64", "X64", "amd64"), "aarch64": ("arm64", "ARM64", "arm64")}[os.uname().machine]
FILM = """storyboard: 1
shots:
  - id: dock-010
    model: kling-v2-6
    first_frame: https://frames.example/wide.png
    prompt: The ferry leaves the dock.
"""


def needs(tool):
    """Skips a test without its tool; in CI it fails."""
    there = tool if isinstance(tool, bool) else shutil.which(tool)
    if there or os.environ.get("CI"):
        return lambda test: test
    return unittest.skip(f"not run: {tool} is not installed")


def run(*command, status=0, **options):
    """What a program printed, on both outputs."""
    options.setdefault("stdout", subprocess.PIPE)
    done = subprocess.run([str(word) for word in command], stderr=subprocess.STDOUT, text=True, timeout=300, **options)
    if done.returncode != status:
        raise AssertionError(f"{command} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


class Files(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Installed(unittest.TestCase):
    """Makes a release of one target in a folder, and serves it as a release page does."""

    @classmethod
    def setUpClass(cls):
        if not PROGRAM:
            raise AssertionError("CLAPBOARD_PROGRAM is not set: .ci/run sets it")
        cls.folder = tempfile.TemporaryDirectory()
        cls.root = pathlib.Path(cls.folder.name)
        cls.archives = cls.root / "films/clapboard/releases/download" / f"v{release.VERSION}"
        release.archive(TARGET, PROGRAM, cls.archives)
        handler = functools.partial(Files, directory=str(cls.root))
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.address = f"http://127.0.0.1:{cls.server.server_port}"
        release.assets(cls.archives, f"{cls.address}/films/clapboard")

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()
        cls.folder.cleanup()

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.work = pathlib.Path(folder.name)
        (self.work / "a.storyboard.yaml").write_text(FILM.replace("prompt", "promt"))

    def assert_checks(self, *command, **options):
        """The installed program finds the mistake."""
        told = run(*command, "check", "--format", "concise", status=1, cwd=self.work, **options)
        self.assertIn("a.storyboard.yaml:6:5: error[unknown-field]", told)

    def without_path(self, *folders):
        return {**os.environ, "PATH": os.pathsep.join([*map(str, folders), "/usr/bin", "/bin"])}

    def test_a_wheel_in_a_clean_environment(self):
        wheels = list(pathlib.Path(WHEELS).glob(f"clapboard-{release.VERSION}-py3-none-*.whl")) if WHEELS else []
        self.assertEqual(len(wheels), 1, "CLAPBOARD_WHEELS has one wheel")
        run(sys.executable, "-m", "venv", self.work / "venv")
        run(self.work / "venv/bin/pip", "install", "--quiet", "--no-index", "--no-deps", wheels[0])
        self.assert_checks(self.work / "venv/bin/clapboard")

    @needs("pre-commit")
    def test_the_hook_installs_the_wheel(self):
        git = ["git", "-c", "user.name=A", "-c", "user.email=a@films.example", "-c", "commit.gpgsign=false"]
        hooks, film = self.work / "hooks", self.work / "film"
        for folder in [hooks, film]:
            run("git", "init", "--quiet", folder)
        for name in [".pre-commit-hooks.yaml", "setup.py", "Cargo.toml"]:
            shutil.copy(ROOT / name, hooks)
        shutil.copy(self.work / "a.storyboard.yaml", film)
        run("git", "add", "--all", cwd=hooks)
        run(*git, "commit", "--quiet", "--message", "Hooks", cwd=hooks)
        head = run("git", "rev-parse", "HEAD", cwd=hooks).strip()
        config = f"repos:\n- repo: {hooks}\n  rev: {head}\n  hooks:\n  - id: clapboard\n"
        (film / ".pre-commit-config.yaml").write_text(config)
        run("git", "add", "--all", cwd=film)
        environment = {
            **os.environ,
            "PATH": f"{pathlib.Path(shutil.which('pre-commit') or '').parent}:/usr/bin:/bin",
            "PRE_COMMIT_HOME": str(self.work / "hooks-home"),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(pathlib.Path(WHEELS).resolve()),
        }
        told = run("pre-commit", "run", "--all-files", status=1, cwd=film, env=environment)
        self.assertIn("unknown-field", told)

    @needs("npm")
    def test_npm_packages_in_an_empty_folder(self):
        release.npm(self.archives, self.root / "npm", "https://git.example/films/clapboard")
        launcher = json.loads((self.root / "npm/clapboard/package.json").read_text())
        part = f"clapboard-linux-{SYSTEM[0]}"
        self.assertEqual(launcher["optionalDependencies"], {part: release.VERSION})
        for name in ["clapboard", part]:
            run("npm", "pack", "--silent", self.root / "npm" / name, cwd=self.work)
        (self.work / "package.json").write_text("{}")
        tarballs = sorted(self.work.glob("*.tgz"))
        self.assertEqual(len(tarballs), 2)
        quiet = ["--offline", "--no-audit", "--no-fund", "--silent", "--cache", self.work / "cache"]
        run("npm", "install", *quiet, *tarballs, cwd=self.work)
        command = self.work / "node_modules/.bin/clapboard"
        self.assert_checks(command)
        shutil.rmtree(self.work / "node_modules" / part)
        told = run(command, "check", status=2, cwd=self.work)
        self.assertIn(f"the package `{part}`", told)
        self.assertIn("--include=optional", told)

    @needs("node")
    def test_the_launcher_gives_signals_to_the_program(self):
        part = self.work / "node_modules" / f"clapboard-linux-{SYSTEM[0]}"
        part.mkdir(parents=True)
        (part / "package.json").write_text("{}")
        (part / "clapboard").write_text('#!/bin/sh\ntrap "exit 130" TERM\necho ready\nwhile :; do sleep 0.1; done\n')
        (part / "clapboard").chmod(0o755)
        shutil.copy(HERE / "npm/launcher.js", self.work)
        (self.work / "package.json").write_text('{"optionalDependencies": {}}')
        with subprocess.Popen(["node", self.work / "launcher.js"], stdout=subprocess.PIPE, text=True) as launcher:
            self.assertEqual(launcher.stdout.readline(), "ready\n")
            launcher.terminate()
            self.assertEqual(launcher.wait(timeout=60), 130)

    def test_the_shell_installer(self):
        run("sh", self.archives / "install.sh", self.work / "bin")
        self.assert_checks(self.work / "bin/clapboard")
        run("sh", self.archives / "install.sh", self.work / "bin")

    def test_the_shell_installer_refuses_another_archive(self):
        wrong = self.root / "wrong"
        wrong.mkdir(exist_ok=True)
        (wrong / release.archive_name(TARGET)).write_bytes(b"something else")
        environment = {**os.environ, "CLAPBOARD_DOWNLOAD": f"{self.address}/wrong"}
        told = run("sh", self.archives / "install.sh", self.work / "bin", status=1, env=environment)
        self.assertIn("not the one that was released", told)
        self.assertFalse((self.work / "bin").exists())

    def action(self, **variables):
        """The action's installation step, as GitHub's runner runs it."""
        environment = {
            **os.environ,
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_SERVER_URL": self.address,
            "GITHUB_REPOSITORY": "someone/film",
            "ACTION_REPOSITORY": "films/clapboard",
            "RUNNER_OS": "Linux",
            "RUNNER_ARCH": SYSTEM[1],
            "RUNNER_TEMP": str(self.work / "temp"),
            **variables,
        }
        return {"args": ["bash", HERE / "action/install.sh"], "env": environment}

    def test_the_action_installs_the_released_program(self):
        step = self.action()
        run(*step["args"], env=step["env"])
        self.assert_checks(self.work / "temp/clapboard/bin/clapboard")

    def test_the_action_finds_its_repository_in_its_path(self):
        there = self.work / "_actions/films/clapboard/v1"
        there.mkdir(parents=True)
        shutil.copy(ROOT / "Cargo.toml", there)
        step = self.action(GITHUB_ACTION_PATH=str(there), ACTION_REPOSITORY="")
        run(*step["args"], env=step["env"])
        self.assert_checks(self.work / "temp/clapboard/bin/clapboard")

    def test_the_action_refuses_another_archive(self):
        folder = self.root / "other/clapboard/releases/download" / f"v{release.VERSION}"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(self.archives / "SHA256SUMS", folder)
        (folder / release.archive_name(TARGET)).write_bytes(b"something else")
        step = self.action(ACTION_REPOSITORY="other/clapboard")
        self.assertIn("not the one that was released", run(*step["args"], env=step["env"], status=1))

    def test_the_action_builds_where_nothing_is_released(self):
        tools = self.work / "tools"
        tools.mkdir()
        for name in ["rustup", "cargo"]:
            (tools / name).write_text(f'#!/bin/sh\necho "{name} $*"\n')
            (tools / name).chmod(0o755)
        for change in [{"RUNNER_ARCH": "S390X"}, {"ACTION_REPOSITORY": "no/release"}]:
            step = self.action(**change)
            step["env"]["PATH"] = f"{tools}:{step['env']['PATH']}"
            told = run(*step["args"], env=step["env"])
            self.assertIn("cargo +stable install --locked --no-default-features", told)

    def test_the_action_keeps_one_comment(self):
        git = ["git", "-c", "user.name=A", "-c", "user.email=a@films.example", "-c", "commit.gpgsign=false"]
        run("git", "init", "--quiet", cwd=self.work)
        run(*git, "commit", "--quiet", "--allow-empty", "--message", "Base", cwd=self.work)
        base = run("git", "rev-parse", "HEAD", cwd=self.work).strip()
        (self.work / "a.storyboard.yaml").write_text(FILM)
        tools = self.work / "temp/clapboard/bin"
        tools.mkdir(parents=True)
        os.symlink(pathlib.Path(PROGRAM).resolve(), tools / "clapboard")
        # GitHub's tool, which knows one earlier comment, or none, or is not allowed to write.
        (tools / "gh").write_text('#!/bin/sh\necho "gh $*" >>"$CALLS"\ncase "$*" in\n*--jq*) echo "$EARLIER" ;;\n*) exit "$DENIED" ;;\nesac\n')
        (tools / "gh").chmod(0o755)
        environment = {
            **os.environ,
            "PATH": f"{tools}:{os.environ['PATH']}",
            "BASE": base,
            "NUMBER": "7",
            "PATHS": ".",
            "CALLS": str(self.work / "calls"),
            "EARLIER": "",
            "DENIED": "0",
            "GITHUB_REPOSITORY": "someone/film",
            "GITHUB_STEP_SUMMARY": str(self.work / "summary.md"),
            "RUNNER_TEMP": str(self.work / "temp"),
        }

        def calls(**change):
            (self.work / "calls").write_text("")
            told = run("bash", HERE / "action/comment.sh", cwd=self.work, env={**environment, **change})
            return told, (self.work / "calls").read_text()

        self.assertIn("--method POST repos/someone/film/issues/7/comments", calls()[1])
        body = (self.work / "temp/clapboard/comment.md").read_text()
        self.assertIn("dock-010", body)
        self.assertIn("--method PATCH repos/someone/film/issues/comments/42", calls(EARLIER="42")[1])
        self.assertIn("pull-requests: write", calls(DENIED="1")[0])
        self.assertIn("dock-010", (self.work / "summary.md").read_text())

    @needs("ruby")
    def test_the_formula_is_ruby_and_has_every_address(self):
        formula = self.archives / "clapboard.rb"
        run("ruby", "-c", formula)
        digest = hashlib.sha256((self.archives / release.archive_name(TARGET)).read_bytes()).hexdigest()
        self.assertIn(f'sha256 "{digest}"', formula.read_text())
        self.assertNotIn("@", formula.read_text())

    def test_the_static_program_runs_in_an_empty_folder_as_the_image_has_it(self):
        release.image(self.archives, self.root / "image")
        lines = (self.root / "image/Dockerfile").read_text().splitlines()
        self.assertIn("FROM scratch", lines)
        empty = self.work / "root"
        for line in lines:
            if line.startswith("COPY "):
                source, target = line.split()[1:]
                destination = empty / target.lstrip("/")
                destination.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(self.root / "image" / source.replace("${TARGETARCH}", SYSTEM[2]), destination)
        user = next(line for line in lines if line.startswith("USER ")).split()[1]
        films = empty / next(line for line in lines if line.startswith("WORKDIR ")).split()[1].lstrip("/")
        films.mkdir()
        shutil.copy(self.work / "a.storyboard.yaml", films)
        for folder in [self.work, empty, films]:
            folder.chmod(0o755)
        if os.geteuid() != 0:
            self.skipTest("not run: chroot needs root")
        command = [shutil.which("chroot"), f"--userspec={user}", empty, "/clapboard", "check", "--format", "concise", "films"]
        told = run(*command, status=1, env={})
        self.assertIn("a.storyboard.yaml:6:5: error[unknown-field]", told)

    def test_the_work_that_a_release_is_optimized_for_is_done(self):
        run(sys.executable, HERE / "pypi/workload.py", env=self.without_path(pathlib.Path(PROGRAM).resolve().parent))

    def test_the_archive_is_small_and_the_same_each_time(self):
        first = (self.archives / release.archive_name(TARGET)).read_bytes()
        self.assertLess(len(first), 8_000_000)
        release.archive(TARGET, PROGRAM, self.work / "again")
        self.assertEqual(first, (self.work / "again" / release.archive_name(TARGET)).read_bytes())
        with tarfile.open(self.archives / release.archive_name(TARGET)) as archive:
            names = {name.split("/", 1)[1] for name in archive.getnames()}
        self.assertEqual(names, {"clapboard", *release.DOCUMENTS})

    def test_binstall_finds_the_archives(self):
        manifest = (ROOT / "Cargo.toml").read_text()
        addresses = re.findall(r'^pkg-url = "(.*)"$', manifest, re.MULTILINE)
        for target, form in [(TARGET, addresses[0]), ("x86_64-pc-windows-msvc", addresses[1])]:
            for key, value in {"repo": "", "version": release.VERSION, "target": target}.items():
                form = form.replace(f"{{ {key} }}", value)
            self.assertEqual(form, f"/releases/download/v{release.VERSION}/{release.archive_name(target)}")


    def test_the_problem_matcher_reads_the_concise_format(self):
        matcher = json.loads((ROOT / "docs/problem-matcher.json").read_text())["problemMatcher"][0]
        pattern = matcher["pattern"][0]
        told = run(PROGRAM, "check", "--format", "concise", status=1, cwd=self.work)
        found = [match for match in (re.match(pattern["regexp"], line) for line in told.splitlines()) if match]
        fields = ["file", "line", "column", "severity", "code"]
        self.assertEqual(
            [[match[pattern[field]] for field in fields] for match in found],
            [["a.storyboard.yaml", "6", "5", "error", "unknown-field"]],
        )

    def test_the_skill_names_only_what_the_program_has(self):
        skill = (ROOT / "skills/clapboard/SKILL.md").read_text()
        lines = re.findall(r"`clapboard ([a-z]+)([^`]*)`", skill)
        self.assertGreater(len(lines), 10)
        for command, rest in lines:
            told = run(PROGRAM, command, "--help")
            for option in re.findall(r"--[a-z-]+", rest):
                self.assertIn(option, told, f"clapboard {command}")
        film = re.search(r"```yaml\n(.*?)```", skill, re.DOTALL).group(1)
        (self.work / "a.storyboard.yaml").write_text(film)
        run(PROGRAM, "check", "--deny", "warnings", cwd=self.work)

    def test_the_container_recipe_is_of_this_image(self):
        recipe = (ROOT / "docs/ci.md").read_text()
        image = (HERE / "Dockerfile").read_text()
        self.assertIn(f":{re.search('^WORKDIR (.*)$', image, re.MULTILINE).group(1)}:ro", recipe)
        self.assertIn('ENTRYPOINT ["/clapboard"]', image)
        self.assertIn(f"clapboard:{release.VERSION} /clapboard ", recipe)


class Repository(unittest.TestCase):
    def test_one_version(self):
        release.check_version("v" + release.VERSION)
        with self.assertRaises(SystemExit):
            release.check_version("v99.0.0")

    def test_every_target_is_built_by_the_release(self):
        workflow = (ROOT / ".github/workflows/release.yml").read_text()
        self.assertEqual(sorted(re.findall(r"target: (\S+-\S+)", workflow)), sorted(release.TARGETS))

    def test_the_hooks_package_asks_for_the_wheel_of_its_version(self):
        with tempfile.TemporaryDirectory() as folder:
            run(sys.executable, "setup.py", "--quiet", "egg_info", "--egg-base", folder, cwd=ROOT)
            required = pathlib.Path(folder, "clapboard_hook.egg-info/requires.txt").read_text().strip()
            self.assertEqual(required, f"clapboard=={release.VERSION}")


if __name__ == "__main__":
    unittest.main()
