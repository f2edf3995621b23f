#!/usr/bin/env python3
"""Draws the README's pictures of the terminal from what the program really prints.

  UPDATE=1 cargo test --test suite -- generated

runs this with $CLAPBOARD as the program; it writes docs/terminal-light.svg and docs/terminal-dark.svg. With --check it says
which of them is stale and exits 1. Needs Python 3.8 and nothing else.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
from xml.sax.saxutils import escape

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = os.environ.get("CLAPBOARD", ROOT / "target/debug/clapboard")
COLUMNS = 100

WRONG = """storyboard: 1
defaults:
  model: kling-v2-6
  sound: off
shots:
  - id: harbour-010
    first_frame: frames/harbour-empty.png
    last_frame: frames/harbour-ferry.png
    prompt: Fog lifts off the water and the old ferry slides into view.
  - id: quay-010
    first_frame: frames/harbour-ferry.png
    promt: A rope lands on the quay. Nobody picks it up.
"""
RIGHT = WRONG.replace("  sound", "  mode: pro\n  sound").replace("promt", "prompt")
# What is typed, and the film that is there then.
SCENES = [("clapboard check", WRONG), ("clapboard plan", RIGHT)]

# The colours of the terminal, by ANSI's numbers.
THEMES = {
    "light": {"paper": "#ffffff", "edge": "#d0d7de", "text": "#24292f", "31": "#cf222e", "32": "#116329", "33": "#7d4e00",
              "34": "#0550ae", "35": "#8250df", "36": "#1b7c83", "90": "#57606a"},
    "dark": {"paper": "#0d1117", "edge": "#30363d", "text": "#e6edf3", "31": "#ff7b72", "32": "#7ee787", "33": "#e3b341",
             "34": "#79c0ff", "35": "#d2a8ff", "36": "#76e3ea", "90": "#8b949e"},
}
SIZE, WIDTH, HEIGHT, MARGIN = 14, 8.4, 19, 18


def printed(command, film, folder):
    """The lines that a command prints, with colours."""
    (folder / "film.storyboard.yaml").write_text(film, encoding="utf-8")
    environment = {"PATH": "", "COLUMNS": str(COLUMNS), "LC_ALL": "C.UTF-8", "TERM": "xterm"}
    done = subprocess.run(
        [PROGRAM, *command.split()[1:], "--color", "always"], cwd=folder, env=environment, check=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )
    return done.stdout.decode("utf-8").rstrip("\n").split("\n")


def spans(line):
    """A line's pieces, each with the codes of its colours."""
    codes = []
    for piece in re.split(r"(\x1b\[[0-9;]*m|\x1b\]8;.*?(?:\x1b\\|\x07))", line):
        if piece.startswith("\x1b["):
            for code in piece[2:-1].split(";"):
                codes = [] if code in ("", "0") else [*codes, code]
        elif piece and not piece.startswith("\x1b"):
            yield piece, codes


def wrapped(line):
    """The line as a terminal of COLUMNS breaks it: rows of pieces."""
    rows, used = [[]], 0
    for text, codes in spans(line):
        while text:
            if used == COLUMNS:
                rows.append([])
                used = 0
            part, text = text[: COLUMNS - used], text[COLUMNS - used :]
            rows[-1].append((part, codes))
            used += len(part)
    return rows


def drawn(rows, theme):
    width, height = COLUMNS * WIDTH + 2 * MARGIN, len(rows) * HEIGHT + 2 * MARGIN
    svg = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}">',
        f'<rect x="0.5" y="0.5" width="{width - 1:g}" height="{height - 1:g}" rx="8" fill="{theme["paper"]}" stroke="{theme["edge"]}"/>',
        f'<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,DejaVu Sans Mono,monospace" font-size="{SIZE}" fill="{theme["text"]}" style="white-space:pre" xml:space="preserve">',
    ]
    for number, row in enumerate(rows):
        column = 0
        for text, codes in row:
            looks = "".join(f' fill="{theme[code]}"' for code in codes if code in theme)
            looks += ' font-weight="bold"' if "1" in codes else ""
            looks += ' text-decoration="underline"' if "4" in codes else ""
            looks += ' opacity="0.6"' if "2" in codes else ""
            shown = text.lstrip(" ")
            x = MARGIN + (column + len(text) - len(shown)) * WIDTH
            y, length = MARGIN + (number + 0.75) * HEIGHT, len(shown) * WIDTH
            if shown:
                # The length is given, so that columns meet whatever the font is.
                svg.append(f'<text x="{x:g}" y="{y:g}" textLength="{length:g}"{looks}>{escape(shown)}</text>')
            column += len(text)
    return "\n".join([*svg, "</g>", "</svg>"]) + "\n"


def main():
    rows = []
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "frames").mkdir()
        for frame in ["harbour-empty.png", "harbour-ferry.png"]:
            shutil.copy(ROOT / "examples/ferry/frames" / frame, folder / "frames")
        for command, film in SCENES:
            rows += [[]] if rows else []
            rows += [[("$ ", ["90"]), (command, ["1"])]]
            for line in printed(command, film, folder):
                rows += wrapped(line)
    stale = False
    for name, theme in THEMES.items():
        path, picture = ROOT / f"docs/terminal-{name}.svg", drawn(rows, theme)
        if path.exists() and path.read_text(encoding="utf-8") == picture:
            continue
        if "--check" in sys.argv[1:]:
            print(f"{path.relative_to(ROOT)} is stale: run UPDATE=1 cargo test --test suite -- generated")
            stale = True
        else:
            path.write_bytes(picture.encode())
            print(f"wrote {path.relative_to(ROOT)}")
    sys.exit(stale)


if __name__ == "__main__":
    main()
