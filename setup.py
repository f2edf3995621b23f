"""For pre-commit's `language: python`, which installs the hook's repository: the wheel of the same version, no compiler.

The wheel itself is made in packaging/pypi.
"""

import pathlib
import re

from setuptools import setup

manifest = pathlib.Path(__file__).with_name("Cargo.toml").read_text(encoding="utf-8")
version = re.search(r'^version = "(.+)"$', manifest, re.MULTILINE).group(1)

setup(name="clapboard-hook", version=version, install_requires=[f"clapboard=={version}"], packages=[], py_modules=[])
