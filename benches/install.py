#!/usr/bin/env python3
"""From nothing to the first finding: how long an install takes, with the packages at hand, so that no network is measured.

    cargo build --profile dist --target x86_64-unknown-linux-musl
    python3 packaging/release.py wheel --profile dist --out "$PWD/target/wheels"
    CLAPBOARD=target/x86_64-unknown-linux-musl/dist/clapboard WHEELS=target/wheels python3 benches/install.py
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "packaging"))
import release  # noqa: E402

TARGET = "x86_64-unknown-linux-musl"
FILM = """storyboard: 1
shots:
  - id: a
    model: kling-v2-6
    first_frame: https://frames.example/a.png
    promt: Waves.
"""


def run(*command, **options):
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL, **options)


def finds(command, folder):
    """The first finding ends the measurement; the film has one."""
    done = subprocess.run([str(command), "check"], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 1 and b"unknown-field" in done.stdout, done


def timed(name, size, install):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "a.storyboard.yaml").write_text(FILM)
        start = time.perf_counter()
        finds(install(folder), folder)
        print(f"{name:28} {time.perf_counter() - start:5.2f} s   {size / 1e6:5.1f} MB")


def main():
    program = os.environ["CLAPBOARD"]
    wheel = next(pathlib.Path(os.environ["WHEELS"]).resolve().glob(f"clapboard-{release.VERSION}-py3-none-*.whl"))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        release.archive(TARGET, program, folder / "archives")
        archive = next((folder / "archives").glob("*.tar.gz"))
        release.npm(folder / "archives", folder / "npm", "https://git.example/films/clapboard")
        for name in ["clapboard", "clapboard-linux-x64"]:
            run("npm", "pack", "--silent", folder / "npm" / name, cwd=folder)
        tarballs = sorted(folder.glob("*.tgz"))

        def by_pip(work):
            run(sys.executable, "-m", "venv", work / "venv")
            run(work / "venv/bin/pip", "install", "--quiet", "--no-index", "--no-deps", wheel)
            return work / "venv/bin/clapboard"

        def by_uv(work):
            run("uv", "tool", "install", "--quiet", "--no-index", wheel, env={
                **os.environ, "UV_CACHE_DIR": f"{work}/cache", "UV_TOOL_DIR": f"{work}/tools", "UV_TOOL_BIN_DIR": f"{work}/bin"})
            return work / "bin/clapboard"

        def by_npm(work):
            (work / "package.json").write_text("{}")
            quiet = ["--offline", "--no-audit", "--no-fund", "--silent", "--cache", work / "cache"]
            run("npm", "install", *quiet, *tarballs, cwd=work)
            return work / "node_modules/.bin/clapboard"

        def by_archive(work):
            run("tar", "xzf", archive, "--strip-components=1", "-C", work)
            return work / "clapboard"

        timed("wheel, by pip in a new venv", wheel.stat().st_size, by_pip)
        if shutil.which("uv"):
            timed("wheel, by uv", wheel.stat().st_size, by_uv)
        timed("npm", sum(tarball.stat().st_size for tarball in tarballs), by_npm)
        timed("archive", archive.stat().st_size, by_archive)


if __name__ == "__main__":
    main()
