#!/bin/sh
# Installs clapboard @VERSION@ for this user: sh install.sh [FOLDER]
# FOLDER is ~/.local/bin if it is not given. The archive's SHA-256 is part of this script.
set -eu

version=@VERSION@
from=${CLAPBOARD_DOWNLOAD:-@URL@/releases/download/v$version}
folder=${1:-$HOME/.local/bin}

fail() {
  echo "clapboard's installer: $*" >&2
  exit 1
}

case "$(uname -s)/$(uname -m)" in
  Linux/x86_64 | Linux/amd64) target=x86_64-unknown-linux-musl hash=@x86_64-unknown-linux-musl@ ;;
  Linux/aarch64 | Linux/arm64) target=aarch64-unknown-linux-musl hash=@aarch64-unknown-linux-musl@ ;;
  Darwin/x86_64) target=x86_64-apple-darwin hash=@x86_64-apple-darwin@ ;;
  Darwin/arm64) target=aarch64-apple-darwin hash=@aarch64-apple-darwin@ ;;
  *) target='' hash='' ;;
esac
[ -n "$hash" ] || fail "there is no program for $(uname -s) on $(uname -m); with Rust: cargo install clapboard"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
name=clapboard-v$version-$target
if command -v curl >/dev/null; then
  curl --fail --silent --show-error --location --output "$work/archive" "$from/$name.tar.gz" || fail "$from/$name.tar.gz cannot be fetched"
elif command -v wget >/dev/null; then
  wget -q -O "$work/archive" "$from/$name.tar.gz" || fail "$from/$name.tar.gz cannot be fetched"
else
  fail "it needs curl or wget"
fi

if command -v sha256sum >/dev/null; then
  found=$(sha256sum <"$work/archive")
else
  found=$(shasum -a 256 <"$work/archive")
fi
[ "${found%% *}" = "$hash" ] || fail "the archive is not the one that was released (SHA-256 ${found%% *}); nothing is installed"

tar -xzf "$work/archive" -C "$work"
mkdir -p "$folder"
# Moved into place, so that a program that is running is not written over.
cp "$work/$name/clapboard" "$folder/.clapboard-$$"
mv -f "$folder/.clapboard-$$" "$folder/clapboard"
echo "installed $("$folder/clapboard" --version) as $folder/clapboard"
case ":$PATH:" in
  *":$folder:"*) ;;
  *) echo "$folder is not on your PATH: add it, or call the program by its full name" ;;
esac
