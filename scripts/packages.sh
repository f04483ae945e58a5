#!/bin/sh
# Installs the Debian packages whose tools the tests compare solder with, when this user may.
# Without them the tests that need them are skipped by name; nothing here makes a run fail.
set -u
missing=
need() { command -v "$1" >/dev/null 2>&1 || missing="$missing $2"; }
need readelf binutils
need xz xz-utils
need clang clang
need ld.lld lld
need llvm-cxxfilt llvm
need musl-gcc musl-tools
need aarch64-linux-gnu-gcc "gcc-aarch64-linux-gnu libc6-dev-arm64-cross"
need qemu-aarch64-static qemu-user-static
need zsh zsh
need fish fish
# LLVM's C++ library has no program of its own to ask for.
clang++ -stdlib=libc++ -include thread -fsyntax-only -x c++ /dev/null 2>/dev/null ||
  missing="$missing libc++-dev libc++abi-dev"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "setup: installing the Debian packages$missing" >&2
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >/dev/null 2>&1
  # shellcheck disable=SC2086 # the list is meant to be split
  apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1 && exit 0
fi
echo "setup: not installed:$missing; the tests that need them will be skipped" >&2
