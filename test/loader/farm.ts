import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
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

/** exit(0), without a C library. */
const ENTRY = 'void _start(void) { __asm__("mov $60, %eax; xor %edi, %edi; syscall"); }\n';

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

  copy(from: string, ...to: string[]): void {
    for (const name of to) {
      mkdirSync(dirname(this.path(name)), { recursive: true });
      cpSync(this.path(from), this.path(name));
    }
  }

  /** A symbolic link; `target` stands in it as it is. */
  symlink(name: string, target: string): string {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(target, path);
    return path;
  }

  hardLink(name: string, target: string): void {
    mkdirSync(dirname(this.path(name)), { recursive: true });
    linkSync(this.path(target), this.path(name));
  }

  /** A copy of a file with some bytes replaced: a header of another machine, say. */
  patched(name: string, from: string, bytes: Readonly<Record<number, number>>): string {
    const contents = readFileSync(this.path(from));
    for (const [offset, value] of Object.entries(bytes)) contents[Number(offset)] = value;
    return this.write(name, contents);
  }

  /** Makes a string of a file's dynamic string table empty, so that what names it names ''. */
  emptyString(path: string, text: string): void {
    const contents = readFileSync(path);
    contents[contents.indexOf(`\0${text}\0`) + 1] = 0;
    writeFileSync(path, contents);
  }

  remove(...names: string[]): void {
    for (const name of names) rmSync(this.path(name), { recursive: true });
  }

  run(command: string, ...args: string[]): void {
    execFileSync(command, args, { cwd: this.directory, stdio: ['ignore', 'ignore', 'inherit'] });
  }

  /**
   * Compiles C (or what `-x` in the flags says) to a library without any C library: what it needs is what the
   * flags name. A library has the soname that is its file's name unless the flags say otherwise.
   */
  library(name: string, source: string, ...flags: string[]): string {
    const soname = flags.some((flag) => flag.startsWith('-Wl,-soname')) ? [] : [`-Wl,-soname,${baseName(name)}`];
    return this.compile(name, source, ['-shared', '-fPIC', '-nostdlib', ...soname, ...flags]);
  }

  /** A program of the same kind: when it is started, it ends at once with status 0. */
  program(name: string, source: string, ...flags: string[]): string {
    const kind = flags.includes('-no-pie') ? ['-fno-pie'] : ['-pie', '-fPIE'];
    return this.compile(name, `${source}\n${ENTRY}`, [...kind, '-nostdlib', ...flags]);
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

  /**
   * Starts the program in earnest and expects that all that ld.so says was foretold, and that errors were
   * foretold when it ended the start. ld.so stops at the first error where the simulation names them all.
   */
  compareMessages(program: string, options: TraceOptions = {}): string[] {
    const { libraryPath, preload, cwd = this.directory } = options;
    const real = startWithLdSo(program, { libraryPath, preload, cwd });
    const said = [...new Set(real.messages.map((line) => withoutSpeaker(line, program)))];
    const { findings } = this.predict(program, { ...options, cwd });
    const errors = findings.filter(({ severity }) => severity === 'error');
    expect(findings.map(({ message }) => message)).toEqual(expect.arrayContaining(said));
    expect(errors.length > 0).toBe(real.status !== 0);
    return said;
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
/** Messages begin with the program's name, or with ld.so's where nothing is lost. */
const withoutSpeaker = (line: string, program: string) =>
  line.startsWith('ERROR: ld.so: ') ? line.slice(14).replace(/\.$/, '') : line.replace(`${program}: `, '');

const baseName = (name: string) => name.slice(name.lastIndexOf('/') + 1);
