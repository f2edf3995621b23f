#!/usr/bin/env python3
"""Makes what a release consists of, from the programs that were built. Needs Python 3.8 and nothing else.

  release.py version [--check] [TAG]       the version; --check: everything that names it agrees
  release.py targets                       the targets, as JSON for the workflow's matrix
  release.py wheel ARGUMENT...             `maturin build` with these arguments
  release.py archive TARGET PROGRAM OUT    the archive for a target
  release.py npm ARCHIVES OUT [URL]        the npm packages, from the archives
  release.py image ARCHIVES OUT            what the container image is built from, from the archives
  release.py assets ARCHIVES URL           installers, formula and checksums beside the archives

URL is the repository's address. The project knows none: the release run has it from the service it runs on.
"""

import gzip
import hashlib
import io
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent

# target: (npm's system, npm's processor, the image's processor). Linux programs for npm and the image are the static ones.
TARGETS = {
    "x86_64-unknown-linux-gnu": (None, None, None),
    "aarch64-unknown-linux-gnu": (None, None, None),
    "x86_64-unknown-linux-musl": ("linux", "x64", "amd64"),
    "aarch64-unknown-linux-musl": ("linux", "arm64", "arm64"),
    "x86_64-apple-darwin": ("darwin", "x64", None),
    "aarch64-apple-darwin": ("darwin", "arm64", None),
    "x86_64-pc-windows-msvc": ("win32", "x64", None),
}
DOCUMENTS = ["README.md", "CHANGELOG.md", "LICENSE-MIT"]


def manifest(key):
    """A text of Cargo.toml's [package]; empty where it is not there."""
    text = (ROOT / "Cargo.toml").read_text(encoding="utf-8")
    package = text.split("[package]", 1)[1].split("\n[", 1)[0]
    found = re.search(rf'^{key} = "(.*)"$', package, re.MULTILINE)
    return found.group(1) if found else ""


VERSION = manifest("version")


def program(target):
    return "clapboard.exe" if "windows" in target else "clapboard"


def archive_name(target):
    return f"clapboard-v{VERSION}-{target}.{'zip' if 'windows' in target else 'tar.gz'}"


def check_version(tag):
    """Says what does not agree with Cargo.toml's version."""
    lock = re.search(r'name = "clapboard"\nversion = "(.*)"', (ROOT / "Cargo.lock").read_text(encoding="utf-8")).group(1)
    changes = re.search(r"^## \[(\d.*?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE).group(1)
    said = {"Cargo.lock": {lock}, "CHANGELOG.md": {changes}}
    if tag:
        said["the tag"] = {re.sub("^v", "", tag)}
    for name in ["README.md", "docs/ci.md"]:
        text = (ROOT / name).read_text(encoding="utf-8")
        said[name] = set(re.findall(r"(?:\bv|clapboard==|clapboard@|clapboard:)(\d+\.\d+\.\d+)\b", text))
    wrong = [f"{name} says {version}" for name, all in said.items() for version in all if version != VERSION]
    if wrong:
        sys.exit(f"Cargo.toml says {VERSION}, but " + ", ".join(wrong))


def wheel(arguments):
    folder = HERE / "pypi"
    shutil.copy(ROOT / "LICENSE-MIT", folder)
    command = ["maturin", "build", *arguments]
    sys.exit(subprocess.run(command, cwd=folder, check=False).returncode)


def archive(target, binary, out):
    """The same input gives the same bytes: no times, no users."""
    out.mkdir(parents=True, exist_ok=True)
    folder = f"clapboard-v{VERSION}-{target}"
    files = [(program(target), pathlib.Path(binary), 0o755)] + [(name, ROOT / name, 0o644) for name in DOCUMENTS]
    path = out / archive_name(target)
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
            for name, source, mode in files:
                entry = zipfile.ZipInfo(f"{folder}/{name}")
                entry.external_attr = mode << 16
                entry.compress_type = zipfile.ZIP_DEFLATED
                packed.writestr(entry, source.read_bytes())
    else:
        with open(path, "wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
            with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as files_in:
                for name, source, mode in files:
                    entry = tarfile.TarInfo(f"{folder}/{name}")
                    content = source.read_bytes()
                    entry.size, entry.mode = len(content), mode
                    files_in.addfile(entry, io.BytesIO(content))
    print(path)


def unpacked(archives, target):
    """The program in a target's archive."""
    path, inside = archives / archive_name(target), f"clapboard-v{VERSION}-{target}/{program(target)}"
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as packed:
            return packed.read(inside)
    with tarfile.open(path) as packed:
        return packed.extractfile(inside).read()


def built(archives):
    """The targets that have an archive."""
    found = [target for target in TARGETS if (archives / archive_name(target)).exists()]
    if not found:
        sys.exit(f"no archive of version {VERSION} in {archives}")
    return found


def write_program(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(0o755)


def npm(archives, out, url):
    """A launcher, and for each platform a package that has the program and is installed only there."""
    shared = {"version": VERSION, "license": manifest("license")}
    address = url or manifest("repository")
    if address:
        shared["repository"] = {"type": "git", "url": f"git+{address}.git"}
    parts = {}
    for target in built(archives):
        system, processor, _ = TARGETS[target]
        if not system:
            continue
        name = f"clapboard-{system}-{processor}"
        parts[name] = VERSION
        write_program(out / name / program(target), unpacked(archives, target))
        about = {
            "name": name,
            "description": f"The program of the package clapboard, for {system} on {processor}.",
            **shared,
            "os": [system],
            "cpu": [processor],
            "files": [program(target)],
            "preferUnplugged": True,
        }
        write_package(out / name, about)
    launcher = {
        "name": "clapboard",
        "description": manifest("description"),
        **shared,
        "keywords": json.loads(re.search(r"^keywords = (.*)$", (ROOT / "Cargo.toml").read_text(), re.MULTILINE).group(1)),
        "bin": {"clapboard": "launcher.js"},
        "files": ["launcher.js"],
        "engines": {"node": ">=14"},
        "optionalDependencies": parts,
    }
    write_program(out / "clapboard" / "launcher.js", (HERE / "npm" / "launcher.js").read_bytes())
    write_package(out / "clapboard", launcher)
    shutil.copy(ROOT / "README.md", out / "clapboard")


def write_package(folder, about):
    text = json.dumps(about, indent=2, ensure_ascii=False) + "\n"
    (folder / "package.json").write_text(text, encoding="utf-8")
    shutil.copy(ROOT / "LICENSE-MIT", folder / "LICENSE")


def image(archives, out):
    for target in built(archives):
        processor = TARGETS[target][2]
        if processor:
            write_program(out / processor / "clapboard", unpacked(archives, target))
    shutil.copy(HERE / "Dockerfile", out)
    shutil.copy(ROOT / "LICENSE-MIT", out)


def assets(archives, url):
    hashes = {target: hashlib.sha256((archives / archive_name(target)).read_bytes()).hexdigest() for target in built(archives)}
    for name in ["install.sh", "install.ps1", "clapboard.rb"]:
        text = (HERE / name).read_text(encoding="utf-8")
        known = {"VERSION": VERSION, "URL": url, "DESCRIPTION": "Compiler for AI-film storyboards", "LICENSE": manifest("license")}
        for target in TARGETS:
            # A target that was not built: its installers say so.
            known[target] = hashes.get(target, "")
        filled = re.sub(r"@([A-Za-z0-9_-]+)@", lambda place: known[place.group(1)], text)
        (archives / name).write_bytes(filled.encode())
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in sorted(archives.iterdir()) if path.name != "SHA256SUMS"]
    (archives / "SHA256SUMS").write_bytes("".join(sums).encode())


def main(arguments):
    command, *rest = arguments or [""]
    path = pathlib.Path
    if command == "version":
        if "--check" in rest:
            check_version(next((argument for argument in rest if argument != "--check"), None))
        print(VERSION)
    elif command == "targets":
        print(json.dumps(list(TARGETS)))
    elif command == "wheel":
        wheel(rest)
    elif command == "archive" and len(rest) == 3 and rest[0] in TARGETS:
        archive(rest[0], rest[1], path(rest[2]))
    elif command == "npm" and len(rest) in (2, 3):
        npm(path(rest[0]), path(rest[1]), rest[2] if len(rest) == 3 else "")
    elif command == "image" and len(rest) == 2:
        image(path(rest[0]), path(rest[1]))
    elif command == "assets" and len(rest) == 2:
        assets(path(rest[0]), rest[1].rstrip("/"))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
