import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { dynamicExecutables, largestLibrary, which } from '../../bench/inputs.ts';
import { TASKS } from '../../bench/tasks.ts';

const bench = (...args: string[]) =>
  spawnSync(process.execPath, [new URL('../../bench/run.ts', import.meta.url).pathname, ...args], {
    encoding: 'utf8',
  });

describe('wrong usage', () => {
  test('an unknown task is told with the likely one and the list', () => {
    const { status, stdout, stderr } = bench('inspct');
    expect(status).toBe(2);
    expect(stdout).toBe('');
    const names = TASKS.map(({ name }) => name);
    expect(names).toContain('inspect');
    expect(stderr).toBe(`bench: no task 'inspct', did you mean inspect?\ntasks: ${names.join(', ')}\n`);
  });

  test('an unknown option', () => {
    const { status, stderr } = bench('--recrod');
    expect(status).toBe(2);
    expect(stderr).toContain('usage: npm run bench');
  });
});

describe('inputs', () => {
  test('the largest library is a library, and the programs are dynamic', () => {
    const library = largestLibrary()!;
    expect(library.size).toBeGreaterThan(1e6);
    const programs = dynamicExecutables('/usr/bin');
    expect(programs).toContain(
      spawnSync('readlink', ['-f', '/usr/bin/env'], { encoding: 'utf8' }).stdout.trim(),
    );
    expect(new Set(programs).size).toBe(programs.length);
    const sample = [programs[0]!, programs.at(-1)!];
    for (const program of sample) {
      expect(spawnSync('readelf', ['-lW', program], { encoding: 'utf8' }).stdout).toContain(
        'program interpreter',
      );
    }
  });

  test('which looks along PATH, and at files', () => {
    expect(which('sh')).toMatch(/\/sh$/);
    expect(which('/usr/bin/env')).toBe('/usr/bin/env');
    expect(which('no-such-program')).toBeUndefined();
    expect(which('/no/such/file')).toBeUndefined();
  });
});
