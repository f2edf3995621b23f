#!/usr/bin/env python3
"""An editor at `clapboard lsp`: from a keystroke to its diagnostics, and the server's memory over 10,000 edits.

    CLAPBOARD=target/dist/clapboard python3 benches/editor.py
"""

import json
import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
HEAD = """storyboard: 1
defaults: { model: kling-v2-6, style: [film] }
styles: { film: "35mm film, fine grain" }
cast: { mara: { look: a woman in her sixties } }
shots:
"""


class Editor:
    def __init__(self, program, folder, shots):
        self.text = HEAD + "".join(
            f"  - id: shot-{number:05}\n    first_frame: frames/a.png\n    duration: 5\n    prompt: $mara walks on, {number}\n"
            for number in range(shots))
        self.uri = (folder / "film.storyboard.yaml").as_uri()
        self.server = subprocess.Popen([program, "lsp"], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.version = 1
        self.say("initialize", {"processId": None, "rootUri": None, "capabilities": {}}, 1)
        self.hear(lambda message: message.get("id") == 1)
        self.say("initialized", {})
        document = {"uri": self.uri, "languageId": "yaml", "version": 1, "text": self.text}
        self.say("textDocument/didOpen", {"textDocument": document})
        self.diagnostics()

    def say(self, method, params, number=None):
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        body = json.dumps(message if number is None else message | {"id": number}).encode()
        self.server.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.server.stdin.flush()

    def hear(self, is_it):
        while True:
            length = 0
            while (line := self.server.stdout.readline().strip()):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            message = json.loads(self.server.stdout.read(length))
            if is_it(message):
                return message

    def diagnostics(self):
        self.hear(lambda message: message.get("method") == "textDocument/publishDiagnostics")

    def type(self, letter):
        """Puts a letter at the end of the film, or takes it away again; milliseconds until its diagnostics are there."""
        self.version += 1
        line, end = self.text.count("\n") - 1, len(self.text.splitlines()[-1])
        start = {"line": line, "character": end}
        change = {"range": {"start": start, "end": start if letter else {"line": line, "character": end + 1}}, "text": letter}
        began = time.perf_counter()
        self.say("textDocument/didChange", {"textDocument": {"uri": self.uri, "version": self.version}, "contentChanges": [change]})
        self.diagnostics()
        return (time.perf_counter() - began) * 1000

    def memory(self):
        status = Path(f"/proc/{self.server.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024

    def close(self):
        self.say("shutdown", None, 2)
        self.hear(lambda message: message.get("id") == 2)
        self.say("exit", None)
        self.server.wait()


def main():
    program = Path(os.environ.get("CLAPBOARD", REPOSITORY / "target/dist/clapboard")).resolve()
    for shots, edits in ((249, 500), (500, 500), (249, 10_000)):
        with tempfile.TemporaryDirectory(prefix="clapboard-editor-") as scratch:
            folder = Path(scratch).resolve()
            (folder / "frames").mkdir()
            shutil.copy(REPOSITORY / "tests/stage/frames/wide.png", folder / "frames/a.png")
            editor = Editor(program, folder, shots)
            times, memory = [], {}
            for edit in range(edits):
                times.append(editor.type("a" if edit % 2 == 0 else ""))
                if edit + 1 in (100, 1000, 5000, 10_000):
                    memory[edit + 1] = round(editor.memory(), 1)
            editor.close()
            times.sort()
            print(f"{shots} shots, {edits} edits: best {times[0]:.2f} ms, middle {times[len(times) // 2]:.2f} ms, "
                  f"1 in 100 over {times[len(times) * 99 // 100]:.2f} ms; MB after so many edits: {memory}", flush=True)


if __name__ == "__main__":
    main()
