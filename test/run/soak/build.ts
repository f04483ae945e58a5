import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RTLD } from '../../../src/run/dl/index.ts';
import { planCall } from '../../../src/run/soak/plan-call.ts';
import type { SoakPlan } from '../../../src/run/soak/run-soak.ts';
import type { SoakPlugin } from './plugins.ts';

/** Builds a plugin with debug information; the library's path. */
export function buildPlugin(
  directory: string,
  { name, source, language, compiler, flags = [] }: SoakPlugin,
): string {
  const stem = join(directory, name.replaceAll(' ', '-'));
  const isCxx = language === 'c++';
  const file = `${stem}.${isCxx ? 'cpp' : 'c'}`;
  writeFileSync(file, `${source}\n`);
  const driver = compiler === 'clang' ? (isCxx ? 'clang++' : 'clang') : isCxx ? 'g++' : 'gcc';
  const options = ['-D_GNU_SOURCE', '-O1', '-g', '-w', '-shared', '-fPIC', '-pthread'];
  execFileSync(driver, [...options, '-o', `${stem}.so`, file, ...flags], { stdio: 'pipe' });
  return `${stem}.so`;
}

/** A plan for `int run_plugin(int)` in a host with nothing but the C library. */
export const planFor = (path: string, plan: Partial<SoakPlan> = {}): SoakPlan => ({
  path,
  rounds: 60,
  flags: RTLD.NOW,
  call: planCall('run_plugin', 'int(int)', ['4']),
  hostRuntime: null,
  attribute: false,
  timeLimit: 20,
  host: {},
  ...plan,
});
