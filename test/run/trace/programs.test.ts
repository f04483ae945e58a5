import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import type { TraceFacts } from '../../../src/analyses/trace/index.ts';
import type { Report } from '../../../src/model/index.ts';
import { solder } from '../../cli/solder.ts';
import { COMMANDS } from './programs.ts';

const isInstalled = (name: string) => spawnSync('sh', ['-c', 'command -v "$0"', name]).status === 0;
const INSTALLED = COMMANDS.filter(([name]) => isInstalled(name!));

it('there is enough to run', () => expect(INSTALLED.length).toBeGreaterThan(20));

it.each(INSTALLED)(
  'every line of %s %s is understood, and as predicted',
  { timeout: 120_000 },
  (...command) => {
    const words = command.filter((word) => word !== undefined);
    const args = ['trace', '--categories', 'all,statistics', '--verify', '--format', 'json'];
    const { stdout, status, stderr } = solder([...args, '--', ...words]);
    const { facts, findings } = JSON.parse(
      stdout || `{"stderr": ${JSON.stringify(stderr)}}`,
    ) as Report<TraceFacts>;
    expect(facts.unknown).toEqual({ count: 0, examples: [] });
    expect(findings).toEqual([]);
    expect(status).toBe(0);
    const [first] = facts.verified!;
    expect(first).toMatchObject({ differences: 0 });
    expect(first!.skipped).toBeUndefined();
    expect(first!.bindings).toBeGreaterThan(50);
    expect(facts.events).toBeGreaterThan(facts.lines / 2);
  },
);
