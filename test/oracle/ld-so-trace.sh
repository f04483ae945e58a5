#!/bin/sh
# ld-so-trace.sh LIST OUTDIR: what the real ld.so does with every program or library in LIST (one path a
# line, each with a slash in it), without running any of them: LD_TRACE_LOADED_OBJECTS stops before the first
# constructor, LD_WARN makes it relocate nevertheless, LD_BIND_NOW leaves no reference for later (ld.so(8)).
# LIBPATH and PRELOAD in the environment are passed on as LD_LIBRARY_PATH and LD_PRELOAD; with CHROOT every
# path is one below that directory.
#
#   bindings.tsv  root, from, symbol, version or -, to, kind (normal or protected)
#   deps.tsv      root, order, name, path or 'not found'
#   undef.tsv     root, from, symbol, version or -
#   errors.tsv    root, exit status, what ld.so wrote to standard error besides undefined symbols
#
# Not seen this way: references of ld.so itself, which it has resolved before it looks at anything else, and
# those of the vDSO, which is part of the kernel. The vDSO is left out of deps.tsv too. Trace mode differs from
# a start in two things: it takes a missing auxiliary filtee for a missing library, and it says of a root
# without DT_NEEDED no more than 'statically linked', whatever is preloaded.
set -eu
list=$1 out=$2
loader=${LOADER:-/lib64/ld-linux-x86-64.so.2}
top=${CHROOT-}
mkdir -p "$out"
for table in bindings deps undef errors; do : >"$out/$table.tsv"; done

set -- LC_ALL=C LD_TRACE_LOADED_OBJECTS=1 LD_WARN=yes LD_BIND_NOW=1 LD_DEBUG=bindings
[ -z "${LIBPATH-}" ] || set -- "$@" "LD_LIBRARY_PATH=$LIBPATH"
[ -z "${PRELOAD-}" ] || set -- "$@" "LD_PRELOAD=$PRELOAD"

# Only a program that names this very loader may be started by the kernel: another one would really run. The
# kernel drops LD_* for set-id programs, and a library cannot be started at all.
is_program() {
  case ${1##*/} in *.so | *.so.*) return 1 ;; esac
  [ -x "$top$1" ] && [ ! -u "$top$1" ] && [ ! -g "$top$1" ] || return 1
  LC_ALL=C readelf -lW "$top$1" 2>/dev/null | grep -qF "interpreter: $loader]"
}

trace() {
  root=$1
  shift
  is_program "$root" || set -- "$@" "$loader"
  [ -z "$top" ] || set -- chroot "$top" /usr/bin/env -i "$@" "$root"
  if [ -z "$top" ]; then env -i "$@" "$root"; else "$@"; fi </dev/null 2>&1
}

while IFS= read -r root; do
  printf '\001root\t%s\n' "$root"
  status=0
  trace "$root" "$@" || status=$?
  printf '\n\001end\t%s\n' "$status"
done <"$list" | awk -v OUT="$out" '
  BEGIN { FS = "\t"; OFS = "\t" }
  $1 == "\001root" { root = $2; order = 0; lines = 0; next }
  $1 == "\001end" { for (i = 0; i < lines; i++) print root, $2, line[i] > (OUT "/errors.tsv"); next }
  $0 == "" { next }

  # PID: binding file A [0] to B [0]: normal symbol `S'\'' [V]
  /^ *[0-9]+:\t/ {
    at = index($0, "\tbinding file ")
    if (!at) next
    text = substr($0, at + 14)
    if (!match(text, / \[[0-9-]+\] to /)) next
    from = substr(text, 1, RSTART - 1)
    text = substr(text, RSTART + RLENGTH)
    if (!match(text, / \[[0-9-]+\]: (normal|protected) symbol `/)) next
    to = substr(text, 1, RSTART - 1)
    kind = index(substr(text, RSTART, RLENGTH), "protected") ? "protected" : "normal"
    text = substr(text, RSTART + RLENGTH)
    symbol = substr(text, 1, index(text, "'\''") - 1)
    version = match(text, / \[[^]]*\]$/) ? substr(text, RSTART + 2, RLENGTH - 3) : "-"
    if (from != "linux-vdso.so.1") print root, from, symbol, version, to, kind > (OUT "/bindings.tsv")
    next
  }

  # undefined symbol: S, version V<TAB>(FILE)
  /^undefined symbol: / {
    from = substr($2, 2, length($2) - 2)
    symbol = substr($1, 19)
    version = "-"
    if (at = index(symbol, ", version ")) { version = substr(symbol, at + 10); symbol = substr(symbol, 1, at - 1) }
    print root, from, symbol, version > (OUT "/undef.tsv")
    next
  }

  # name => path (0xADDRESS), name (0xADDRESS) when both are the same, name => not found
  /^\t/ {
    text = substr($0, 2)
    if (text == "statically linked") next
    sub(/ \(0x[0-9a-f]+\)$/, "", text)
    at = index(text, " => ")
    name = at ? substr(text, 1, at - 1) : text
    path = at ? substr(text, at + 4) : text
    if (name !~ /^linux-(vdso|gate)\.so\./) print root, order++, name, path > (OUT "/deps.tsv")
    next
  }

  { line[lines++] = $0 }'
