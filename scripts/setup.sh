#!/bin/sh
# Installs the locked npm packages when they are missing or older than the lockfile.
# Safe to call before every task: it does nothing when all is in place.
set -eu
cd "$(dirname "$0")/.."
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  echo "setup: installing the locked npm packages" >&2
  # `npm ci` would refuse a lockfile without the native packages of platforms that solder does not run on.
  # No package of ours needs an install script; the Node that runs solder comes as a package too.
  install() { npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel=error >&2; }
  install
  # npm leaves out optional packages that the Node it runs on is too old for: now that the right one is there,
  # they are added.
  PATH=$PWD/node_modules/.bin:$PATH
  export PATH
  install
  touch node_modules/.package-lock.json
fi
