import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { analyseSoak } from '../../../src/analyses/soak/index.ts';
import { runSoak } from '../../../src/run/soak/run-soak.ts';
import { hasTools } from '../../support/tools.ts';
import { buildPlugin, planFor } from './build.ts';
import { CLEAN, LEAKING, type SoakPlugin } from './plugins.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'solder-soak-test-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const isBuildable = ({ compiler, language }: SoakPlugin): boolean =>
  hasTools(compiler === 'clang' ? 'clang' : language === 'c++' ? 'g++' : 'gcc');

describe('a plugin that loses one thing', () => {
  for (const plugin of LEAKING) {
    it.runIf(isBuildable(plugin))(plugin.name, async () => {
      const path = buildPlugin(directory, plugin);
      const { facts, verdict } = analyseSoak(
        await runSoak(planFor(path, { attribute: true, rounds: plugin.rounds ?? 60 })),
      );
      expect(facts.death).toBeNull();
      expect(verdict).toBe('leak');
      const roots = facts.resources.filter(({ leaks, follows }) => leaks && follows === null);
      expect(roots.map(({ name }) => name)).toEqual([plugin.loses, ...(plugin.losesToo ?? [])]);
      const [lost] = roots;
      if (plugin.perRound !== undefined) expect(lost!.growthPerRound).toBeCloseTo(plugin.perRound, 1);
      if (plugin.maker === undefined) return;
      const [most] = lost!.creators!;
      expect(most).toMatchObject({ object: path, function: plugin.maker });
      expect(most!.count).toBeGreaterThan(0);
    });
  }
});

describe('a plugin that loses nothing', () => {
  for (const plugin of CLEAN) {
    it.runIf(isBuildable(plugin))(plugin.name, async () => {
      const path = buildPlugin(directory, plugin);
      const { facts, verdict, findings } = analyseSoak(await runSoak(planFor(path)));
      expect(findings.map(({ message }) => message)).toEqual([]);
      expect(facts.resources.filter(({ leaks }) => leaks)).toEqual([]);
      expect(verdict).toBe('clean');
      expect(facts.rounds).toEqual({ wanted: 60, done: 60 });
    });
  }
});
