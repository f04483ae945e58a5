import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TraceFacts } from '../../../src/analyses/trace/index.ts';
import type { Report } from '../../../src/model/index.ts';
import { scratch, shell, solder } from '../../cli/solder.ts';

let cwd: string;
let log: string;
beforeAll(() => {
  cwd = scratch();
  const env = { PATH: process.env['PATH'], LD_DEBUG: 'all' };
  log = spawnSync('ls', ['/'], { env, encoding: 'utf8' }).stderr;
  writeFileSync(join(cwd, 'log'), log);
});
afterAll(() => rmSync(cwd, { recursive: true }));

const factsOf = (name: string) => {
  const { stdout } = solder(['trace', '--verify', '--format', 'json', '--file', name], { cwd });
  return (JSON.parse(stdout) as Report<TraceFacts>).facts;
};

describe('the same log', () => {
  it.each([
    ['under a name that ends in another number', 'log.1', (text: string) => text],
    ['with lines that end in CR LF', 'crlf', (text: string) => text.replaceAll('\n', '\r\n')],
    [
      'copied from a terminal',
      'copied',
      (text: string) => text.replaceAll('\t', '     ').replace(/ +$/gm, ''),
    ],
  ])('%s', (_, name, change) => {
    writeFileSync(join(cwd, name), change(log));
    expect(factsOf(name)).toEqual(factsOf('log'));
  });

  it('through a pipe, which can be read once', () => {
    const { stdout } = shell('$SOLDER trace --verify --file <(cat log)', { cwd });
    expect(stdout).toMatch(/^verified ls \d+: as predicted/m);
  });

  it('with what a program says after it', () => {
    writeFileSync(join(cwd, 'log.2'), `${log}    at line 3: odd\nend\n`);
    expect(factsOf('log.2')).toMatchObject({ outputLines: 2, unknown: { count: 0 } });
  });
});

describe('what is no log', () => {
  const refusal = (...names: readonly string[]) =>
    solder(['trace', ...names.flatMap((name) => ['--file', name])], { cwd });

  it.each([
    ['packed.gz', gzipSync('text'), 'packed.gz: compressed by gzip: uncompress it first\n'],
    ['noise', Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 7919) % 251)), nothingIn('noise')],
    ['words.4711', Buffer.from('hello\nworld\n'), nothingIn('words.4711')],
    ['empty', Buffer.alloc(0), 'empty: an empty file\n'],
  ])('%s', (name, content, message) => {
    writeFileSync(join(cwd, name), content);
    expect(refusal(name)).toEqual({ stdout: '', stderr: `solder: ${message}`, status: 3 });
  });

  it('a directory', () => {
    mkdirSync(join(cwd, 'folder'));
    expect(refusal('folder')).toMatchObject({ stderr: 'solder: folder: Is a directory\n', status: 3 });
  });

  it('does not keep the others from being read', () => {
    const { stdout, stderr, status } = refusal('log', 'nothing');
    expect(stdout).toContain('log: 1 process');
    expect(stderr).toContain('nothing: No such file or directory');
    expect(status).toBe(3);
  });
});

function nothingIn(name: string): string {
  return `${name}: holds nothing that LD_DEBUG has written\n`;
}
