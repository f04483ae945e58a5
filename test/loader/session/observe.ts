import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DlCall } from '../../../src/model/index.ts';

/** What one call did, in rows that a prediction has too. */
export interface Step {
  readonly result: string;
  /** `namespace path` of every object afterwards, in link map order; the vDSO left out. */
  readonly maps: readonly string[];
  readonly initialised: readonly string[];
  readonly finalised: readonly string[];
  readonly unloaded: readonly string[];
  /** `from symbol version-or-dash to kind`, in the order of the look-ups. */
  readonly bindings: readonly string[];
  /** All of them, those of the driver too: dlsym(3) is traced like a reference. */
  readonly lookups?: readonly string[];
}

/** A run of the driver; the first step is the start, the last one the end. */
export interface Run {
  readonly steps: readonly Step[];
  /** What ld.so said before it ended the process. */
  readonly lastWords: string | undefined;
}

const DRIVER = fileURLToPath(new URL('driver.c', import.meta.url));
let object: string | undefined;

/** The driver's object file: a program is the driver, linked with what it is to need from the start. */
export function driverObject(): string {
  if (object === undefined) {
    const directory = mkdtempSync(join(tmpdir(), 'solder-driver-'));
    process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
    object = join(directory, 'driver.o');
    execFileSync('gcc', ['-O1', '-fPIE', '-c', '-o', object, DRIVER], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  return object;
}

/** Runs a program that was linked from the driver. */
export function observe(
  program: string,
  calls: readonly DlCall[],
  { env = {}, cwd }: { env?: Readonly<Record<string, string>>; cwd?: string } = {},
): Run {
  const directory = mkdtempSync(join(tmpdir(), 'solder-session-'));
  try {
    const script = join(directory, 'script');
    writeFileSync(script, scriptOf(calls));
    const { stderr } = spawnSync(program, [script], {
      encoding: 'utf8',
      maxBuffer: 1 << 30,
      timeout: 60_000,
      cwd,
      env: { LC_ALL: 'C', ...env, LD_DEBUG: 'files,bindings' },
    });
    return parseRun(stderr, program);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** A function of a test library whose code calls `symbol` through its PLT, and nothing else. */
export const callerOf = (object: string, symbol: string): string =>
  `${object.slice(object.lastIndexOf('/') + 1).replace(/\W.*$/, '')}_calls_${symbol}`;

function scriptOf(calls: readonly DlCall[]): string {
  const handles = new Map<string, number>();
  const number = (name: string) => {
    if (!handles.has(name)) handles.set(name, handles.size);
    return String(handles.get(name));
  };
  const words = (call: DlCall): string[] => {
    switch (call.call) {
      case 'dlopen': {
        const { mode, namespace } = call;
        const binding = mode.noBinding ? '' : mode.now ? 'n' : 'l';
        const flags = [mode.global && 'g', mode.deepBind && 'd', mode.noDelete && 'N', mode.noLoad && 'o'];
        const letters = `${binding}${flags.filter(Boolean).join('')}` || '-';
        const open = [number(call.handle), letters, call.file ?? '-'];
        if (namespace === undefined) return ['dlopen', ...open];
        return ['dlmopen', ...open, namespace === 'new' ? 'new' : number(namespace.of)];
      }
      case 'dlsym': {
        const handle = typeof call.handle === 'string' ? number(call.handle) : call.handle.pseudo;
        return call.version === undefined
          ? ['dlsym', handle, call.symbol]
          : ['dlvsym', handle, call.symbol, call.version];
      }
      case 'dlclose':
        return ['dlclose', number(call.handle)];
      case 'use':
        return ['use', call.object, callerOf(call.object, call.symbol)];
    }
  };
  return calls.map((call) => `${words(call).join('\t')}\n`).join('');
}

/**
 * What the driver and its C library do beside the calls is nobody's business. The vDSO has no file.
 */
export const isOfInterest = (row: string, program: string): boolean => {
  const from = row.slice(0, row.indexOf('\t'));
  return from !== program && !/(^|\/)(linux-vdso\.so\.1|libc\.so\.6|ld-linux-x86-64\.so\.2)$/.test(from);
};

interface Collected {
  result: string;
  maps: string[];
  initialised: string[];
  finalised: string[];
  unloaded: string[];
  bindings: string[];
  lookups?: string[];
}

const emptyStep = (): Collected => ({
  result: '',
  maps: [],
  initialised: [],
  finalised: [],
  unloaded: [],
  bindings: [],
});

const BINDING = /^binding file (.*) \[\d+\] to (.*) \[\d+\]: (\w+) symbol `(.*?)'(?: \[(.*)\])?$/;

function parseRun(text: string, program: string): Run {
  let step = emptyStep();
  const steps = [step];
  let lastWords: string | undefined;
  for (const line of text.split('\n')) {
    const own = /^##(\w+) ?(.*)$/.exec(line);
    const traced = /^ +\d+:\t(.*)$/.exec(line)?.[1];
    if (own) {
      const [, what, rest] = own as unknown as [string, string, string];
      if (what === 'step' || what === 'exit') steps.push((step = emptyStep()));
      if (what === 'result') step.result = rest;
      if (what === 'map' && !rest.endsWith(' linux-vdso.so.1')) step.maps.push(rest);
    } else if (traced !== undefined) {
      collect(step, traced);
    } else if (line !== '' && !line.includes(': no version information available ')) {
      lastWords = line;
    }
  }
  for (const one of steps) one.lookups = one.bindings;
  for (const one of steps) one.bindings = one.bindings.filter((row) => isOfInterest(row, program));
  return { steps, lastWords };
}

function collect(step: Collected, line: string): void {
  const init = /^calling init: (.*)$/.exec(line);
  const fini = /^calling fini: (.*) \[\d+\]$/.exec(line);
  const gone = /^file=(.*) \[\d+\]; {2}destroying link map$/.exec(line);
  const binding = BINDING.exec(line);
  if (init) step.initialised.push(init[1]!);
  if (fini) step.finalised.push(fini[1]!);
  if (gone) step.unloaded.push(gone[1]!);
  if (binding) {
    const [, from, to, kind, symbol, version] = binding;
    step.bindings.push([from, symbol, version ?? '-', to, kind].join('\t'));
  }
}
