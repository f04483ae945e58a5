import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding, Report } from '../../src/model/index.ts';
import { solder } from '../cli/solder.ts';
import { dynamicSymbols } from './tools.ts';

const hasCompilers = ['gcc', 'g++'].every((name) => spawnSync(name, ['--version']).status === 0);
let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'solder-exports-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function build(output: string, source: string, ...options: string[]): string {
  const path = join(directory, output);
  const language = source.includes('namespace') ? 'g++' : 'gcc';
  const file = join(directory, language === 'g++' ? 'source.cpp' : 'source.c');
  writeFileSync(file, source);
  const result = spawnSync(language, ['-shared', '-fPIC', '-o', path, file, ...options], {
    cwd: directory,
    encoding: 'utf8',
  });
  expect(result.stderr).toBe('');
  return path;
}

function check(path: string, ...options: string[]): Finding[] {
  const report = JSON.parse(solder(['check', '--format', 'json', ...options, path]).stdout) as Report;
  return report.findings.filter(({ kind }) => /^(exports|hygiene|needed)\./.test(kind));
}

const STREAMS = `#include <iostream>
namespace foo { void hello(int n) { std::cout << n << std::endl; if (n < 0) throw 1; } }
`;

describe.skipIf(!hasCompilers)('libraries that are built here', () => {
  it('export a static C++ runtime, and --exclude-libs mends it', () => {
    const open = build('libopen.so', STREAMS, '-static-libstdc++', '-static-libgcc');
    const subjects = check(open)
      .filter(({ kind }) => kind === 'exports.bundled')
      .map(({ subject }) => subject);
    expect(subjects).toContain('libstdc++');
    const closed = build(
      'libclosed.so',
      STREAMS,
      '-static-libstdc++',
      '-static-libgcc',
      '-Wl,--exclude-libs,libstdc++.a',
    );
    expect(check(closed)).toEqual([]);
    expect(dynamicSymbols(closed).some(({ name, defined }) => defined && name === '_ZSt4cout')).toBe(false);
  });

  it('only use a C++ runtime: nothing to tell', () => {
    expect(check(build('libshared.so', STREAMS))).toEqual([]);
  });

  it('have all names under the prefixes that are stated, or some not', () => {
    const path = build('libtwo.so', 'int foo_a(void) { return 1; } int bar_b(void) { return 2; }');
    expect(check(path, '--prefix', 'foo_', '--prefix', 'bar_')).toEqual([]);
    const [finding, ...others] = check(path, '--prefix', 'foo_');
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      kind: 'exports.unprefixed',
      severity: 'warning',
      evidence: [{ text: 'bar_b' }],
    });
  });

  it('have public headers, which may be missing', () => {
    const path = build('libtwo.so', 'int foo_a(void) { return 1; } int bar_b(void) { return 2; }');
    writeFileSync(join(directory, 'foo.h'), '/* bar_b */ int foo_a(void);');
    expect(check(path, '--headers', join(directory, 'foo.h'))).toMatchObject([
      { kind: 'exports.undeclared', severity: 'warning', evidence: [{ text: 'bar_b' }] },
    ]);
    const missing = solder(['check', '--headers', join(directory, 'nowhere'), path]);
    expect(missing).toMatchObject({
      status: 3,
      stderr: `solder: ${directory}/nowhere: No such file or directory\n`,
    });
  });

  it('are not told that weak references need a library', () => {
    build('liblow.so', 'int low(void) { return 1; }');
    const rpath = `-Wl,-rpath,${'$'}ORIGIN`;
    build('libmid.so', 'int low(void); int mid(void) { return low(); }', '-L.', '-llow', rpath);
    const use = (attribute: string) =>
      `int mid(void); int low(void) ${attribute}; int plug(void) { return mid() + (low ? low() : 0); }`;
    expect(check(build('libweak.so', use('__attribute__((weak))'), '-L.', '-lmid', rpath))).toEqual([]);
    expect(check(build('libstrong.so', use(''), '-L.', '-lmid', rpath))).toMatchObject([
      { kind: 'needed.missing', severity: 'warning', subject: 'liblow.so', evidence: [{ text: 'low' }] },
    ]);
  });
});
