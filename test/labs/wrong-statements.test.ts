import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { compareRun } from '../../src/analyses/labs/compare-run.ts';
import type { Lab, LabRun, Prediction } from '../../src/model/lab.ts';
import { whyNotAble } from '../../src/run/labs/abilities.ts';
import { buildVariant } from '../../src/run/labs/build-variant.ts';
import { observeProgram, predictProgram } from '../../src/run/labs/run-program.ts';
import { missingTools } from '../../src/run/labs/tools.ts';

type Mutations<Kind extends Prediction['kind']> = (stated: Extract<Prediction, { kind: Kind }>) => unknown[];

/** Of no lab's library. */
const LEFT_THREAD = {
  finding: 'unload.thread',
  severity: 'error',
  message: 'libz.so: leaves a thread behind whenever it is loaded',
} as const;

/** Statements that are no longer true, each wrong in one respect; undefined: it is not made. */
const MUTATIONS: { readonly [Kind in Prediction['kind']]: Mutations<Kind> } = {
  conflict: (stated) => [
    undefined,
    { ...stated, symbol: `${stated.symbol}x` },
    { ...stated, winner: stated.losers[0] },
    { ...stated, losers: [] },
    { ...stated, severity: 'note' },
    { ...stated, finding: 'conflict.guard' },
  ],
  'lookup-order': (stated) => [{ ...stated, objects: stated.objects.toReversed() }],
  load: (stated) => [
    undefined,
    { ...stated, message: `${stated.message}.` },
    { ...stated, finding: 'load.wrong-format' },
    { ...stated, severity: stated.severity === 'error' ? 'warning' : 'error' },
    { ...stated, unsaid: stated.unsaid ? undefined : true },
    ...(stated.severity === 'error' ? [{ ...stated, when: stated.when === 'call' ? 'start' : 'call' }] : []),
  ],
  exports: ({ symbols, ...stated }) => [
    { ...stated, symbols: [...symbols, 'zz'] },
    ...(symbols.length === 0 ? [] : [{ ...stated, symbols: symbols.slice(1) }]),
    ...symbols.map((symbol) => ({
      ...stated,
      symbols: symbols.map((other) => (other === symbol ? `${symbol}@V` : other)),
    })),
  ],
  script: ({ takes, ...stated }) =>
    Object.entries(takes).flatMap(([name, { as, by }]) => [
      { ...stated, takes: Object.fromEntries(Object.entries(takes).filter(([other]) => other !== name)) },
      { ...stated, takes: { ...takes, [name]: { as: as === null ? name : null, by } } },
      { ...stated, takes: { ...takes, [name]: { as, by: `${by}?` } } },
      { ...stated, takes: { ...takes, none: { as: null } } },
    ]),
  diff: (stated) => [
    { ...stated, verdict: stated.verdict === 'identical' ? 'compatible' : 'identical' },
    { ...stated, bump: stated.bump === 'patch' ? 'minor' : 'patch' },
    { ...stated, version: 'unknown' },
    { ...stated, soname: 'none' },
    ...(stated.verdict === 'compatible' || stated.verdict === 'identical'
      ? [{ ...stated, unseen: stated.unseen ? undefined : true }]
      : []),
  ],
  calls: ({ results, ...stated }) => [
    { ...stated, results: [...results, 'unloads nothing'] },
    { ...stated, results: results.slice(1) },
    ...results.map((text, at) => ({ ...stated, results: results.with(at, `${text}x`) })),
  ],
  'loader-events': ({ events, ...stated }) => [
    { ...stated, events: events.slice(1) },
    { ...stated, events: events.toReversed() },
    { ...stated, events: [...events, 'unload libz.so'] },
  ],
  address: (stated) => [
    { ...stated, is: `${stated.is}0` },
    { ...stated, object: 'libz.so' },
    { ...stated, name: `${stated.name}?` },
  ],
  unload: ({ finds, keysPerRound: keys, exhaustedAtRound: round, ...stated }) => {
    const base = { ...stated, finds, keysPerRound: keys, exhaustedAtRound: round };
    return [
      { ...base, verdict: stated.verdict === 'pinned' ? 'unloads' : 'pinned' },
      { ...base, plugin: 'libz.so' },
      { ...base, finds: [...finds, { ...LEFT_THREAD, seen: 'unloaded: yes' }] },
      ...(keys === undefined ? [] : [{ ...base, keysPerRound: { min: keys.min, max: keys.max + 1 } }]),
      ...(round === undefined ? [] : [{ ...base, exhaustedAtRound: round === null ? 1025 : null }]),
      ...finds.flatMap((found, at) =>
        [
          // A note need not be stated.
          ...(found.severity === 'note' ? [] : [undefined]),
          { ...found, message: `${found.message}.` },
          { ...found, severity: found.severity === 'error' ? 'warning' : 'error' },
          { ...found, finding: 'unload.memory' },
          { ...found, because: 'the moon is full' },
          { ...found, seen: 'nothing' },
        ].map((wrong) => ({
          ...base,
          finds: wrong === undefined ? finds.toSpliced(at, 1) : finds.with(at, wrong as typeof found),
        })),
      ),
    ];
  },
  failure: (stated) => [
    { ...stated, message: `${stated.message}.` },
    { ...stated, finding: 'open.unknown' },
    { ...stated, severity: 'warning' },
    { ...stated, because: 'the moon is full' },
    { ...stated, call: { call: 'dlopen', file: 'libm.so.6', mode: {}, handle: 'm' } },
  ],
  told: (stated) => [
    { ...stated, by: 'libz.so' },
    { ...stated, symbol: `${stated.symbol}x` },
  ],
  found: ({ libraries, ...stated }) => [
    { ...stated, libraries: {} },
    ...Object.keys(libraries).map((name) => ({ ...stated, libraries: { ...libraries, [name]: 'rpath' } })),
  ],
  links: ({ links, ...stated }) => [
    { ...stated, links: { ...links, 'libz.so.1': 'libz.so.1.0' } },
    ...Object.keys(links).flatMap((name) => [
      { ...stated, links: { ...links, [name]: 'elsewhere' } },
      { ...stated, links: Object.fromEntries(Object.entries(links).filter(([other]) => other !== name)) },
    ]),
  ],
};

function* mutants(run: LabRun): Generator<LabRun> {
  for (const [at, stated] of run.predicts.entries()) {
    for (const wrong of MUTATIONS[stated.kind](stated as never)) {
      const predicts =
        wrong === undefined ? run.predicts.toSpliced(at, 1) : run.predicts.with(at, wrong as Prediction);
      yield { ...run, predicts };
    }
  }
}

/** Labs that have every kind of prediction between them. */
const LABS = [
  'conflicts/version-script-isolates',
  'conflicts/function-override',
  'versions/missing-version',
  'versions/old-over-new',
  'versions/node-dependency',
  'versions/added-function',
  'versions/changed-meaning',
  'versions/symlink-farm',
  'loading/dependency-tree',
  'loading/address-info',
  'loading/preload',
  'loading/debug-output',
  'unloading/cached-handle',
  'unloading/pinned-by-thread',
  'unloading/diagnose-dlsym',
];

const root = new URL('../../labs/', import.meta.url);
const labs = await Promise.all(
  LABS.map(async (name) => {
    const { lab } = (await import(new URL(`${name}/lab.ts`, root).href)) as { lab: Lab };
    return { name, lab, sources: fileURLToPath(new URL(`${name}/`, root)), missing: missingTools(lab) };
  }),
);

it('takes labs that have every kind of prediction', () => {
  const kinds = labs.flatMap(({ lab }) =>
    lab.variants.flatMap(({ runs }) => runs.flatMap(({ predicts }) => predicts.map(({ kind }) => kind))),
  );
  expect([...new Set(kinds)].sort()).toEqual(Object.keys(MUTATIONS).sort());
});

for (const { name, lab, sources, missing } of labs) {
  it.skipIf(missing.length > 0)(`${name} fails whichever of its statements is wrong`, async () => {
    let tried = 0;
    for (const variant of lab.variants) {
      const directory = realpathSync(mkdtempSync(join(tmpdir(), 'solder-wrong-')));
      try {
        if (variant.needs !== undefined && (await whyNotAble(variant.needs, directory)) !== undefined)
          continue;
        expect((await buildVariant(sources, variant, directory)).failed).toBe(false);
        for (const run of variant.runs) {
          const symbols = run.command[0].startsWith('./') ? (variant.symbols ?? lab.symbols) : [];
          const predicted = await predictProgram(run, directory, symbols);
          const observed = await observeProgram(run, directory);
          for (const mutant of mutants(run)) {
            tried++;
            const rows = compareRun(mutant, predicted, observed, { directory, symbols });
            if (rows.every(({ agrees }) => agrees)) expect(mutant.predicts).toBe('noticed');
          }
        }
      } finally {
        rmSync(directory, { recursive: true });
      }
    }
    expect(tried).toBeGreaterThan(0);
  });
}
