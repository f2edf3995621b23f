#!/usr/bin/env bash
# Installs the program of the action's own version into $RUNNER_TEMP/clapboard/bin: the released one, checked; where there is
# none for this machine, one built from the action's source. Called by action.yml.
set -euo pipefail

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$GITHUB_ACTION_PATH/Cargo.toml" | head -1)
bin=$RUNNER_TEMP/clapboard/bin
mkdir -p "$bin"

case "$RUNNER_OS/$RUNNER_ARCH" in
  Linux/X64) target=x86_64-unknown-linux-musl ;;
  Linux/ARM64) target=aarch64-unknown-linux-musl ;;
  macOS/X64) target=x86_64-apple-darwin ;;
  macOS/ARM64) target=aarch64-apple-darwin ;;
  Windows/X64) target=x86_64-pc-windows-msvc ;;
  *) target='' ;;
esac

build() {
  echo "::notice title=clapboard::$1; clapboard is built from source, which takes some minutes"
  rustup toolchain install stable --profile minimal --no-self-update
  # Without the parts that talk to Kling: the action needs none of them.
  cargo +stable install --locked --no-default-features --features cli --path "$GITHUB_ACTION_PATH" --root "${bin%/bin}"
  exit
}

fetch() { curl --fail --silent --show-error --location --retry 3 --retry-delay 2 --output "$work/$1" "$from/$1"; }

[ -n "$target" ] || build "there is no program for $RUNNER_OS on $RUNNER_ARCH"

# The repository that the action comes from. GitHub gives its name to composite actions in the path only.
repository=$ACTION_REPOSITORY
case "$GITHUB_ACTION_PATH" in
  */_actions/*/*/*)
    rest=${GITHUB_ACTION_PATH##*/_actions/}
    repository=$(cut -d/ -f1-2 <<<"$rest")
    ;;
esac
from=$GITHUB_SERVER_URL/${repository:-$GITHUB_REPOSITORY}/releases/download/v$version
folder=clapboard-v$version-$target
archive=$folder.tar.gz
if [ "$RUNNER_OS" = Windows ]; then archive=$folder.zip; fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fetch SHA256SUMS || build "there is no release v$version"
fetch "$archive" || build "release v$version has no $archive"

# What the release says of the archive; and, where GitHub's own tool is there, what its build attested.
wanted=$(awk -v name="$archive" '$2 == name { print $1 }' "$work/SHA256SUMS")
found=$( (sha256sum <"$work/$archive" || shasum -a 256 <"$work/$archive") 2>/dev/null | cut -d' ' -f1)
if [ -z "$wanted" ] || [ "$wanted" != "$found" ]; then
  echo "::error title=clapboard::$archive is not the one that was released (SHA-256 $found, expected ${wanted:-none})"
  exit 1
fi
if [ "$GITHUB_SERVER_URL" = https://github.com ] && command -v gh >/dev/null; then
  gh attestation verify "$work/$archive" --repo "${repository:-$GITHUB_REPOSITORY}"
fi

if [ "$RUNNER_OS" = Windows ]; then
  unzip -q "$work/$archive" -d "$work"
else
  tar -xzf "$work/$archive" -C "$work"
fi
cp "$work/$folder"/clapboard* "$bin/"
