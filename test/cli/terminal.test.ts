import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasTools } from '../support/tools.ts';
import { SOLDER, scratch } from './solder.ts';

describe.skipIf(!hasTools('gcc', 'script'))('on a terminal', () => {
  let cwd = '';
  beforeAll(() => {
    cwd = scratch();
    writeFileSync(join(cwd, 'plugin.c'), 'int run_plugin(int n) { return n; }');
    writeFileSync(join(cwd, 'slow.c'), '#include <unistd.h>\nint run_plugin(int n) { sleep(1); return n; }');
    for (const name of ['plugin', 'slow']) {
      execFileSync('gcc', ['-shared', '-fPIC', '-o', `${name}.so`, `${name}.c`], { cwd });
    }
  });
  afterAll(() => rmSync(cwd, { recursive: true }));

  it('long work shows a bar, and takes it away', () => {
    const command = `${SOLDER} soak ./plugin.so 30`;
    const run = spawnSync('script', ['-qec', command, '/dev/null'], { cwd, encoding: 'utf8', input: '' });
    expect(run.stdout).toMatch(/rounds .*0\/30/);
    expect(run.stdout).toMatch(/plugin\.so: .*clean/);
    expect(run.stdout).toContain('no findings');
    expect(run.status).toBe(0);
  });

  it('an interrupt gives the cursor back', async () => {
    const child = spawn('script', ['-qec', `${SOLDER} soak ./slow.so 60`, '/dev/null'], { cwd });
    let shown = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (!shown.includes('0/60') && (shown + text).includes('0/60')) child.stdin.write('\x03');
      shown += text;
    });
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect(status).toBe(130);
    expect(shown.lastIndexOf('\x1b[?25h')).toBeGreaterThan(shown.lastIndexOf('\x1b[?25l'));
  });
});
