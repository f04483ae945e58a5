import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a loader does with one root; rows are tab-separated and leave the root out. */
export interface Trace {
  /** `order name path`, `not found` for a path that is none; the vDSO left out. */
  readonly deps: readonly string[];
  /** `from symbol version-or-dash to kind`, in the order of the look-ups. */
  readonly bindings: readonly string[];
  /** `from symbol version-or-dash` of strong references without a definition. */
  readonly undefinedSymbols: readonly string[];
  /** Everything else that ld.so writes to standard error. */
  readonly messages: readonly string[];
}

export interface TraceOptions {
  readonly libraryPath?: string | undefined;
  readonly preload?: string | undefined;
  readonly cwd?: string | undefined;
  /** The roots are paths below this directory. Only for the superuser. */
  readonly chroot?: string | undefined;
}

const SCRIPT = fileURLToPath(new URL('ld-so-trace.sh', import.meta.url));
export const LOADER = '/lib64/ld-linux-x86-64.so.2';

/** Runs the real ld.so in trace mode on each root; nothing of a root is executed. Roots need a slash. */
export function traceWithLdSo(roots: readonly string[], options: TraceOptions = {}): Map<string, Trace> {
  const directory = mkdtempSync(join(tmpdir(), 'solder-trace-'));
  try {
    const list = join(directory, 'roots');
    writeFileSync(list, roots.map((root) => `${root}\n`).join(''));
    execFileSync('sh', [SCRIPT, list, directory], {
      stdio: ['ignore', 'ignore', 'inherit'],
      cwd: options.cwd,
      env: {
        PATH: process.env['PATH'],
        LOADER,
        LIBPATH: options.libraryPath,
        PRELOAD: options.preload,
        CHROOT: options.chroot,
      },
    });
    const tables = [
      rowsByRoot(join(directory, 'deps.tsv')),
      rowsByRoot(join(directory, 'bindings.tsv')),
      rowsByRoot(join(directory, 'undef.tsv')),
      rowsByRoot(join(directory, 'errors.tsv')),
    ] as const;
    const rows = (table: 0 | 1 | 2 | 3, root: string) => tables[table].get(root) ?? [];
    return new Map(
      roots.map((root) => [
        root,
        {
          deps: rows(0, root),
          bindings: rows(1, root),
          undefinedSymbols: rows(2, root),
          messages: rows(3, root).map((row) => row.slice(row.indexOf('\t') + 1)),
        },
      ]),
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function rowsByRoot(path: string): Map<string, string[]> {
  const rows = new Map<string, string[]>();
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const tab = line.indexOf('\t');
    if (tab < 0) continue;
    const root = line.slice(0, tab);
    const row = line.slice(tab + 1);
    const known = rows.get(root);
    if (known) known.push(row);
    else rows.set(root, [row]);
  }
  return rows;
}

/** A real start, for programs that a test has built itself: what ld.so says when it refuses one. */
export function startWithLdSo(
  program: string,
  { libraryPath, preload, cwd }: TraceOptions = {},
): { readonly status: number | null; readonly messages: readonly string[]; readonly output: string } {
  const { status, stderr, stdout } = spawnSync(program, [], {
    encoding: 'utf8',
    cwd,
    env: { LC_ALL: 'C', LD_BIND_NOW: '1', LD_LIBRARY_PATH: libraryPath, LD_PRELOAD: preload },
  });
  return { status, messages: stderr.split('\n').filter((line) => line !== ''), output: stdout };
}
