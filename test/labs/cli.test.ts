import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it, vi } from 'vitest';
import type { LabsFacts } from '../../src/analyses/labs/lab-facts.ts';
import type { Report } from '../../src/model/index.ts';
import { reportSchema } from '../../src/report/schema.ts';
import { labNames } from '../../src/run/labs/find-labs.ts';
import { scratch, solder } from '../cli/solder.ts';
import { isRunning } from './is-running.ts';
import { hasCompiler } from './planted.ts';

const root = new URL('../../', import.meta.url);
const validate = new Ajv2020({ allowUnionTypes: true }).compile(reportSchema());

describe.skipIf(!hasCompiler)('solder lab, with a C compiler', () => {
  it('prints predicted beside observed', () => {
    const { stdout, stderr, status } = solder(['lab', 'variable-override']);
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(stdout).toMatch(/^conflicts\/variable-override {2}passed$/m);
    expect(stdout).toMatch(/^ +as-written +PREDICTED +OBSERVED$/m);
    expect(stdout).toMatch(/^ {2}✓ {2}target in libcooler\.so +libheater\.so +libheater\.so$/m);
    expect(stdout).toMatch(/\n1 passed, 0 failed, 0 skipped\n$/);
  });

  it('takes a whole area, and colours', () => {
    const { stdout, status } = solder(['lab', 'conflicts/', '--color', 'always']);
    expect(status).toBe(0);
    expect(stdout).toContain('\x1b[32m✓\x1b[39m');
    expect(stdout).toContain('function-override-indirect');
  });

  it('writes a report that keeps to the schema', () => {
    const { stdout, status } = solder(['lab', 'function-override', '--format', 'json']);
    const report = JSON.parse(stdout) as Report<LabsFacts>;
    validate(report);
    expect(validate.errors).toBeNull();
    expect(status).toBe(0);
    expect(report.facts.labs).toMatchObject([
      {
        name: 'conflicts/function-override',
        status: 'passed',
        variants: [
          { name: 'as-written' },
          { name: 'link-order-swapped' },
          { name: 'mended-by-hidden-visibility' },
        ],
      },
    ]);
    expect(stdout).not.toContain('solder-lab-');
  });

  it('exits 1 when something differs', () => {
    // Every library with its own copy of the name: nothing that the lab states is true any more.
    const { stdout, status } = solder(['lab', 'variable-override'], { env: { CC: 'cc -Dtarget=aim' } });
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^ {2}✗ {2}conflict over target: the lab states variable, warning: libheater\.so/m,
    );
    expect(stdout).toMatch(/\n0 passed, 1 failed, 0 skipped\n$/);
  });

  it('leaves with --keep what it built', () => {
    const folder = scratch();
    const args = ['lab', 'function-override', '--keep', 'play'];
    expect(solder(args, { cwd: folder }).status).toBe(0);
    const built = join(folder, 'play/conflicts/function-override/as-written');
    expect(readdirSync(built)).toEqual(expect.arrayContaining(['app', 'libmetric.so', 'metric.c']));
    expect(solder(['conflicts', '--format', 'tsv', join(built, 'app')]).stdout).toContain('\tunit\t');
  });
});

it('lists the labs with their claims', () => {
  const { stdout, status } = solder(['lab', '--list']);
  expect(status).toBe(0);
  for (const name of labNames(root)) expect(stdout).toMatch(new RegExp(`^${name} +\\S`, 'm'));
  const listed = JSON.parse(solder(['lab', '--list', '--format', 'json']).stdout) as { name: string }[];
  expect(listed.map(({ name }) => name)).toEqual(labNames(root));
});

it('names the lab that may have been meant', () => {
  expect(solder(['lab', 'variabel-override'])).toEqual({
    stdout: '',
    stderr: "solder: no lab is called 'variabel-override', did you mean variable-override?\n",
    status: 2,
  });
  expect(solder(['lab', 'xyzzy']).stderr).toBe(
    "solder: no lab is called 'xyzzy'; solder lab --list shows them\n",
  );
});

it('skips without a compiler, by its name', () => {
  const { stdout, status } = solder(['lab'], { env: { CC: 'no-such-cc', CXX: 'no-such-c++' } });
  expect(status).toBe(0);
  expect(stdout).toContain('conflicts/function-override  skipped: not installed: no-such-cc');
  expect(stdout).toContain('\n0 passed, 0 failed,');
});

it('ends the compiler and clears up when it is interrupted', async () => {
  const folder = scratch();
  const slow = join(folder, 'slow-cc');
  writeFileSync(
    slow,
    `#!/bin/sh\necho $$ > ${folder}/pid.new\nmv ${folder}/pid.new ${folder}/pid\nsleep 50\n`,
  );
  chmodSync(slow, 0o755);
  const command = new URL('bin/solder', root).pathname;
  const child = spawn(command, ['lab', 'function-override'], {
    env: { ...process.env, CC: slow, TMPDIR: folder },
    stdio: 'ignore',
  });
  const exit = once(child, 'exit');
  while (!existsSync(join(folder, 'pid'))) await delay(20);
  child.kill('SIGINT');
  expect(await exit).toEqual([null, 'SIGINT']);
  expect(readdirSync(folder).filter((name) => name.startsWith('solder-lab-'))).toEqual([]);
  await vi.waitUntil(() => !isRunning(Number(readFileSync(join(folder, 'pid'), 'utf8'))));
});
