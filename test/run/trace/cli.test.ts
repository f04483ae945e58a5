import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TraceEvent, TraceFacts } from '../../../src/analyses/trace/index.ts';
import type { Report } from '../../../src/model/index.ts';
import { SOLDER, scratch, solder } from '../../cli/solder.ts';

let cwd: string;
beforeAll(() => {
  cwd = scratch();
});
afterAll(() => rmSync(cwd, { recursive: true }));

const json = (args: readonly string[], env = {}) =>
  JSON.parse(solder(['trace', '--format', 'json', ...args], { cwd, env }).stdout) as Report<TraceFacts>;

describe('the program', () => {
  it("keeps its output out of the result, which is solder's standard output", () => {
    const { stdout, stderr, status } = solder(['trace', '--', 'sh', '-c', 'echo out; echo err >&2; exit 3']);
    expect(stdout).toContain('exit status 3');
    expect(stdout).not.toMatch(/^out$/m);
    expect(stderr).toBe('out\nerr\n');
    expect(status).toBe(0);
  });

  it('keeps its own output with --output', () => {
    const { stdout, stderr } = solder(['trace', '-o', 'result', '--', 'sh', '-c', 'echo out; echo err >&2'], {
      cwd,
    });
    expect([stdout, stderr]).toEqual(['out\n', 'err\n']);
    expect(existsSync(join(cwd, 'result'))).toBe(true);
  });

  it('reads what solder is given to read', () => {
    const { stderr } = spawnSync(SOLDER, ['trace', '--', 'cat'], { input: 'to be read', encoding: 'utf8' });
    expect(stderr).toBe('to be read');
  });

  it('ended by a signal is told', () => {
    expect(json(['--', 'sh', '-c', 'kill -9 $$']).facts.ending).toEqual({
      kind: 'signal',
      signal: 'SIGKILL',
    });
  });

  it('is asked with the environment of the options', () => {
    const { facts } = json(['--library-path', '/nowhere', '--', 'true']);
    const tried = facts.processes[0]!.images[0]!.steps.find(({ step }) => step === 'load')!.tried!;
    expect(tried[0]).toMatch(/^\/nowhere\//);
  });

  it('has children, in a tree', () => {
    const { facts } = json(['--', 'sh', '-c', 'ls / >/dev/null; env true']);
    const [shell, ...children] = facts.processes;
    // One that has ended before solder could look has no parent that is known.
    for (const { parent } of children) expect([null, shell!.pid]).toContain(parent);
    expect(children.flatMap(({ images }) => images.map(({ program }) => program))).toEqual(
      expect.arrayContaining(['ls', 'env', 'true']),
    );
  });

  it('tells what it needs and does not use, when asked', () => {
    const { facts } = json(['--categories', 'unused', '--', 'true']);
    expect(facts.unused).toEqual([]);
    expect(facts.categories).toEqual(['unused']);
  });
});

it('the JSON keeps the published schema', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../../schema/report.schema.json', import.meta.url), 'utf8'),
  );
  const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);
  const report = json([
    '--verify',
    '--categories',
    'all,statistics',
    '--',
    'sh',
    '-c',
    'ls /nowhere; kill $$',
  ]);
  expect(validate(report), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
  expect(validate({ ...report, facts: { ...report.facts, lines: 'many' } })).toBe(false);
});

describe('interrupted', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s it passes the signal on, tells what it saw, and leaves nothing',
    async (signal) => {
      const temporary = join(cwd, `tmp-${signal}`);
      mkdirSync(temporary);
      const child = spawn(SOLDER, ['trace', '--format', 'json', '--', 'sleep', '60'], {
        env: { PATH: process.env['PATH'], TMPDIR: temporary },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const output = text(child.stdout);
      const scratches = () => readdirSync(temporary).filter((name) => name.startsWith('solder-trace-'));
      const logs = () => readdirSync(temporary, { recursive: true, encoding: 'utf8' });
      while (!logs().some((name) => /\.\d+$/.test(name))) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      child.kill(signal);
      const [status] = await once(child, 'exit');
      const { facts } = JSON.parse(await output) as Report<TraceFacts>;
      expect(facts.ending).toEqual({ kind: 'signal', signal });
      expect(status).toBe(0);
      expect(scratches()).toEqual([]);
    },
  );
});

describe('what cannot be traced', () => {
  const refusal = (...args: readonly string[]) => {
    const { stdout, stderr, status } = solder(['trace', '--', ...args], { cwd });
    return { stdout, status, stderr: stderr.replace(/^solder: (warning: )?/, '') };
  };
  const withMode = (name: string, mode: number) => {
    copyFileSync('/bin/true', join(cwd, name));
    chmodSync(join(cwd, name), mode);
    return `./${name}`;
  };

  it.each([
    ['set-user-ID', 0o4755],
    ['set-group-ID', 0o2755],
  ])('a %s program is refused with the reason', (what, mode) => {
    const { stdout, stderr, status } = refusal(withMode(what, mode));
    expect({ stdout, status }).toEqual({ stdout: '', status: 3 });
    expect(stderr).toBe(
      `./${what}: a ${what} program: ld.so runs it in secure mode, in which it ignores LD_DEBUG (ld.so(8))\n`,
    );
  });

  const canSetCapabilities = ['/sbin/setcap', '/usr/sbin/setcap'].some(existsSync);
  it.skipIf(!canSetCapabilities)('nor is one with capabilities', () => {
    const program = withMode('capable', 0o755);
    const { status } = spawnSync('/sbin/setcap', ['cap_net_raw+ep', program], { cwd });
    if (status === 0) expect(refusal(program).stderr).toContain('capabilities (cap_net_raw=ep)');
  });

  it('a static program has no loader', () => {
    writeFileSync(join(cwd, 'static.c'), 'int main(void) { return 0; }');
    for (const [flag, words] of [
      ['-static', 'no dynamic loader, nothing to trace'],
      ['-static-pie', 'names no dynamic loader: there is nothing to trace'],
    ] as const) {
      execFileSync('gcc', [flag, '-fPIE', '-o', 'static', 'static.c'], { cwd });
      const { stderr, status } = refusal('./static');
      expect(stderr).toContain(words);
      expect(status).toBe(3);
    }
  });

  it('of a script it is the interpreter', () => {
    writeFileSync(join(cwd, 'script'), '#!/bin/sh\nexit 4\n', { mode: 0o755 });
    const { stdout, stderr, status } = refusal('./script');
    expect(stderr).toBe('./script: a script: what is traced is its interpreter /bin/sh\n');
    expect(stdout).toContain('exit status 4');
    expect(status).toBe(0);
  });

  it.each([
    ['./nothing', './nothing: No such file or directory\n'],
    ['no-such-program', 'no-such-program: no such program on PATH\n'],
    ['/', '/: not a program\n'],
    ['./plain', './plain: Permission denied\n'],
  ])('%s is told', (name, message) => {
    writeFileSync(join(cwd, 'plain'), 'text', { mode: 0o644 });
    expect(refusal(name)).toEqual({ stdout: '', stderr: message, status: 3 });
  });

  it.each([
    [[]],
    [['--file', 'x', '--', 'true']],
    [['--categories', 'everything', '--', 'true']],
    [['--sysroot', '/', '--', 'true']],
  ])('%j is wrong usage', (args) => expect(solder(['trace', ...args], { cwd }).status).toBe(2));

  it('a log that is not there', () => {
    expect(solder(['trace', '--file', 'nothing'], { cwd })).toMatchObject({ status: 3, stdout: '' });
  });
});

describe('events', () => {
  const events = (...args: readonly string[]) =>
    solder(['trace', '--format', 'jsonl', ...args, '--', 'true'], { cwd })
      .stdout.trim()
      .split('\n')
      .map((line) => JSON.parse(line) as TraceEvent | { kind: 'end' });

  it('are JSON lines, with the end of the program as the last', () => {
    const all = events();
    expect(all.at(-1)).toMatchObject({ kind: 'end', ending: { kind: 'status', status: 0 } });
    expect(all.filter(({ kind }) => kind === 'transfer')).toHaveLength(1);
  });

  it('can be those of one symbol', () => {
    const kinds = events('--symbol', 'stdout').slice(0, -1);
    expect(kinds.length).toBeGreaterThan(1);
    expect(kinds.every((event) => 'symbol' in event && event.symbol === 'stdout')).toBe(true);
  });

  it('can be those of one object', () => {
    const kinds = new Set(events('--object', 'libc.so.6', '--categories', 'libs').map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(['search', 'try', 'init', 'fini', 'end']));
  });
});

it('a program that does not start is told with what the loader said', () => {
  writeFileSync(join(cwd, 'gone.c'), 'int gone(void) { return 0; }');
  writeFileSync(join(cwd, 'lost.c'), 'int gone(void); int main(void) { return gone(); }');
  execFileSync('gcc', ['-shared', '-fPIC', '-o', 'libgone.so', 'gone.c'], { cwd });
  execFileSync('gcc', ['-o', 'lost', 'lost.c', '-L.', '-lgone'], { cwd });
  const { stdout, status } = solder(['trace', '--verify', '--', './lost'], { cwd });
  expect(stdout).toContain('exit status 127');
  expect(stdout).toContain('main was not reached');
  expect(stdout).toMatch(/libgone\.so .*not mapped/);
  expect(status).toBe(0);
});
