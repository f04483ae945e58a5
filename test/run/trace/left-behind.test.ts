import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Run, scratch, shell } from '../../cli/solder.ts';
import { hasTools } from '../../support/tools.ts';

let cwd: string;
beforeAll(() => {
  cwd = scratch();
  mkdirSync(join(cwd, 'tmp'));
});
afterAll(() => rmSync(cwd, { recursive: true }));

/** A word in the environment of all that a line starts, to find it by. */
let lines = 0;

function run(line: string): Run & { readonly left: readonly string[] } {
  const mark = `SOLDER_TEST_LINE=${process.pid}-${lines++}`;
  const [name, value] = mark.split('=') as [string, string];
  const result = shell(line, { cwd, env: { TMPDIR: join(cwd, 'tmp'), [name]: value } });
  const processes = readdirSync('/proc').filter(
    (pid) => /^\d+$/.test(pid) && environment(pid).includes(mark),
  );
  const files = readdirSync(join(cwd, 'tmp')).filter((file) => file.startsWith('solder-trace-'));
  return { ...result, left: [...processes, ...files] };
}

function environment(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}

const ENDLESS = "sh -c 'while :; do /bin/true; done'";

it.each([
  ['--format jsonl', '"kind"'],
  ['--symbol malloc', 'malloc'],
])('who reads no more of %s ends the program', { timeout: 30_000 }, (options, word) => {
  const { stdout, stderr, left } = run(`$SOLDER trace ${options} -- ${ENDLESS} | head -n 1`);
  expect(stdout).toContain(word);
  expect(stderr).toBe('');
  expect(left).toEqual([]);
});

it('a signal that timeout(1) sends twice is one', { timeout: 30_000 }, () => {
  const { stdout, left } = run(`timeout --preserve-status -s INT 1 $SOLDER trace -- ${ENDLESS} < /dev/null`);
  expect(stdout).toContain('ended by SIGINT');
  expect(left).toEqual([]);
});

it.skipIf(!hasTools('setsid'))(
  'a daemon ends with the program that has started it',
  { timeout: 30_000 },
  () => {
    const { stderr, stdout, left } = run(
      `$SOLDER trace -- sh -c "setsid sh -c 'while :; do /bin/true; done' & sleep 0.3"`,
    );
    expect(stdout).toContain('exit status 0');
    expect(stderr).toBe('');
    expect(left).toEqual([]);
  },
);

const isRoot = process.geteuid?.() === 0;
it.skipIf(!isRoot || !hasTools('runuser'))("children of root may become somebody else's", () => {
  const { stdout, stderr } = run(
    'TMPDIR=/tmp $SOLDER trace --verify -- runuser -u nobody -- sh -c /bin/true',
  );
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^verified \/bin\/true \d+: as predicted/m);
});
