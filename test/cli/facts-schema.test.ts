import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasTools } from '../support/tools.ts';
import { scratch, solder } from './solder.ts';

const schema = JSON.parse(readFileSync(new URL('../../schema/report.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);

function expectToKeepTheSchema([command, ...args]: readonly string[], cwd?: string): void {
  const { stdout } = solder([command!, '--format', 'json', ...args], cwd === undefined ? {} : { cwd });
  const report = JSON.parse(stdout);
  expect(validate(report), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
}

describe('the JSON of every command keeps the published schema', () => {
  const program = process.execPath; // a program with many libraries and symbols, there wherever tests run
  it.each([
    ['check', program],
    ['conflicts', program],
    ['deps', program],
    ['bind', '/bin/sh'],
    ['bind', '--symbol', 'malloc', '/bin/sh'],
    ['deps', '--library-path', '/nowhere', '--preload', 'libnowhere.so', '/bin/sh'],
    ['demangle', '_ZN3app6BundleC1Ev', '_RNvC6_123foo3bar', '_Zwrong', '_ZTV1A'],
    ['inspect', '/bin/sh'],
    ['inspect', '--symtab', program],
  ])('%s %s %s', (...args) => expectToKeepTheSchema(args));
});

describe.skipIf(!hasTools('gcc'))('the JSON about two releases of a library keeps it', () => {
  let cwd: string;

  beforeAll(() => {
    cwd = scratch();
    mkdirSync(join(cwd, 'lib'));
    writeFileSync(join(cwd, 'old.c'), 'int kept(void) { return 1; }\nint gone(void) { return 2; }\n');
    writeFileSync(join(cwd, 'new.c'), 'int kept(void) { return 1; }\nint fresh(void) { return 3; }\n');
    writeFileSync(join(cwd, 'app.c'), 'int gone(void);\nint main(void) { return gone(); }\n');
    writeFileSync(join(cwd, 'foo.map'), 'FOO_1 { global: k*; gone; };\nFOO_2 { local: *; } FOO_1;\n');
    const gcc = (...args: string[]) => execFileSync('gcc', args, { cwd });
    const shared = ['-shared', '-fPIC', '-Wl,-soname,libfoo.so.1'];
    gcc(...shared, '-Wl,--version-script=foo.map', '-o', 'lib/libfoo.so.1.0', 'old.c');
    gcc(...shared, '-o', 'lib/libfoo.so.1.1', 'new.c');
    gcc('-c', '-fPIC', 'old.c');
    gcc('-o', 'app', 'app.c', 'lib/libfoo.so.1.0');
    symlinkSync('libfoo.so.1.0', join(cwd, 'lib/libfoo.so.1'));
    solder(['snapshot', '-o', 'foo.abi', 'lib/libfoo.so.1.0'], { cwd });
  });

  afterAll(() => rmSync(cwd, { recursive: true }));

  it.each([
    ['diff', 'lib/libfoo.so.1.0', 'lib/libfoo.so.1.1'],
    ['diff', '--used-by', 'app', 'foo.abi', 'lib/libfoo.so.1.1'],
    ['load', './lib/libfoo.so.1.0', 'kept:int(void)', '--then', 'info kept+1', '--then', 'symbol lost'],
    ['load', './lib/libfoo.so.1.0', 'kept', '--dry-run'],
    ['unload', 'lib/libfoo.so.1.0'],
    ['trace', '--verify', '--', '/bin/sh', '-c', 'exit 3'],
    ['release', 'lib'],
    ['release', '--dry-run', 'lib'],
    ['release', '--from', 'lib/libfoo.so.1.0', '--used-by', 'app', 'lib/libfoo.so.1.1'],
    ['script', 'test', 'foo.map', 'old.o'],
    ['script', 'test', '--linker', 'lld', 'foo.map', 'lib/libfoo.so.1.0'],
    ['script', 'lint', 'foo.map'],
    ['script', 'format', 'foo.map'],
    ['script', 'format', '--check', 'foo.map'],
    ['script', 'new', '--node', 'FOO_1', 'old.o'],
    ['script', 'next', 'lib/libfoo.so.1.0', 'lib/libfoo.so.1.1'],
  ])('%s %s %s %s', (...args) => expectToKeepTheSchema(args, cwd));

  it('but not with facts of another shape', () => {
    const { stdout } = solder(['script', 'test', 'foo.map', 'old.o', '--format', 'json'], { cwd });
    const report = JSON.parse(stdout);
    expect(report.facts.symbols).not.toEqual([]);
    report.facts.symbols[0].reason = 'whim';
    expect(validate(report)).toBe(false);
  });
});
