import { expect, it } from 'vitest';
import { callRows, type PredictedCall } from '../../src/analyses/labs/call-rows.ts';
import { tracedProcess } from '../../src/analyses/labs/traced-process.ts';
import type { DlCall, DlOutcome, LoadedObject } from '../../src/model/index.ts';
import { literalObject } from '../loader/literals.ts';

const place = { directory: '/scratch', symbols: [] };
const [A, B] = ['./liba.so', './libb.so'];

const object = (path: string): LoadedObject => ({
  kind: 'loaded',
  order: 1,
  name: path,
  path,
  object: literalObject(),
  rule: 'path',
  ruleDetail: undefined,
  requester: undefined,
});

const open = (file: string, count = 1): PredictedCall => ({
  call: { call: 'dlopen', file, mode: {}, handle: file },
  outcome: {
    call: 'dlopen',
    result: 'opened',
    object: object(file),
    count,
    added: [],
    initialised: [],
    madeGlobal: [],
  },
  from: undefined,
});

const close = (handle: string, ...unloaded: string[]): PredictedCall => ({
  call: { call: 'dlclose', handle },
  outcome: {
    call: 'dlclose',
    result: 'closed',
    finalised: [],
    unloaded: unloaded.map(object),
    kept: [],
  },
  from: undefined,
});

const lookUp = (from: string, symbol: string, to: string): PredictedCall => ({
  call: { call: 'dlsym', handle: from, symbol },
  outcome: { call: 'dlsym', result: 'found', object: object(to), definition: 1, isNull: false },
  from,
});

const refused = (call: DlCall, message: string): PredictedCall => ({
  call,
  outcome: { call: call.call, result: 'refused', message } satisfies DlOutcome,
  from: undefined,
});

const opened = (file: string, count = 1) => [
  `calling init: ${file}`,
  `opening file=${file} [0]; direct_opencount=${count}`,
];
const unloaded = (file: string) => [`file=${file} [0];  destroying link map`];
const bound = (from: string, to: string) => [`binding file ${from} [0] to ${to} [0]: normal symbol \`s'`];

function compare(
  predicted: readonly PredictedCall[],
  trace: readonly string[][],
  words: Partial<Words> = {},
) {
  const text = trace
    .flat()
    .map((line) => `      4711:\t${line}\n`)
    .join('');
  const seen = { events: tracedProcess(text).events, stdout: '', stderr: '', program: 'app', ...words };
  return callRows(undefined, predicted, seen, place).filter(({ agrees }) => !agrees);
}

interface Words {
  readonly stdout: string;
  readonly stderr: string;
}

it('agrees with a trace that shows the same in the same order', () => {
  const calls = [open(A), open(B), lookUp(B, 's', A), close(B, B), close(A, A)];
  const trace = [opened(A), opened(B), bound(B, A), unloaded(B), unloaded(A)];
  expect(compare(calls, trace)).toEqual([]);
  expect(compare([open('/scratch/liba.so')], [opened('/scratch/./liba.so')])).toEqual([]);
});

it('does not agree when a call left another mark', () => {
  expect(compare([open(A, 2)], [opened(A)])).toMatchObject([{ predicted: 'liba.so, open 2 times' }]);
  expect(compare([open(A)], [opened(B)])).toMatchObject([{ observed: 'libb.so' }]);
  expect(compare([open(A)], [])).toMatchObject([{ observed: 'not opened' }]);
  expect(compare([open(A), lookUp(A, 's', B)], [opened(A), bound(A, A)])).toMatchObject([
    { what: 'dlsym ./liba.so s', predicted: 'libb.so', observed: 'liba.so' },
  ]);
});

it('does not agree when something is unloaded at another call, or not at all', () => {
  const calls = [open(A), close(A, A), open(A)];
  expect(compare(calls, [opened(A), opened(A)])).toMatchObject([
    { predicted: 'unloads liba.so', observed: 'unloads nothing' },
  ]);
  const late = compare(calls, [opened(A), opened(A), unloaded(A)]);
  expect(late).toMatchObject([{ observed: 'unloads nothing' }, { observed: 'unload liba.so' }]);
  const both = [open(A), open(B), close(A, A), close(B)];
  expect(compare(both, [opened(A), opened(B), unloaded(A), unloaded(B)])).toMatchObject([
    { what: 'dlclose ./libb.so', observed: 'unloads libb.so' },
  ]);
});

it('does not take for a call what an object is relocated with, or what was mapped in vain', () => {
  const message = './libb.so: undefined symbol: s';
  const vain = refused({ call: 'dlopen', file: B, mode: {}, handle: B }, message);
  const trace = [bound(A, A), opened(A), unloaded(B)];
  expect(compare([open(A), vain, lookUp(A, 's', A)], [...trace, bound(A, A)], { stdout: message })).toEqual(
    [],
  );
  expect(compare([open(A), vain], trace)).toMatchObject([{ observed: 'not said' }]);
});

it('wants the words of a call that ends the process on standard error', () => {
  const message = 'symbol lookup error: ./liba.so: undefined symbol: s';
  const fatal = refused({ call: 'use', object: A, symbol: 's' }, message);
  expect(compare([fatal], [], { stderr: `app: ${message}\n` })).toEqual([]);
  expect(compare([fatal], [], { stdout: message })).toMatchObject([{ observed: 'not said' }]);
});
