#!/usr/bin/env python3
"""Tests of compare_facts.py on pages of our own: `python3 tools/test_compare_facts.py MODELS_JSON`."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).parent
MODELS = Path(sys.argv.pop()) if len(sys.argv) > 1 else None

PAGE = """# Image to video

POST https://api.example.com/image-to-video/{name}

| field | meaning |
| --- | --- |
| contents[].type | enum: prompt, first_frame{items} |
| contents[].text | at most {limit} characters |
| settings.resolution | {resolutions} |
| settings.duration | {seconds} |
"""

GOOD = {
    "kling-3.0": {"items": ", last_frame, element", "limit": "3,072", "resolutions": "720p, 1080p, 4k", "seconds": "3 - 15"},
    "kling-3.0-turbo": {"items": "", "limit": "2500", "resolutions": "720p, 1080p", "seconds": "3 - 15"},
    "kling-2.6": {"items": ", last_frame, voice", "limit": "2500", "resolutions": "720p, 1080p", "seconds": "allowed values: 5, 10"},
    "kling-2.5-turbo": {"items": ", last_frame", "limit": "2500", "resolutions": "720p, 1080p", "seconds": "allowed values: 5, 10"},
}


class Compare(unittest.TestCase):
    def run_with(self, changes, more=()):
        with tempfile.TemporaryDirectory() as folder:
            for name, page in GOOD.items():
                page = {**page, **changes.get(name, {})}
                Path(folder, f"{name}.md").write_text(PAGE.format(name=name, **page), encoding="utf-8")
            for name, text in more:
                Path(folder, name).write_text(text, encoding="utf-8")
            command = [sys.executable, HERE / "compare_facts.py", MODELS, folder]
            return subprocess.run(command, capture_output=True, text=True, check=False)

    def test_pages_that_say_what_the_facts_say(self):
        ran = self.run_with({})
        self.assertEqual((ran.returncode, ran.stdout), (0, ""), ran.stdout)
        self.assertIn("4 endpoints compared, 0 differences", ran.stderr)

    def test_each_kind_of_change(self):
        for change, words in [
            ({"limit": "4,000"}, "a text may have 4000 characters, and the facts have 3072"),
            ({"resolutions": "720p, 1080p"}, "resolutions are 1080p, 720p"),
            ({"seconds": "3 - 20"}, "lengths are"),
            ({"items": ", last_frame, middle_frame"}, "middle_frame"),
            ({"seconds": "- | \nkling-3.0 has been discontinued | "}, "retired"),
        ]:
            ran = self.run_with({"kling-3.0": change})
            self.assertEqual(ran.returncode, 1, change)
            self.assertIn(words, ran.stdout)

    def test_a_new_endpoint_and_one_that_is_gone(self):
        ran = self.run_with({}, [("next.html", "<p>POST /image-to-video/kling-4.0</p><p>duration: 3 to 30</p>")])
        self.assertEqual(ran.returncode, 1)
        self.assertIn("kling-4.0: an endpoint that the facts do not have", ran.stdout)
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "x.md").write_text("nothing\x1b[31m here", encoding="utf-8")
            command = [sys.executable, HERE / "compare_facts.py", MODELS, folder]
            ran = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertIn("kling-2.6: no page names it", ran.stdout)
        self.assertNotIn("\x1b", ran.stdout)

    def test_what_cannot_be_compared_is_an_error(self):
        with tempfile.TemporaryDirectory() as folder:
            for arguments in [[MODELS, folder], ["nowhere.json", folder], []]:
                command = [sys.executable, HERE / "compare_facts.py", *map(str, arguments)]
                self.assertEqual(subprocess.run(command, capture_output=True, check=False).returncode, 2, arguments)

    def test_the_facts_are_the_programs(self):
        facts = json.loads(MODELS.read_text(encoding="utf-8"))
        self.assertGreater(len(facts["models"]), 4)


if __name__ == "__main__":
    if MODELS is None:
        sys.exit("say where the output of `clapboard models --format json` is")
    unittest.main()
