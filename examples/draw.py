#!/usr/bin/env python3
"""Draws the frames and masks of the example films.

    python3 examples/draw.py           draw them all
    python3 examples/draw.py --check   change nothing; exit 1 if a file is not what would be drawn

Needs nothing but Python 3.
"""

import argparse
import sys
from pathlib import Path

sys.dont_write_bytecode = True

from art import ferry, harbour_nights, hello  # noqa: E402
from art.canvas import unpacked  # noqa: E402

HERE = Path(__file__).resolve().parent

PICTURES = {
    **{f"hello/{name}": draw for name, draw in hello.PICTURES.items()},
    **{f"ferry/{name}": draw for name, draw in ferry.PICTURES.items()},
    **{f"harbour-nights/{name}": draw for name, draw in harbour_nights.PICTURES.items()},
}


def main():
    parser = argparse.ArgumentParser(description="Draws the frames and masks of the example films.")
    parser.add_argument(
        "--check", action="store_true", help="change nothing; exit 1 if a file is not what would be drawn"
    )
    parser.add_argument("name", nargs="*", help="only pictures whose path has one of these words in it")
    options = parser.parse_args()

    wanted = {
        name: draw
        for name, draw in PICTURES.items()
        if not options.name or any(word in name for word in options.name)
    }
    faults = [
        f"examples/{name} is not what draw.py draws: run `python3 examples/draw.py`"
        for name, draw in wanted.items()
        if not keep(HERE / name, draw().png(), options.check)
    ]
    if options.check:
        strays = (path.relative_to(HERE).as_posix() for path in sorted(HERE.rglob("*.png")))
        faults += [f"examples/{name} is drawn by nothing: delete it" for name in strays if name not in PICTURES]
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def keep(path, png, check):
    """Writes the picture, or with `check` says whether the file has it already."""
    if check:
        return path.is_file() and unpacked(path.read_bytes()) == unpacked(png)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(png)
    return True


if __name__ == "__main__":
    sys.exit(main())
