import { expect, it } from 'vitest';
import type { BindingFacts } from '../../src/analyses/index.ts';
import { compareRun, type ObservedRun } from '../../src/analyses/labs/compare-run.ts';
import { endingText } from '../../src/analyses/labs/outcome-rows.ts';
import { NO_FILES, NO_PROCESS } from '../../src/analyses/labs/predict-run.ts';
import { tracedProcess } from '../../src/analyses/labs/traced-process.ts';

const place = { directory: '/scratch', symbols: ['s'] };
const run = { command: ['./app'], predicts: [], observes: { stdout: [] } } as const;
const LIBC = '/lib/libc.so.6';

function binding(from: string, to: string | null, more: Partial<BindingFacts> = {}): BindingFacts {
  return { from: `/scratch/${from}`, symbol: 's', to, kind: 'normal', ...more };
}

function compare(
  predicted: readonly BindingFacts[],
  traced: readonly BindingFacts[],
  seen: Partial<ObservedRun> = {},
) {
  const scope = ['/scratch/app', LIBC];
  const observed: ObservedRun = {
    stdout: '',
    stderr: '',
    ending: { kind: 'status', status: 0 },
    events: [],
    bindings: traced,
    lookupOrder: scope,
    started: true,
    exports: new Map(),
    links: new Map(),
    ...seen,
  };
  const rows = compareRun(
    run,
    { ...NO_PROCESS, ...NO_FILES, isSecure: false, bindings: predicted, lookupOrder: scope },
    observed,
    place,
  );
  return rows.filter(({ agrees }) => !agrees);
}

it('agrees when the trace shows what was predicted, however often', () => {
  const one = binding('libone.so', '/scratch/libone.so');
  expect(compare([one, one], [one])).toEqual([]);
  expect(
    compare([binding('app', LIBC, { version: 'V_1' })], [binding('app', LIBC, { version: 'V_1' })]),
  ).toEqual([]);
  // A weak reference that nobody satisfies leaves no line in the trace.
  expect(compare([binding('app', null)], [])).toEqual([]);
});

it('does not agree when the trace shows another definition', () => {
  expect(compare([binding('app', '/scratch/libone.so')], [binding('app', '/scratch/libtwo.so')])).toEqual([
    { what: 'conflict over s', predicted: 'no conflict', observed: 'libtwo.so used', agrees: false },
    { what: 's in app', predicted: 'libone.so', observed: 'libtwo.so', agrees: false },
  ]);
});

it('does not agree when a reference, its version or its kind is on one side only', () => {
  const one = binding('app', '/scratch/libone.so');
  expect(compare([one], []).at(-1)).toMatchObject({ what: 's in app', observed: 'no binding traced' });
  expect(compare([], [one]).at(-1)).toMatchObject({ what: 's in app', predicted: 'no binding' });
  expect(compare([one], [{ ...one, version: 'V_2' }]).map(({ what }) => what)).toEqual([
    's in app',
    's@V_2 in app',
  ]);
  expect(compare([one], [{ ...one, kind: 'protected' }])).toMatchObject([
    { observed: 'libone.so (protected)' },
  ]);
});

it('looks at no other name', () => {
  expect(compare([], [binding('app', LIBC, { symbol: 'puts' })])).toEqual([]);
});

it('wants a trace of a program that ran to its end', () => {
  expect(compare([], [], { lookupOrder: [] })).toMatchObject([
    { what: "ld.so's trace", observed: 'no trace' },
  ]);
  const ending = { kind: 'status', status: 127 } as const;
  expect(compare([], [], { lookupOrder: [], ending })).toMatchObject([{ what: 'end' }]);
});

it('names every end', () => {
  expect(endingText({ kind: 'time-limit', seconds: 10 })).toBe('still running after 10 s');
  expect(endingText({ kind: 'not-started', message: 'permission denied' })).toBe(
    'not started: permission denied',
  );
});

it('reads the trace of ld.so', () => {
  const trace = [
    "      4711:\tbinding file /a b/app [0] to /a b/lib]one.so [0]: normal symbol `_Z1fv'",
    "      4711:\tbinding file /x/libone.so [0] to /x/libone.so [0]: protected symbol `s' [V_1.2]",
    "      4711:\tbinding file linux-vdso.so.1 [0] to linux-vdso.so.1 [0]: normal symbol `t' [LINUX_2.6]",
    '      4711:\tobject=/a b/app [0]',
    '      4711:\t scope 0: /a b/app /x/libone.so /lib64/ld.so',
    '      4711:\tobject=/x/libtwo.so [0]',
    '      4711:\t scope 0: /x/libtwo.so',
    '      4711:\tcalling init: /x/libone.so',
    '      4711:\ttransferring control: /a b/app',
    'binding file of a program that prints such lines',
  ];
  expect(tracedProcess(trace.join('\n'))).toMatchObject({
    bindings: [
      { from: '/a b/app', symbol: '_Z1fv', to: '/a b/lib]one.so', kind: 'normal' },
      { from: '/x/libone.so', symbol: 's', version: 'V_1.2', to: '/x/libone.so', kind: 'protected' },
      { from: 'linux-vdso.so.1', symbol: 't', version: 'LINUX_2.6', to: 'linux-vdso.so.1', kind: 'normal' },
    ],
    lookupOrder: ['/a b/app', '/x/libone.so', '/lib64/ld.so'],
    started: true,
  });
  expect(tracedProcess('')).toEqual({ events: [], bindings: [], lookupOrder: [], started: false });
});
