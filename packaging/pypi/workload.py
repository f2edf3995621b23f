#!/usr/bin/env python3
"""What a released program is optimized for: a day of a writer and of CI, on the examples and on the films of the tests.

`maturin build --pgo` builds a program that counts, runs this with that program on PATH, and builds again by what was counted.
"""

import pathlib
import shutil
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
COPIES = 40


def clapboard(folder, *arguments, status=0):
    done = subprocess.run(["clapboard", *arguments], cwd=folder, capture_output=True, check=False)
    if done.returncode != status:
        raise SystemExit(f"clapboard {' '.join(arguments)} ended with {done.returncode}:\n{done.stderr.decode()}")


def main():
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        # Many films at once, as in CI.
        correct = scratch / "correct"
        for copy in range(COPIES):
            shutil.copytree(ROOT / "examples", correct / str(copy))
        clapboard(correct, "check")
        # Some of these have a broken `clapboard.toml`: 2.
        broken = shutil.copytree(ROOT / "tests/cases", scratch / "broken")
        for format in ("human", "concise", "json", "sarif"):
            clapboard(broken, "check", "--format", format, status=2)
        # One at a time, as a writer does.
        for film in sorted(correct.glob("0/*/*.storyboard.*")):
            for command in (["check"], ["check", "--fix"], ["plan"], ["compile", "--format", "jsonl"]):
                clapboard(film.parent, *command, film.name)
        clapboard(correct / "0/ferry", "preview", "ferry.storyboard.yaml")


if __name__ == "__main__":
    main()
