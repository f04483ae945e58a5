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
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "setup: installing the Debian packages$missing" >&2
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >/dev/null 2>&1
  # shellcheck disable=SC2086 # the list is meant to be split
  apt-get install -y -qq --no-install-recommends $missing >/dev/null 2>&1 && exit 0
fi
echo "setup: not installed:$missing; the tests that need them will be skipped" >&2
