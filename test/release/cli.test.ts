import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import schema from '../../schema/report.schema.json' with { type: 'json' };
import { solder } from '../cli/solder.ts';
import { assemble } from '../support/assembler/index.ts';
import { exporting, using } from './in-memory.ts';

const validate = new Ajv2020({ strict: false }).compile(schema);

let directory = '';
const write = (name: string, spec: Parameters<typeof assemble>[0]) =>
  writeFileSync(join(directory, name), assemble(spec));
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'solder-release-'));
  mkdirSync(join(directory, 'lib'));
  write('lib/libfoo.so.1.2.0', exporting('libfoo.so.1', 'a'));
  write('lib/libfoo.so.1.3.0', exporting('libfoo.so.1', 'a', 'b'));
  symlinkSync('libfoo.so.1.2.0', join(directory, 'lib', 'libfoo.so.1'));
  symlinkSync('libgone.so.1.0', join(directory, 'lib', 'libgone.so.1'));
  write('app', { ...using('libfoo.so.1', 'b'), type: 3 });
});
afterEach(() => rmSync(directory, { recursive: true }));

const run = (...args: string[]) => solder(['release', ...args], { cwd: directory });
const names = () => readdirSync(join(directory, 'lib')).sort();

describe('solder release', () => {
  it('tells of a directory and touches nothing', () => {
    const before = names();
    const { stdout, status } = run('lib');
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^lib: 1 soname\nSONAME +LINK +FILE +WHY\nlibfoo.so.1 +wrong +libfoo.so.1.3.0 +the newest\n/,
    );
    expect(stdout).not.toMatch('would');
    expect(run('--used-by', 'app', 'lib').status).toBe(1);
    expect(run('--fail-on', 'warning', 'lib').status).toBe(1);
    expect(names()).toEqual(before);
  });

  it('prints with --dry-run what --apply makes', () => {
    const dry = run('--dry-run', 'lib');
    expect(dry.stdout).toMatch('would remove libgone.so.1 (was libgone.so.1.0)\n');
    expect(dry.stdout).toMatch('would link libfoo.so.1 -> libfoo.so.1.3.0 (was libfoo.so.1.2.0)\n');
    expect(names()).toContain('libgone.so.1');
    const made = run('--apply', '--used-by', 'app', 'lib');
    expect(made.stdout).toMatch('removed libgone.so.1');
    expect(made.stdout).toMatch('linked libfoo.so.1 -> libfoo.so.1.3.0');
    expect(made.status).toBe(0);
    expect(names()).toEqual(['libfoo.so.1', 'libfoo.so.1.2.0', 'libfoo.so.1.3.0']);
    expect(readlinkSync(join(directory, 'lib', 'libfoo.so.1'))).toBe('libfoo.so.1.3.0');
    expect(run('--dry-run', 'lib').stdout).toMatch('no link changes');
  });

  it('writes JSON that keeps the schema', () => {
    const runs = [
      run('--format', 'json', '--dry-run', 'lib'),
      run('--format', 'json', '--apply', 'lib'),
      run('--format', 'json', '--from', 'lib/libfoo.so.1.3.0', '--used-by', 'app', 'lib/libfoo.so.1.2.0'),
    ];
    for (const { stdout, stderr } of runs) {
      expect(stderr).toBe('');
      expect(validate(JSON.parse(stdout)), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true);
    }
    expect(JSON.parse(runs[1]!.stdout).facts.directories[0].changes).toEqual([
      { action: 'remove', name: 'libgone.so.1', was: 'libgone.so.1.0', outcome: 'made' },
      {
        action: 'link',
        name: 'libfoo.so.1',
        target: 'libfoo.so.1.3.0',
        was: 'libfoo.so.1.2.0',
        outcome: 'made',
      },
    ]);
    expect(JSON.parse(runs[2]!.stdout)).toMatchObject({
      verdict: 'incompatible',
      facts: { release: { bump: 'major' } },
    });
  });

  it('holds a build against the last release', () => {
    const { stdout, status } = run('--from', 'lib/libfoo.so.1.2.0', 'lib/libfoo.so.1.3.0');
    expect(status).toBe(0);
    expect(stdout).toMatch('lib/libfoo.so.1.2.0 -> lib/libfoo.so.1.3.0: compatible\n');
    expect(stdout).toMatch('file name  libfoo.so.1.3.0\n');
    const back = run('--from', 'lib/libfoo.so.1.3.0', '--used-by', 'app', 'lib/libfoo.so.1.2.0');
    expect(back.status).toBe(1);
    expect(back.stdout).toMatch('app uses b of libfoo.so.1, which is gone or means something else');
  });

  it.skipIf(process.getuid?.() !== 0)('fails when links cannot be made', () => {
    chmodSync(directory, 0o755);
    const nobody = { cwd: directory, uid: 65534, gid: 65534 };
    const { stdout, stderr, status } = solder(['release', '--apply', 'lib'], nobody);
    expect(stderr).toMatch('lib: cannot link libfoo.so.1: Permission denied');
    expect(stdout).toMatch(
      'cannot link libfoo.so.1 -> libfoo.so.1.3.0 (was libfoo.so.1.2.0): Permission denied',
    );
    expect(status).toBe(3);
  });

  it.each([
    [['--apply', '--dry-run', 'lib'], 2, 'exclude each other'],
    [['--apply', '--from', 'lib/libfoo.so.1.2.0', 'lib/libfoo.so.1.3.0'], 2, 'name the directory'],
    [['--from', 'lib/libfoo.so.1.2.0', 'one', 'two'], 2, 'one new library'],
    [['nowhere', 'lib'], 3, 'nowhere: No such file'],
    [['app'], 3, 'app: Not a directory'],
    [['--from', 'lib', 'app'], 3, 'lib: '],
    [['--used-by', 'nowhere', 'lib'], 3, 'nowhere: No such file'],
  ])('says what is wrong with %j', (args, status, message) => {
    const result = run(...args);
    expect(result.stderr).toMatch(message);
    expect(result.status).toBe(status);
  });
});
