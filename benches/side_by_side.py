#!/usr/bin/env python3
"""Whole processes side by side: clapboard, and what it is measured against, in turns on the same files.

    CLAPBOARD=target/dist/clapboard YARDSTICK=FOLDER python3 benches/side_by_side.py [SECTION]...

`README.md` beside this file says how the programs are built. Each figure is the best of several turns, so that another process
of the machine spoils none of them.
"""

import os
import shutil
import struct
import sys
import tempfile
import time
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent
SCHEMA = REPOSITORY / "schemas/storyboard.schema.json"

HEAD = """storyboard: 1
defaults: { model: kling-v2-6, style: [film] }
styles: { film: "35mm film, fine grain" }
cast: { mara: { look: a woman in her sixties } }
shots:
"""
TOML_HEAD = """storyboard = 1
defaults = { model = "kling-v2-6", style = ["film"] }
styles = { film = "35mm film, fine grain" }
cast = { mara = { look = "a woman in her sixties" } }
"""


def program(variable, default):
    found = Path(os.environ.get(variable, default)).resolve()
    if not found.exists():
        sys.exit(f"{found} is not there: build it, or set {variable}")
    return found


def turn(command, folder, threads=None, out=os.devnull):
    """Runs a command once: seconds from start to exit, seconds of processor, and the most memory in megabytes."""
    environment = dict(os.environ, NO_COLOR="1")
    if threads:
        environment["RAYON_NUM_THREADS"] = str(threads)
    path = shutil.which(str(command[0])) or sys.exit(f"{command[0]} is not installed")
    os.chdir(folder)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [(os.POSIX_SPAWN_OPEN, 1, str(out), flags, 0o644), (os.POSIX_SPAWN_OPEN, 2, os.devnull, flags, 0o644)]
    began = time.perf_counter()
    child = os.posix_spawn(path, [str(part) for part in command], environment, file_actions=actions)
    _, status, usage = os.wait4(child, 0)
    spent = time.perf_counter() - began
    if os.waitstatus_to_exitcode(status) not in (0, 1):
        sys.exit(f"{command[0]} ended with {status}")
    return spent, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def race(contestants, folder, turns):
    """Lets commands run in turns; the best of each."""
    runs = {name: [] for name in contestants}
    for _ in range(turns):
        for name, given in contestants.items():
            runs[name].append(turn(folder=folder, **given))
    return {name: tuple(min(column) for column in zip(*found)) for name, found in runs.items()}


def show(title, rows, bar=None, met=None):
    print(f"\n{title}")
    for name, (spent, processor, memory) in rows.items():
        print(f"  {name:42} {spent * 1000:10.2f} ms   {processor * 1000:10.2f} ms CPU   {memory:7.1f} MB")
    if bar:
        print(f"  -> {met:.2f} (bar: {bar})", flush=True)


def shot(number, prompt="$mara walks on"):
    return f"  - id: shot-{number:05}\n    first_frame: frames/a.png\n    prompt: {prompt} {number}.\n"


def toml_shot(number):
    return f'[[shots]]\nid = "shot-{number:05}"\nfirst_frame = "frames/a.png"\nprompt = "$mara walks on {number}."\n'


def project(folder):
    (folder / "frames").mkdir(parents=True)
    (folder / "clapboard.toml").write_text("")
    shutil.copy(REPOSITORY / "tests/stage/frames/wide.png", folder / "frames/a.png")
    return folder


def films(folder, files, shots=18, toml=False):
    """A project of so many films."""
    project(folder)
    text = TOML_HEAD + "".join(map(toml_shot, range(shots))) if toml else HEAD + "".join(map(shot, range(shots)))
    for number in range(files):
        (folder / f"film-{number:05}.storyboard.{'toml' if toml else 'yaml'}").write_text(text)
    return folder


def png(pixels, length):
    """A PNG's head and so many bytes that nothing packs."""
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
    head = struct.pack(">IIBBBBB", *pixels, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", os.urandom(length)) + chunk(b"IEND", b"")


def events(clapboard, yardstick, scratch):
    folder = films(scratch / "events", 1000)
    for threads in (1, 2):
        rows = race({
            "clapboard check": {"command": [clapboard, "check", "."], "threads": threads},
            "the YAML parser's events": {"command": [yardstick / "yardstick", "events", "."], "threads": threads},
        }, folder, 15)
        spent = [row[0] for row in rows.values()]
        show(f"check, against bare parser events: 1,000 films, threads: {threads}", rows, "1.5", spent[0] / spent[1])


def threads(clapboard, _, scratch):
    for count in (1000, 5000):
        folder = films(scratch / f"threads-{count}", count)
        rows = race({f"{n} thread(s)": {"command": [clapboard, "check", "."], "threads": n} for n in (1, 2)}, folder, 10)
        spent = [row[0] for row in rows.values()]
        show(f"check of {count} films", rows, "at least 1.8", spent[0] / spent[1])


def peers(clapboard, _, scratch):
    folder = films(scratch / "peers-yaml", 1000)
    found = sorted(folder.glob("*.yaml"))
    # Many short turns of ours take as long as one of theirs.
    ours = {"clapboard check": {"command": [clapboard, "check", "."]}}
    theirs = {"check-jsonschema": {"command": ["check-jsonschema", "--schemafile", SCHEMA, *found]}}
    rows = race(ours, folder, 15) | race(theirs, folder, 2)
    spent = [row[0] for row in rows.values()]
    show("check, against check-jsonschema: 1,000 YAML films", rows, "at least 100", spent[1] / spent[0])
    folder = films(scratch / "peers-toml", 1000, toml=True)
    (folder / "tombi.toml").write_text(f'[[schemas]]\npath = "{SCHEMA}"\ninclude = ["*.storyboard.toml"]\n')
    quick = {"taplo check": {"command": ["taplo", "check", "--schema", SCHEMA.as_uri(), *sorted(folder.glob("film*.toml"))]}}
    slow = {"tombi lint": {"command": ["tombi", "lint", "--offline", *sorted(folder.glob("film*.toml"))]}}
    rows = race(ours | quick, folder, 10) | race(slow, folder, 2)
    ours, *others = [row[0] for row in rows.values()]
    show("check, against taplo and tombi: 1,000 TOML films", rows, "at least 5, of the quicker one", min(others) / ours)


def one(clapboard, yardstick, scratch):
    folder = films(scratch / "one", 1)
    film = "film-00000.storyboard.yaml"
    rows = race({
        "clapboard check": {"command": [clapboard, "check", film]},
        "clapboard --version": {"command": [clapboard, "--version"]},
        "an empty program that reads the file": {"command": [yardstick / "empty", film]},
    }, folder, 200)
    ours, _, empty = [row[0] for row in rows.values()]
    show("one film of 18 shots, from start to exit", rows, "1.5", ours / empty)


def pictures(clapboard, yardstick, scratch):
    folder = project(scratch / "pictures")
    picture = png((1280, 720), 5_000_000)
    shots = ""
    for number in range(100):
        (folder / f"frames/{number:03}.png").write_bytes(picture[:100] + os.urandom(16) + picture[116:])
        shots += f"  - {{ id: s{number}, first_frame: frames/{number:03}.png, prompt: Fog {number}. }}\n"
    (folder / "film.storyboard.yaml").write_text(f"storyboard: 1\ndefaults: {{ model: kling-v3 }}\nshots:\n{shots}")
    (folder / "frames/a.png").unlink()
    for name, out in (("a file", folder / "out"), ("nowhere", os.devnull)):
        rows = race({
            "clapboard compile --format jsonl": {"command": [clapboard, "compile", "--format", "jsonl"], "out": out},
            "read, encode with SIMD, write": {"command": [yardstick / "yardstick", "base64", "frames"], "out": out},
        }, folder, 5)
        spent = [row[0] for row in rows.values()]
        show(f"compile of 100 frames of 5 MB, to {name}", rows, "1.3", spent[0] / spent[1])
    (folder / "out").unlink()


def curve(clapboard, title, sizes, make, arguments=("check",), each="1"):
    print(f"\n{title}")
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="clapboard-curve-") as scratch:
            folder = Path(scratch) / "project"
            make(folder, size)
            (_, processor, memory), = race({"": {"command": [clapboard, *arguments]}}, folder, 3).values()
        print(f"  {size:8}  {processor * 1000:9.1f} ms CPU  {processor * 1e6 / size:8.1f} us each  {memory:7.1f} MB", flush=True)


def film(make):
    """A project of one film, from its text at a size."""
    def write(folder, size):
        (project(folder) / "film.storyboard.yaml").write_text(make(size))
    return write


def linear(clapboard, _, scratch):
    curve(clapboard, "files of 18 shots", (100, 1000, 10_000), lambda folder, size: films(folder, size))
    curve(clapboard, "shots in one file", (100, 1000, 10_000), film(lambda size: HEAD + "".join(map(shot, range(size)))))
    curve(clapboard, "files of 18 shots, in TOML", (100, 1000, 10_000), lambda folder, size: films(folder, size, toml=True))
    curve(clapboard, "shots in one file, planned", (100, 1000, 10_000),
          film(lambda size: HEAD + "".join(map(shot, range(size)))), ("plan",))


def short(number, rest):
    return f"  - {{ id: s{number}, model: kling-v2-6, first_frame: frames/a.png, {rest} }}\n"


ATTACKS = {
    "findings in every shot": (2000, lambda n: HEAD + "".join(shot(i, "TODO walk $nobody home") for i in range(n))),
    "missing frames": (2000, lambda n: "storyboard: 1\nshots:\n" + "".join(
        short(i, f"last_frame: frames/f{i}.png, prompt: A.") for i in range(n))),
    "one id for all": (2000, lambda n: "storyboard: 1\nshots:\n" + short(1, "prompt: A.") * n),
    "names that nobody has": (1000, lambda n: "storyboard: 1\ncast:\n"
        + "".join(f"  p{i}: {{ look: old }}\n" for i in range(n))
        + "shots:\n" + "".join(short(i, f"style: [q{i}], prompt: '$q{i} waves.'") for i in range(n))),
    "a long prompt": (100_000, lambda n: "storyboard: 1\nshots:\n" + short(1, f"prompt: '{'fog ' * n}'")),
    "a long name, named often": (1000, lambda n: f"storyboard: 1\ncast: {{ m: {{ name: '{'Mara ' * 400}' }} }}\nshots:\n"
        + short(1, f"prompt: '{'$m ' * n}'")),
    "a long text by aliases": (500, lambda n: f"storyboard: 1\nx-fog: &fog '{'fog ' * 50 * n}'\nshots:\n"
        + "".join(short(i, "prompt: *fog") for i in range(n))),
    "unknown fields of long names": (500, lambda n: "storyboard: 1\nshots:\n"
        + "".join(short(i, f"{'promt' * 30}{i}: 1") for i in range(n))),
    "unknown keys in one shot": (2000, lambda n: "storyboard: 1\nshots:\n"
        + short(1, ", ".join(f"k{i}: 1" for i in range(n)))),
    "keys that are doubled": (2000, lambda n: "storyboard: 1\nx-a: {" + ", ".join(f"k{i % (n // 2)}: 1" for i in range(n)) + "}\n"),
    "brackets that are never closed": (20_000, lambda n: "storyboard: 1\nx-a: " + "[" * n + "\n"),
    "allow comments": (2000, lambda n: "storyboard: 1\nshots:\n" + "".join(
        short(i, f"prompt: Take {i}.").rstrip() + " # clapboard: allow(todo-in-prompt)\n" for i in range(n))),
}


def attacks(clapboard, _, scratch):
    for name, (size, text) in ATTACKS.items():
        curve(clapboard, name, (size, 2 * size, 4 * size), film(text))


def profiles(clapboard, _, scratch):
    other = program("OTHER", "target/dist/clapboard")
    folder = films(scratch / "profiles", 1000)
    for title, arguments, turns in (("1,000 films", ["check", "."], 10), ("one film", ["check", "film-00000.storyboard.yaml"], 100)):
        rows = race({str(path): {"command": [path, *arguments]} for path in (clapboard, other)}, folder, turns)
        spent = [row[0] for row in rows.values()]
        show(f"two builds: {title}", rows, "none", spent[0] / spent[1])


SECTIONS = {
    "events": events, "threads": threads, "peers": peers, "one": one, "pictures": pictures, "linear": linear,
    "attacks": attacks, "profiles": profiles,
}


def main():
    wanted = sys.argv[1:] or [name for name in SECTIONS if name != "profiles"]
    clapboard = program("CLAPBOARD", REPOSITORY / "target/dist/clapboard")
    yardstick = program("YARDSTICK", HERE / "yardstick/target/release")
    for name in wanted:
        with tempfile.TemporaryDirectory(prefix="clapboard-bench-") as scratch:
            SECTIONS[name](clapboard, yardstick, Path(scratch))
            os.chdir(REPOSITORY)


if __name__ == "__main__":
    main()
