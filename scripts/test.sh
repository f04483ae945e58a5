#!/bin/sh
# All that decides whether a change is good: set-up, lint, types, layer rules, unused code, build, tests.
# The last line is `N passed, N failed, N skipped`.
set -eu
cd "$(dirname "$0")/.."
sh scripts/setup.sh
sh scripts/packages.sh
PATH=$PWD/node_modules/.bin:$PATH
export PATH
npm run --silent check
node scripts/build.ts
exec vitest run "$@"
