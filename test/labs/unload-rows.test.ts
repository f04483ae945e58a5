import { expect, it } from 'vitest';
import { unloadRows } from '../../src/analyses/labs/unload-rows.ts';
import type { UnloadAnalysis } from '../../src/analyses/unload/index.ts';
import type { Finding } from '../../src/model/index.ts';
import type { Prediction } from '../../src/model/lab.ts';

type Stated = Extract<Prediction, { kind: 'unload' }>;

const left: Finding = {
  kind: 'unload.thread-key',
  severity: 'warning',
  message: 'liba.so: leaves a thread key behind when it is used',
  subject: 'liba.so',
  evidence: [{ text: 'it imports nothing that would undo it: pthread_key_delete' }],
};

const STATED: Stated = {
  kind: 'unload',
  plugin: 'liba.so',
  verdict: 'unloads',
  finds: [
    {
      finding: 'unload.thread-key',
      severity: 'warning',
      message: left.message,
      because: 'nothing that would undo it',
      seen: 'keys lost in round 2: 1',
    },
  ],
  keysPerRound: { min: 0, max: 1 },
  exhaustedAtRound: 1025,
};

/** The parts of an analysis that the rows are made of. */
const predicted = (
  change: Partial<UnloadAnalysis['facts']> = {},
  verdict: 'unloads' | 'pinned' = 'unloads',
) =>
  new Map([
    [
      'liba.so',
      {
        verdict,
        findings: [left],
        facts: {
          libc: 'glibc',
          keysPerRound: { min: 0, max: 1 },
          exhaustedAtRound: { glibc: 1025, musl: null, bionic: 129, ohos: 129 },
          ...change,
        },
      } as unknown as UnloadAnalysis,
    ],
  ]);

const seen = (...lines: string[]) => ({
  stdout: `${lines.join('\n')}\n`,
  ending: { kind: 'status', status: 0 } as const,
});

const GOOD = [
  'keys lost in round 1: 1',
  'keys lost in round 2: 1',
  'unloaded: yes',
  'died in round 1025: SIGABRT',
];
const with_ = (at: number, line: string) => seen(...GOOD.with(at, line));
const wrong = (rows: ReturnType<typeof unloadRows>) =>
  rows.filter(({ agrees }) => !agrees).map(({ what }) => what);

it('agrees when the program saw what was predicted', () => {
  const rows = unloadRows([STATED], predicted(), seen(...GOOD));
  expect(wrong(rows)).toEqual([]);
  expect(rows.map(({ what }) => what)).toEqual([
    'unload liba.so',
    'found in liba.so',
    'keys lost a round',
    'no key left',
  ]);
});

it.each([
  ['stays', 2, 'unloaded: no', ['unload liba.so']],
  ['does not say', 2, '', ['unload liba.so']],
  ['loses more', 1, 'keys lost in round 2: 2', ['found in liba.so', 'keys lost a round']],
  ['dies too early', 3, 'died in round 1022: SIGABRT', ['no key left']],
  ['dies too late', 3, 'died in round 1028: SIGABRT', ['no key left']],
  ['survives', 3, 'survived 1100 rounds', ['no key left']],
])('disagrees when the process %s', (_, at, line, rows) => {
  expect(wrong(unloadRows([STATED], predicted(), with_(at, line)))).toEqual(rows);
});

it('lets a process have a key or two of its own', () => {
  expect(wrong(unloadRows([STATED], predicted(), with_(3, 'died in round 1023: SIGABRT')))).toEqual([]);
});

it('wants a process to survive for which nothing ends', () => {
  const never = { exhaustedAtRound: { glibc: null, musl: null, bionic: null, ohos: null } };
  const stated = { ...STATED, exhaustedAtRound: null };
  expect(wrong(unloadRows([stated], predicted(never), seen(...GOOD)))).toEqual(['no key left']);
  expect(wrong(unloadRows([stated], predicted(never), with_(3, 'survived 1100 rounds')))).toEqual([]);
  expect(wrong(unloadRows([stated], predicted(never), with_(3, '')))).toEqual(['no key left']);
});

it('wants each finding stated that is more than a note', () => {
  expect(wrong(unloadRows([{ ...STATED, finds: [] }], predicted(), seen(...GOOD)))).toEqual([
    'found in liba.so',
  ]);
});

it('holds the verdict against what was seen', () => {
  const stated = { ...STATED, verdict: 'pinned' as const };
  expect(wrong(unloadRows([stated], predicted({}, 'pinned'), seen(...GOOD)))).toEqual(['unload liba.so']);
  expect(wrong(unloadRows([stated], predicted({}, 'pinned'), with_(2, 'unloaded: no')))).toEqual([]);
});

it('says so when the library cannot be read', () => {
  expect(wrong(unloadRows([STATED], new Map(), seen(...GOOD)))).toEqual(['unload liba.so']);
});
