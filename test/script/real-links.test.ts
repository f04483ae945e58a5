import { describe, expect, test } from 'vitest';
import { LINKERS } from '../../src/script/index.ts';
import * as cases from './cases.ts';
import { isInstalled, LinkBench } from './real-link.ts';

const SETS: readonly (readonly [string, string, readonly cases.LinkCase[]])[] = [
  ['syntax', cases.PLAIN_SET, cases.SYNTAX],
  ['languages', cases.PLAIN_SET, cases.LANGUAGES],
  ['precedence', cases.PLAIN_SET, cases.PRECEDENCE],
  ['globs', cases.PLAIN_SET, cases.GLOBS],
  ['several scripts', cases.PLAIN_SET, cases.SEVERAL],
  ['.symver', cases.VERSIONED_SET, cases.VERSIONED],
  ['a name with and without .symver', cases.TWICE_SET, cases.TWICE],
  ['one thing with and without .symver', cases.ONCE_SET, cases.TWICE],
];

for (const linker of LINKERS) {
  describe.skipIf(!isInstalled(linker))(`ld.${linker}`, () => {
    for (const [title, source, scripts] of SETS) {
      test(`${title}: ${scripts.length} scripts`, () => {
        using bench = new LinkBench(source);
        const predicted = scripts.map(({ name, scripts: texts }) => [name, bench.predict(linker, texts)]);
        const linked = scripts.map(({ name, scripts: texts }) => [name, bench.link(linker, texts)]);
        expect(predicted).toEqual(linked);
      });
    }
  });
}

test.skipIf(!isInstalled('bfd'))('what ld.bfd only warns of, and then misreads, is told as an error', () => {
  using bench = new LinkBench(cases.PLAIN_SET);
  for (const { scripts } of cases.INVALID_CHARACTERS) {
    expect(bench.predict('bfd', scripts)).toBeUndefined();
    bench.link('bfd', scripts);
    expect(bench.messages).toContain('ignoring invalid character');
  }
});
