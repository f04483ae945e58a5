import { Type } from 'typebox';
import { countSchema, strict } from './strict.ts';

const text = (description: string) => Type.String({ description });
const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description });

const milliseconds = (description: string) => Type.Number({ minimum: 0, description });

const step = strict({
  step: Type.Enum([
    'load',
    'versions',
    'scope',
    'relocate',
    'bind',
    'preinit',
    'init',
    'initialize',
    'transfer',
    'dlopen',
    'dlclose',
    'global',
    'nodelete',
    'fini',
    'unload',
    'error',
    'notice',
  ]),
  depth: countSchema('steps of a dlopen or dlclose follow it, a level deeper'),
  subject: text('the library, object or program; of `bind` the first symbol'),
  at: Type.Optional(milliseconds('milliseconds since the command was started')),
  ms: Type.Optional(milliseconds('how long it took, in milliseconds, as far as it could be seen')),
  path: Type.Optional(text('load, dlopen: the file')),
  by: Type.Optional(text('load, dlopen: who asked')),
  through: Type.Optional(text('load: the cache, or whose search path led to it')),
  tried: Type.Optional(Type.Array(Type.String(), { description: 'load: files tried, at most 100' })),
  triedCount: Type.Optional(countSchema()),
  base: Type.Optional(text('load: where it is mapped')),
  size: Type.Optional(countSchema('load: bytes of address space')),
  isLazy: Type.Optional(Type.Boolean({ description: 'relocate: calls are bound when they are made' })),
  count: Type.Optional(
    countSchema('relocate, bind: bindings; versions: comparisons; dlopen, dlclose: handles'),
  ),
  lookups: Type.Optional(countSchema('relocate, bind: objects asked for a symbol')),
  objects: Type.Optional(Type.Array(Type.String(), { description: 'scope: in lookup order' })),
  message: Type.Optional(Type.String()),
  isFatal: Type.Optional(Type.Boolean()),
});

const image = strict({
  program: nullable(Type.String(), 'as the loader calls it; null: it began before the trace'),
  begins: Type.Enum(['exec', 'fork']),
  isStarted: Type.Boolean({ description: 'main was reached' }),
  at: nullable(Type.Number(), 'milliseconds since the command was started'),
  ms: nullable(Type.Number(), 'how long it was seen after that'),
  counts: Type.Record(Type.String(), countSchema(), { description: 'events by kind' }),
  steps: Type.Array(step),
  omittedSteps: countSchema('steps beyond the limit'),
  statistics: Type.Array(
    strict({
      name: text("in the loader's words"),
      value: countSchema(),
      unit: nullable(Type.Literal('cycles'), 'null: a count'),
      percent: nullable(Type.Number(), 'of the total startup time'),
    }),
  ),
  providers: Type.Array(strict({ object: Type.String(), bindings: countSchema() }), {
    description: 'bindings by the object that provides the definition',
  }),
  symbols: Type.Array(strict({ symbol: Type.String(), bindings: countSchema(), lookups: countSchema() }), {
    description: 'the symbols bound most often',
  }),
});

const ending = Type.Union([
  strict({ kind: Type.Literal('status'), status: Type.Integer() }),
  strict({ kind: Type.Literal('signal'), signal: Type.String() }),
  strict({ kind: Type.Literal('time-limit'), seconds: Type.Number() }),
  strict({ kind: Type.Literal('not-started'), message: Type.String() }),
]);

const verified = strict({
  pid: Type.Integer({ minimum: 0 }),
  program: Type.String(),
  skipped: Type.Optional(text('why there is no prediction')),
  loads: countSchema(),
  bindings: countSchema(),
  versions: countSchema(),
  initialisers: countSchema(),
  dlopens: countSchema(),
  notPredicted: countSchema('look-ups of which the files say nothing'),
  differences: countSchema(),
});

/** `trace` */
export const traceFacts = strict({
  command: nullable(Type.Array(Type.String()), 'null: a log was read'),
  ending: nullable(ending, 'how the program ended'),
  categories: nullable(Type.Array(Type.String()), 'LD_DEBUG, as it was set'),
  lines: countSchema(),
  events: countSchema(),
  unknown: strict({
    count: countSchema('lines that were not understood'),
    examples: Type.Array(Type.String()),
  }),
  outputLines: countSchema('lines of a log that the program itself wrote'),
  unused: Type.Array(Type.String(), { description: 'needed and not used' }),
  processes: Type.Array(
    strict({
      pid: Type.Integer({ minimum: 1 }),
      parent: nullable(Type.Integer(), 'null: unknown, or not traced'),
      images: Type.Array(image, { description: 'the programs that it executed, in order' }),
      omittedImages: countSchema('programs beyond the limit, before the last'),
    }),
  ),
  omittedProcesses: countSchema('processes beyond the limit'),
  verified: Type.Optional(Type.Array(verified, { description: 'with --verify' })),
});
