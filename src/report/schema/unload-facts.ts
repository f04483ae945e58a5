import { Type } from 'typebox';
import { LIBCS, UNLOAD_VERDICTS } from '../../analyses/unload/index.ts';
import { SEVERITIES, type Severity } from '../../model/index.ts';
import { countSchema, strict } from './strict.ts';

const text = (description: string) => Type.String({ description });
const libc = Type.Enum([...LIBCS], { description: 'the C library whose rules count' });
const round = Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]);

const site = strict({
  function: text('the function, or its address where no symbol names it'),
  address: text('of the call, as the file has it'),
  calls: text('the import that it calls'),
  way: Type.Array(Type.String(), { description: 'functions from an entry of the object to this one' }),
});

const hazard = strict({
  kind: text('the kind of finding'),
  severity: Type.Enum([...SEVERITIES] as Severity[]),
  object: text('the file that leaves it'),
  when: Type.Enum(['open', 'use', 'possible', 'unread'], {
    description: 'open: whenever it is loaded; unread: the imports alone tell',
  }),
  undone: Type.Enum(['never', 'in-use', 'unread']),
  count: countSchema('so many are left each time, where no loop makes them'),
  sites: Type.Array(site),
});

/** `unload`; the verdict (`unloads`, `pinned`, `unknown`) stands at the top of the report. */
export const unloadFacts = strict({
  path: text('as it was given'),
  host: Type.Union([Type.String(), Type.Null()], { description: 'null: a process with the C library alone' }),
  libc,
  libcFrom: Type.Enum(['stated', 'assumed', 'given'], { description: 'by the file, by nobody, by the user' }),
  libcEvidence: Type.String(),
  unloads: Type.Union([Type.Boolean(), Type.Null()], {
    description: `whether dlclose unmaps it; null: ${UNLOAD_VERDICTS[2]}, it depends on what is called`,
  }),
  pins: Type.Array(
    strict({
      kind: text('the kind of finding'),
      certainty: Type.Enum(['certain', 'use', 'possible'], { description: 'use: after certain calls' }),
      symbol: Type.Optional(Type.String()),
    }),
  ),
  unloaded: Type.Union([Type.Array(Type.String()), Type.Null()], {
    description: 'what goes, in the order of dlclose; null: the loader of this C library is not simulated',
  }),
  stays: Type.Array(Type.String(), { description: 'what the plugin brings along and leaves' }),
  staticRuntimes: Type.Array(strict({ name: Type.String(), evidence: Type.String() })),
  hazards: Type.Array(hazard),
  keysPerRound: strict({
    min: countSchema('thread keys that are lost whenever it is loaded'),
    max: Type.Union([countSchema(), Type.Null()], {
      description: 'with every call that may make one; null: one is made in a loop',
    }),
  }),
  keysMax: strict(Object.fromEntries(LIBCS.map((name) => [name, countSchema()])), 'PTHREAD_KEYS_MAX'),
  exhaustedAtRound: strict(
    Object.fromEntries(LIBCS.map((name) => [name, round])),
    'the first round in which no key is left, by max, or by min where max is null; null: never',
  ),
});
