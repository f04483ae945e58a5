import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { arch } from 'node:process';
import { expect } from 'vitest';
import { differences } from '../oracle/difference.ts';
import { startWithLdSo, type TraceOptions, traceWithLdSo } from '../oracle/ld-so.ts';
import { type Prediction, Predictor } from '../oracle/prediction.ts';

const works = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;

/** Why the real loader cannot be asked on this machine; undefined when it can. */
export const noOracle =
  arch !== 'x64' ? 'not an x86-64 machine' : works('gcc', '--version') ? undefined : 'gcc is not installed';

export const hasTool = (tool: string): boolean => works(tool, '--version');

/** Libraries and programs built on the spot, in a directory of their own; paths are relative to it. */
export class Farm {
  readonly directory = mkdtempSync(join(tmpdir(), 'solder-farm-'));

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true });
  }

  path(name: string): string {
    return join(this.directory, name);
  }

  write(name: string, text: string | Uint8Array): string {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  /**
   * Compiles C (or what `-x` in the flags says) to a library without any C library: what it needs is what the
   * flags name. A library has the soname that is its file's name unless the flags say otherwise.
   */
  library(name: string, source: string, ...flags: string[]): string {
    const soname = flags.some((flag) => flag.startsWith('-Wl,-soname')) ? [] : [`-Wl,-soname,${baseName(name)}`];
    return this.compile(name, source, ['-shared', '-fPIC', '-nostdlib', ...soname, ...flags]);
  }

  /** A program of the same kind: it has an interpreter and an entry, and is never run. */
  program(name: string, source: string, ...flags: string[]): string {
    const kind = flags.includes('-no-pie') ? [] : ['-pie', '-fPIE'];
    return this.compile(name, `${source}\nvoid _start(void) {}\n`, [...kind, '-nostdlib', ...flags]);
  }

  /** A program with the C library, which can be run. */
  runnable(name: string, source: string, ...flags: string[]): string {
    return this.compile(name, source, flags);
  }

  compile(name: string, source: string, flags: readonly string[], compiler = 'gcc'): string {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true });
    const language = flags.includes('-x') ? [] : ['-x', 'c'];
    // What is needed comes behind what needs it.
    const [link, compile] = [flags.filter(isLinked), flags.filter((flag) => !isLinked(flag))];
    execFileSync(
      compiler,
      ['-w', '-O1', '-o', path, ...compile, ...language, '-', '-x', 'none', '-Wl,--no-as-needed', `-L${this.directory}`, ...link],
      { input: source, cwd: this.directory, stdio: ['pipe', 'ignore', 'inherit'] },
    );
    return path;
  }

  /** Asks the real loader and the simulated one about a root, and expects the same of both. */
  compare(root: string, options: TraceOptions = {}): Prediction {
    const { libraryPath, preload, cwd = this.directory } = options;
    const real = traceWithLdSo([root], { libraryPath, preload, cwd }).get(root)!;
    const predicted = this.predict(root, { ...options, cwd });
    expect(differences(predicted, real)).toEqual([]);
    return predicted;
  }

  /** Compares what is said when the program is really started. */
  compareMessages(program: string, options: TraceOptions = {}): string[] {
    const cwd = options.cwd ?? this.directory;
    const real = startWithLdSo(program, { ...options, cwd });
    const predicted = this.predict(program, { ...options, cwd });
    const [first, ...rest] = real.messages;
    void first;
    void rest;
    expect(predicted.messages).toEqual(real.messages);
    return [...real.messages];
  }

  predict(root: string, { cwd = this.directory, libraryPath, preload }: TraceOptions = {}): Prediction {
    const before = process.cwd();
    process.chdir(cwd);
    try {
      return new Predictor({ libraryPath, preload }).predict(root);
    } finally {
      process.chdir(before);
    }
  }
}

const isLinked = (flag: string) => /^-l|\.so|\.o$/.test(flag) && !flag.startsWith('-Wl,');
const baseName = (name: string) => name.slice(name.lastIndexOf('/') + 1);
