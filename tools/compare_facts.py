#!/usr/bin/env python3
"""Compares clapboard's facts with saved copies of Kling's pages, and says what differs.

    clapboard models --format json > models.json
    tools/compare_facts.py models.json PAGES

PAGES is a folder of pages on image-to-video with the model in the path, as text, Markdown, HTML or JSON; you have
saved them. Nothing is fetched. What a page does not say is not compared, and counted: a page that says nothing of a known endpoint is
named, for it may have another form by now.

Exit status: 0 nothing differs, 1 something does, 2 it could not be compared.
"""

import html
import json
import re
import sys
from pathlib import Path

ENDPOINT = re.compile(r"/image-to-video/(kling-[0-9][0-9a-z.-]*[0-9a-z])")
RESOLUTION = re.compile(r"\b([0-9]{3,4}p|[248]k)\b")
RANGE = re.compile(r"\b([0-9]{1,2})\s*(?:-|–|~|\.\.|to|through)\s*([0-9]{1,2})\b")
NUMBER = re.compile(r"\b([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)\b")
ITEM = re.compile(r"\b([a-z]+_(?:frame|image|video)|prompt|element|voice)\b")
KNOWN_ITEMS = {"prompt", "first_frame", "last_frame", "element", "voice"}
# Items of other endpoints, which pages name beside these.
OTHER_ITEMS = {"refer_image", "feature_video", "base_video"}
MODES = {"std": "720p", "pro": "1080p", "4k": "4k"}
GONE = re.compile(r"discontinued|retired|no longer available|taken offline", re.I)
LONGEST_PAGE = 4 << 20


def text_of(path):
    """A page's words, tags taken out."""
    with path.open("rb") as file:
        raw = file.read(LONGEST_PAGE).decode("utf-8", "replace")
    if path.suffix.lower() in {".html", ".htm"}:
        raw = re.sub(r"(?is)<(script|style)\b.*?</\1>", " ", raw)
        raw = html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"(?i)</(p|tr|li|div|h[1-6])>", "\n", raw)))
    return raw


def lines_about(text, word):
    return [line for line in text.splitlines() if re.search(word, line, re.I)]


def seconds_in(lines):
    """The lengths that some lines name: a range, or each number of a list."""
    found = set()
    for line in lines:
        ranges = RANGE.findall(line)
        for first, last in ranges:
            if 0 < int(first) < int(last) <= 60:
                found.update(range(int(first), int(last) + 1))
        if not ranges and re.search(r"enum|value|option|allowed|support", line, re.I):
            found.update(int(number) for number in NUMBER.findall(line) if number.isdigit() and 1 < int(number) <= 60)
    return found


def limits_in(lines):
    """The limits of a text that some lines name, in characters."""
    numbers = [int(number.replace(",", "")) for line in lines for number in NUMBER.findall(line)]
    return {number for number in numbers if 1_000 <= number <= 100_000}


def endpoints(models):
    """What the facts have of each endpoint of the new form, by its name in the path."""
    known = {}
    for model in models["models"]:
        for target in model["targets"]:
            match = ENDPOINT.search(target.get("path") or "")
            if target["target"] == "kling" and match:
                known[match.group(1)] = {
                    "model": model["name"],
                    "resolutions": {MODES[mode] for mode in target["modes"]},
                    "seconds": set(target["seconds"]),
                    "limit": target["prompt_characters"],
                    "source": target["source"],
                }
    return known


def sections(text):
    """The parts of a page, each from where an endpoint is named to where the next one is."""
    found = list(ENDPOINT.finditer(text))
    for match, after in zip(found, [*found[1:], None]):
        yield match.group(1), text[match.start() : after.start() if after else len(text)]


def differences(name, part, facts):
    """What a page says of an endpoint that the facts do not say, and how much of it could be compared."""
    compared = 0
    resolutions = set(RESOLUTION.findall("\n".join(lines_about(part, "resolution"))))
    if resolutions:
        compared += 1
        if resolutions != facts["resolutions"]:
            yield f"resolutions are {listed(resolutions)}, and the facts have {listed(facts['resolutions'])}"
    seconds = seconds_in(lines_about(part, "duration"))
    if seconds:
        compared += 1
        if seconds != facts["seconds"]:
            yield f"lengths are {listed(seconds)} s, and the facts have {listed(facts['seconds'])} s"
    limits = limits_in(lines_about(part, "character|length|size must"))
    if limits:
        compared += 1
        if facts["limit"] not in limits:
            yield f"a text may have {listed(limits)} characters, and the facts have {facts['limit']}"
    items = set(ITEM.findall("\n".join(lines_about(part, r"\btype\b"))))
    if items - KNOWN_ITEMS - OTHER_ITEMS:
        yield f"`contents` takes what clapboard does not know: {listed(items - KNOWN_ITEMS - OTHER_ITEMS)}"
    if any(name in line and GONE.search(line) for line in part.splitlines()):
        yield "the page says that it is retired"
    if not compared:
        yield "nothing of it could be compared: the page may have another form now"


def listed(values):
    return ", ".join(str(value) for value in sorted(values)) or "none"


def compare(models, folder):
    known = endpoints(models)
    if not known:
        raise ValueError("these facts have no endpoint of the new form")
    pages = sorted(path for path in Path(folder).rglob("*") if path.is_file() and not path.is_symlink())
    if not pages:
        raise ValueError(f"{folder} has no pages")
    found, seen = [], set()
    for page in pages:
        parts = {}
        for name, part in sections(text_of(page)):
            parts[name] = parts.get(name, "") + "\n" + part
        for name, part in parts.items():
            seen.add(name)
            where = f"{page.relative_to(folder)}: {name}"
            if name not in known:
                found.append(f"{where}: an endpoint that the facts do not have")
                continue
            source = known[name]["source"]
            for difference in differences(name, part, known[name]):
                found.append(f"{where}: {difference} (from {source['page']}, {source['date']})")
    for name in sorted(set(known) - seen):
        found.append(f"{name}: no page names it")
    return found, len(pages), len(seen & set(known))


def main(arguments):
    if len(arguments) != 2:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    try:
        models = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
        found, pages, compared = compare(models, arguments[1])
    except (OSError, ValueError, KeyError, TypeError) as problem:
        print(f"compare_facts: {problem}", file=sys.stderr)
        return 2
    for line in found:
        # Pages come from elsewhere: nothing in them reaches a terminal as it is.
        print("".join(c if c.isprintable() else "?" for c in line))
    print(f"{pages} pages, {compared} endpoints compared, {len(found)} differences.", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
