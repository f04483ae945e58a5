import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { arch } from 'node:process';
import { expect } from 'vitest';
import { differences } from '../oracle/difference.ts';
import { LOADER, startWithLdSo, type TraceOptions, traceWithLdSo } from '../oracle/ld-so.ts';
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

  /** Puts DT_SYMBOLIC into a library's dynamic section; -Bsymbolic would bind most references at link time. */
  setSymbolic(name: string): void {
    const contents = readFileSync(this.path(name));
    // GNU ld leaves a few entries at the end unused.
    const spare = dynamicEntries(contents).find(({ tag }) => tag === DT_NULL)!;
    contents.writeBigUInt64LE(DT_SYMBOLIC, spare.offset);
    this.write(name, contents);
  }

  /** Lets a file need another library than the one that it was linked with: what tools that edit files do. */
  retargetNeeded(file: string, from: string, to: string): void {
    const contents = readFileSync(this.path(file));
    const entries = dynamicEntries(contents);
    const strings = entries.find(({ tag }) => tag === DT_STRTAB)!.value;
    const text = (value: bigint) => {
      const start = Number(strings + value);
      return contents.toString('latin1', start, contents.indexOf(0, start));
    };
    const needed = entries.find(({ tag, value }) => tag === DT_NEEDED && text(value) === from)!;
    const replacement = entries.find(({ tag, value }) => tag === DT_SONAME && text(value) === to)!;
    contents.writeBigUInt64LE(replacement.value, needed.offset + 8);
    writeFileSync(this.path(file), contents);
  }

  remove(...names: string[]): void {
    for (const name of names) rmSync(this.path(name), { recursive: true });
  }

  run(command: string, ...args: string[]): void {
    execFileSync(command, args, { cwd: this.directory, stdio: ['ignore', 'ignore', 'inherit'] });
  }

  /**
   * Compiles C (or what `-x` in the flags says) and links a library without any C library: what it needs is
   * what the flags name. Its soname is its file's name unless the flags say otherwise.
   */
  library(name: string, source: string, ...flags: string[]): string {
    const soname = flags.some((flag) => flag.startsWith('-Wl,-soname')) ? [] : ['-soname', baseName(name)];
    return this.link(name, compile(source, ['-fPIC', ...flags]), ['-shared', ...soname, ...flags]);
  }

  /** A program of the same kind: when it is started, it ends at once with status 0. */
  program(name: string, source: string, ...flags: string[]): string {
    const fixed = flags.includes('-no-pie');
    const object = compile(`${source}\n${ENTRY}`, [fixed ? '-fno-pie' : '-fPIE', ...flags]);
    return this.link(name, object, [fixed ? '-no-pie' : '-pie', '--dynamic-linker', LOADER, ...flags]);
  }

  /** Runs shell commands in the farm's directory: starting many small tools from a shell is far faster. */
  shell(commands: readonly string[]): string {
    return execFileSync('sh', ['-s'], {
      input: commands.join('\n'),
      cwd: this.directory,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'ignore'],
    });
  }

  /** Links one object file; flags are those of gcc that are for the linker, or the linker's own. */
  private link(name: string, object: string, flags: readonly string[]): string {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true });
    const linker = flags.find((flag) => flag.startsWith('-fuse-ld='))?.slice(9) ?? 'bfd';
    const emulation = flags.includes('-m32') ? 'elf_i386' : 'elf_x86_64';
    const own = flags
      .filter((flag) => !isForCompiler(flag))
      .flatMap((flag) => (flag.startsWith('-Wl,') ? flag.slice(4).split(',') : [flag]));
    const libraries = [`-L${this.directory}`, ...SYSTEM_LIBRARIES.map((directory) => `-L${directory}`)];
    const fixed = [
      '-m',
      emulation,
      '--no-as-needed',
      '--eh-frame-hdr',
      ...DEFAULT_HASH.filter(() => !own.some(isHashStyle)),
    ];
    execFileSync(`ld.${linker}`, ['-o', path, object, ...fixed, ...libraries, ...own], {
      cwd: this.directory,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    return path;
  }

  /** Asks the real loader and the simulated one about a root, and expects the same of both. */
  compare(root: string, options: TraceOptions = {}): Prediction {
    const predicted = this.predict(root, options);
    expect(this.differences(root, predicted, options)).toEqual([]);
    return predicted;
  }

  private differences(root: string, predicted: Prediction, options: TraceOptions): string[] {
    const { libraryPath, preload, cwd = this.directory } = options;
    const real = traceWithLdSo([root], { libraryPath, preload, cwd }).get(root)!;
    return differences(predicted, real);
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

const [DT_NULL, DT_NEEDED, DT_STRTAB, DT_SONAME, DT_SYMBOLIC] = [0n, 1n, 5n, 14n, 16n];
const PT_DYNAMIC = 2;

/** The dynamic section, unused entries included. Addresses are offsets as far as the string table lies. */
function dynamicEntries(contents: Buffer): { offset: number; tag: bigint; value: bigint }[] {
  const [phoff, phnum] = [Number(contents.readBigUInt64LE(32)), contents.readUInt16LE(56)];
  for (let at = phoff; at < phoff + phnum * 56; at += 56) {
    if (contents.readUInt32LE(at) !== PT_DYNAMIC) continue;
    const [start, size] = [at + 8, at + 32].map((field) => Number(contents.readBigUInt64LE(field)));
    return Array.from({ length: size! / 16 }, (_, index) => {
      const offset = start! + index * 16;
      return { offset, tag: contents.readBigUInt64LE(offset), value: contents.readBigUInt64LE(offset + 8) };
    });
  }
  return [];
}

const isForCompiler = (flag: string) => /^-(f|m|O|g|x$|W[^l])/.test(flag) || flag === 'c++';
const isHashStyle = (flag: string) => flag.startsWith('--hash-style');
const DEFAULT_HASH = ['--hash-style=gnu'];
const SYSTEM_LIBRARIES = ['/lib/x86_64-linux-gnu', '/usr/lib/x86_64-linux-gnu'];

/** Object files by what they were made from: most farms are built from the same few sources. */
const objects = new Map<string, string>();
let objectDirectory: string | undefined;

function compile(source: string, flags: readonly string[]): string {
  const own = flags.filter(isForCompiler).filter((flag) => !flag.startsWith('-fuse-ld='));
  const key = [...own, source].join('\0');
  let object = objects.get(key);
  if (object === undefined) {
    if (objectDirectory === undefined) {
      const directory = mkdtempSync(join(tmpdir(), 'solder-objects-'));
      process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
      objectDirectory = directory;
    }
    object = join(objectDirectory, `${objects.size}.o`);
    const language = own.includes('-x') ? [] : ['-x', 'c'];
    execFileSync('gcc', ['-w', '-O1', '-o', object, '-c', ...own, ...language, '-'], {
      input: source,
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    objects.set(key, object);
  }
  return object;
}

/** Messages begin with the program's name, or with ld.so's where nothing is lost. */
const withoutSpeaker = (line: string, program: string) =>
  line.startsWith('ERROR: ld.so: ')
    ? line.slice(14).replace(/\.$/, '')
    : line.replace(`${program}: `, '').replace(/^(Inconsistency .*\.c): \d+:/, '$1:');

const baseName = (name: string) => name.slice(name.lastIndexOf('/') + 1);
