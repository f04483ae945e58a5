import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { runCommand } from '../../src/run/run-command.ts';
import { isRunning } from './is-running.ts';

const folder = mkdtempSync(join(tmpdir(), 'solder-command-'));
const options = { workingDirectory: folder, environment: { PATH: '/usr/bin:/bin' }, timeLimit: 10 };
const shell = (script: string, timeLimit = 10) => runCommand(['sh', '-c', script], { ...options, timeLimit });

it('tells status, signal and output', async () => {
  expect(await shell('echo out; echo err >&2; exit 3')).toMatchObject({
    stdout: 'out\n',
    stderr: 'err\n',
    ending: { kind: 'status', status: 3 },
  });
  expect((await shell('kill -SEGV $$')).ending).toEqual({ kind: 'signal', signal: 'SIGSEGV' });
});

it('gives it no input and no environment but the one that is told', async () => {
  expect((await shell('cat; env | grep -v -e ^PWD -e ^SHLVL -e ^_= -e ^OLDPWD')).stdout).toBe(
    'PATH=/usr/bin:/bin\n',
  );
});

it('says why a program was not started', async () => {
  const { pid, ending } = await runCommand(['./no-such-program'], options);
  expect({ pid, ending }).toEqual({
    pid: undefined,
    ending: { kind: 'not-started', message: 'no such file or directory' },
  });
});

it('ends what runs too long, with everything that it started', async () => {
  const { ending, stdout } = await shell('sleep 60 & echo $!; wait', 0.5);
  expect(ending).toEqual({ kind: 'time-limit', seconds: 0.5 });
  await vi.waitUntil(() => !isRunning(Number(stdout)));
});

it('does not wait for a descendant that keeps the output open', async () => {
  const before = performance.now();
  const { ending, stdout } = await shell('sleep 60 & echo $!');
  expect(ending).toEqual({ kind: 'status', status: 0 });
  expect(performance.now() - before).toBeLessThan(5000);
  await vi.waitUntil(() => !isRunning(Number(stdout)));
});

it('keeps the first mebibyte of a flood', async () => {
  const { stdout, ending } = await shell('head -c 3000000 /dev/zero');
  expect(stdout.length).toBe(1 << 20);
  expect(ending).toEqual({ kind: 'status', status: 0 });
});
