import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EM } from '../../src/elf/index.ts';
import { assemble, assembleWithLabels, type ElfSpec } from '../support/assembler/index.ts';
import { type Run, SOLDER, solder } from './solder.ts';

/** A 64-bit x86 library, small and complete; tests spoil one thing each. */
const library = (spec: Partial<ElfSpec> = {}): ElfSpec => ({
  class: 64,
  littleEndian: true,
  machine: EM.X86_64,
  hash: 'gnu',
  symbols: [{ name: 'answer' }],
  ...spec,
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'solder-bad-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, contents: Uint8Array | string): string {
  writeFileSync(join(folder, name), contents);
  return name;
}

/** Root may read everything: such a test runs as nobody, if nobody can get at the command at all. */
const NOBODY = getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
function canDropRights(): boolean {
  return spawnSync(SOLDER, ['--version'], { ...NOBODY, cwd: '/' }).status === 0;
}

const run = (...args: string[]): Run => solder(args, { cwd: folder });

/** Every command says the same of a file that it cannot read: one line on stderr, exit status 3. */
function expectOneLine(name: string, line: string): void {
  for (const command of ['inspect', 'check', 'deps', 'bind', 'conflicts']) {
    const { stderr, status } = run(command, name);
    expect({ command, stderr, status }).toEqual({ command, stderr: `${line}\n`, status: 3 });
  }
}

describe('a file that cannot be read', () => {
  it('is empty', () => expectOneLine(file('empty', ''), 'solder: empty: the file is empty'));

  it('is a text file', () =>
    expectOneLine(file('notes.txt', 'hello\n'), 'solder: notes.txt: not an ELF file'));

  it('is a directory', () => {
    mkdirSync(join(folder, 'a-directory'));
    expectOneLine('a-directory', 'solder: a-directory: Is a directory');
  });

  it('is missing', () => expectOneLine('missing.so', 'solder: missing.so: No such file or directory'));

  it.skipIf(!canDropRights())('is not readable', () => {
    chmodSync(folder, 0o755);
    chmodSync(join(folder, file('secret.so', assemble(library()))), 0);
    const { stderr, status } = solder(['check', 'secret.so'], { cwd: folder, ...NOBODY });
    expect({ stderr, status }).toEqual({ stderr: 'solder: secret.so: Permission denied\n', status: 3 });
  });

  it('is a symbolic link to itself', () => {
    symlinkSync('loop.so', join(folder, 'loop.so'));
    expectOneLine('loop.so', 'solder: loop.so: Too many levels of symbolic links');
  });

  it('is a pipe', () => {
    const { stderr, status } = solder(['check', '/dev/null'], { cwd: folder });
    expect({ stderr, status }).toEqual({ stderr: 'solder: /dev/null: not a regular file\n', status: 3 });
  });

  it('is a directory on stdin', () => {
    const directory = openSync(folder, 'r');
    const stdio = [directory, 'pipe', 'pipe'] as [number, 'pipe', 'pipe'];
    const { stderr, status } = spawnSync(SOLDER, ['demangle'], { stdio, encoding: 'utf8' });
    closeSync(directory);
    expect({ stderr, status }).toEqual({
      stderr: 'solder: stdin: illegal operation on a directory\n',
      status: 3,
    });
  });

  it('does not keep the others from being looked at', () => {
    file('good.so', assemble(library({ soname: 'libgood.so' })));
    const { stdout, stderr, status } = run('check', 'missing.so', 'good.so');
    expect(stderr).toBe('solder: missing.so: No such file or directory\n');
    expect(stdout).toContain('good.so: 1 object');
    expect(status).toBe(3);
  });
});

describe('a damaged file', () => {
  const bytes = assemble(library({ needed: ['libc.so.6'], soname: 'libx.so.1' }));

  it.each([
    ['in the identification', 10, /^solder: cut\.so: ELF header\+0x0: needs 16 bytes, the file ends at 0xa$/],
    ['in the ELF header', 40, /^solder: cut\.so: ELF header\+0x0: needs 64 bytes, the file ends at 0x28$/],
    [
      'in the program headers',
      100,
      /^solder: cut\.so: program headers\+0x40: needs \d+ bytes, the file ends at 0x64$/,
    ],
  ])('cut off %s', (_, length, message) => {
    file('cut.so', bytes.subarray(0, length));
    for (const command of ['inspect', 'check', 'deps', 'bind']) {
      const { stderr, status } = run(command, 'cut.so');
      expect(stderr.trimEnd()).toMatch(message);
      expect(status).toBe(3);
    }
  });

  it('cut off anywhere gives a report or one line, never a stack', () => {
    for (let length = 64; length < bytes.length; length += Math.ceil(bytes.length / 24)) {
      file('cut.so', bytes.subarray(0, length));
      const { stderr, status } = run('check', 'cut.so');
      expect([0, 1, 3]).toContain(status);
      expect(stderr.trimEnd().split('\n').length).toBeLessThanOrEqual(1);
    }
  });

  it('promises four gigabytes of symbols in a kilobyte', () => {
    const spec = library({ hash: 'sysv' });
    const { fields } = assembleWithLabels(spec);
    expect(fields.map(({ label }) => label)).toContain('hash.nchain');
    file('huge.so', assemble({ ...spec, set: { 'hash.nchain': 0xffffffff } }));
    for (const command of ['check', 'bind', 'conflicts']) {
      const { stderr, status } = run(command, 'huge.so');
      expect(stderr).toMatch(/^solder: huge\.so: DT_(SYMTAB|HASH)\+0x[0-9a-f]+: .*\n$/);
      expect(status).toBe(3);
    }
  });
});

describe('what a process meets', () => {
  it('a library of another architecture is passed over, and the finding says so', () => {
    mkdirSync(join(folder, 'arm'));
    writeFileSync(join(folder, 'arm/libother.so'), assemble(library({ machine: EM.AARCH64 })));
    file('wants.so', assemble(library({ needed: ['libother.so'], runpath: '$ORIGIN/arm' })));
    const { stdout, status } = run('check', 'wants.so');
    expect(stdout).toContain(
      'error while loading shared libraries: libother.so: cannot open shared object file',
    );
    expect(stdout).toMatch(/tried by RUNPATH: .*arm\/libother\.so: another machine/);
    expect(status).toBe(1);
  });

  it('a library of another class alone is named as ld.so names it', () => {
    mkdirSync(join(folder, 'narrow'));
    writeFileSync(join(folder, 'narrow/libnarrow.so'), assemble(library({ class: 32, machine: EM['386'] })));
    file('wide.so', assemble(library({ needed: ['libnarrow.so'], runpath: '$ORIGIN/narrow' })));
    expect(run('check', 'wide.so').stdout).toContain('libnarrow.so: wrong ELF class: ELFCLASS32');
  });

  it('libraries that need each other are loaded once', () => {
    file('liba.so', assemble(library({ soname: 'liba.so', needed: ['libb.so'], runpath: '$ORIGIN' })));
    file('libb.so', assemble(library({ soname: 'libb.so', needed: ['liba.so'], runpath: '$ORIGIN' })));
    const { stdout, status } = run('deps', '--format', 'tsv', 'liba.so');
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t')[2]),
    ).toEqual(['libb.so']);
    expect(status).toBe(0);
  });

  it('ten thousand needed entries are searched for and reported', () => {
    const needed = Array.from({ length: 10_000 }, (_, index) => `libnone${index}.so`);
    file('greedy.so', assemble(library({ needed })));
    const { stdout, stderr, status } = run('deps', '--format', 'tsv', 'greedy.so');
    expect(stdout.trimEnd().split('\n')).toHaveLength(10_000);
    expect(stderr).toBe('');
    expect(status).toBe(1);
  });

  it('a text file in the place of a library ends the start, in the words of ld.so', () => {
    file('libtext.so', 'INPUT(libreal.so)\n'.repeat(8));
    file('script.so', assemble(library({ needed: ['libtext.so'], runpath: '$ORIGIN' })));
    const { stdout, status } = run('check', 'script.so');
    expect(stdout).toMatch(/error while loading shared libraries: .*libtext\.so: invalid ELF header/);
    expect(status).toBe(1);
  });
});

describe('a result that cannot be written', () => {
  it.each([
    ['inspect', '/bin/true'],
    ['demangle', '_Z1fv'],
    ['explain', 'load.not-found'],
  ])('%s: says so in one line, and that it was the output', (...args) => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(SOLDER, args, {
      stdio: ['ignore', full, 'pipe'],
      encoding: 'utf8',
    });
    closeSync(full);
    expect({ status, stderr }).toEqual({ status: 3, stderr: 'solder: stdout: no space left on device\n' });
  });

  it('also of a file', () => {
    const { status, stderr } = solder(['explain', '-o', '/dev/full', 'load.not-found']);
    expect({ status, stderr }).toEqual({
      status: 3,
      stderr: 'solder: --output /dev/full: no space left on device\n',
    });
  });
});
