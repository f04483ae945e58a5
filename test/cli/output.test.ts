import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { judge, scratch, shell, solder } from './solder.ts';

it('writes a file that appears only when it is complete', () => {
  const folder = scratch();
  const file = join(folder, 'kinds.json');
  expect(solder(['explain', '--format', 'json', '-o', file])).toEqual({ stdout: '', stderr: '', status: 0 });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toContainEqual({
    kind: 'load.not-found',
    title: 'Library not found',
    severity: 'error',
  });
  expect(readdirSync(folder)).toEqual(['kinds.json']);
});

it('leaves the last good file in place, and nothing beside it, when a command fails half way', () => {
  const folder = scratch();
  const file = join(folder, 'result');
  writeFileSync(file, 'good\n');
  expect(judge(['fail', 'bug', '-o', file]).status).toBe(4);
  expect(readFileSync(file, 'utf8')).toBe('good\n');
  expect(readdirSync(folder)).toEqual(['result']);
});

it('keeps the mode of a file it replaces, and follows a link', () => {
  const folder = scratch();
  mkdirSync(join(folder, 'real'));
  const file = join(folder, 'real', 'result');
  writeFileSync(file, 'old\n');
  chmodSync(file, 0o640);
  symlinkSync('real/result', join(folder, 'link'));
  expect(judge(['judge', '-o', join(folder, 'link')]).status).toBe(0);
  expect(readFileSync(file, 'utf8')).toContain('no findings');
  expect(statSync(file).mode & 0o777).toBe(0o640);
  expect(readdirSync(folder).sort()).toEqual(['link', 'real']);
});

it('writes to a device directly, and names what cannot be written', () => {
  expect(solder(['explain', '-o', '/dev/null'])).toEqual({ stdout: '', stderr: '', status: 0 });
  expect(solder(['explain', '-o', '/nowhere/x'])).toEqual({
    stdout: '',
    stderr: 'solder: --output /nowhere/x: no such file or directory\n',
    status: 2,
  });
});

it('ends quietly when the reader of a pipe goes away, with the status of the whole', () => {
  const { stdout, stderr } = shell(`$JUDGE flood | head -1; echo "\${PIPESTATUS[0]}"`);
  expect({ stdout, stderr }).toEqual({ stdout: 'line 0\tünicode 漢字\ttab\\there\n0\n', stderr: '' });
  const findings = `$JUDGE judge error ${'note '.repeat(3000)} --format json`;
  expect(shell(`${findings} | head -c 1; echo "\${PIPESTATUS[0]}"`)).toMatchObject({
    stdout: '{1\n',
    stderr: '',
  });
});

it('waits for a slow reader without losing a byte', () => {
  expect(shell('$JUDGE flood | { sleep 0.3; wc -l; }').stdout.trim()).toBe('1000000');
});

it.skipIf(spawnSync('python3', ['--version']).status !== 0)('waits at a pipe that answers EAGAIN', () => {
  const nonBlocking = `python3 -c 'import fcntl,os,sys
fcntl.fcntl(1, fcntl.F_SETFL, fcntl.fcntl(1, fcntl.F_GETFL) | os.O_NONBLOCK)
os.execvp(sys.argv[1], sys.argv[1:])' $JUDGE flood`;
  expect(shell(`${nonBlocking} | { sleep 0.3; wc -l; }`).stdout.trim()).toBe('1000000');
});

it('colours only on demand or for a terminal, and NO_COLOR and FORCE_COLOR have their say', () => {
  const isColored = (args: readonly string[], env: Readonly<Record<string, string>> = {}): boolean =>
    judge(['judge', 'error', ...args], { env }).stdout.includes('\x1b[');
  expect(isColored([])).toBe(false);
  expect(isColored(['--color', 'always'])).toBe(true);
  expect(isColored(['--color', 'always'], { NO_COLOR: '1' })).toBe(true);
  expect(isColored([], { FORCE_COLOR: '1' })).toBe(true);
  expect(isColored([], { FORCE_COLOR: '1', NO_COLOR: '1' })).toBe(false);
  expect(isColored([], { FORCE_COLOR: '0' })).toBe(false);
  expect(isColored(['--color', 'never'], { FORCE_COLOR: '1' })).toBe(false);
});

it('colours for a terminal', () => {
  const command = `script -qec "'$SOLDER' explain" /dev/null`;
  expect(shell(command, { env: { TERM: 'xterm' } }).stdout).toContain('\x1b[1mKIND');
  expect(shell(command, { env: { TERM: 'xterm', NO_COLOR: '1' } }).stdout).not.toContain('\x1b[1m');
  expect(shell(command, { env: { TERM: 'dumb' } }).stdout).not.toContain('\x1b[1m');
});
