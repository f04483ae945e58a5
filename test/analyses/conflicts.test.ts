import { describe, expect, it } from 'vitest';
import { analyseProcess } from '../../src/analyses/analyse-process.ts';
import { loadContext } from '../../src/host/index.ts';
import { Binder } from '../../src/loader/index.ts';
import { Farm, hasTool, noOracle } from '../loader/farm.ts';

function conflictsOf(path: string): string[] {
  const context = loadContext({});
  const target = context.openTarget(path);
  if (target.kind !== 'dynamic') throw new Error('no program');
  return analyseProcess(context, new Binder(), target.object, path).conflicts.map(({ name }) => name);
}

// ld.gold leaves the reference of a protected variable to the loader; the others bind it themselves.
describe.skipIf(noOracle ?? (!hasTool('ld.gold') && 'ld.gold is not installed'))('protected names', () => {
  const source = (visibility: string, name: string) =>
    `__attribute__((visibility("${visibility}"))) int v = 1; int *${name}(void) { return &v; }`;

  it.each([
    ['protected', []],
    ['default', ['v']],
  ])('%s: %j contended', (visibility, contended) => {
    using farm = new Farm();
    farm.library('libone.so', source(visibility, 'one'), '-fuse-ld=gold');
    farm.library('libtwo.so', source(visibility, 'two'), '-fuse-ld=gold');
    const program = farm.program('p', '', 'libone.so', 'libtwo.so', '-rpath', '$ORIGIN');
    expect(conflictsOf(program)).toEqual(contended);
    const { bindings } = farm.compare(program);
    const kinds = bindings.map((row) => row.split('\t')).filter((row) => row[1] === 'v');
    expect(kinds).toHaveLength(2);
  });
});
