import { Type } from 'typebox';
import { RESOURCES, SERIES, STAGES } from '../../analyses/soak/index.ts';
import { LIBCS } from '../../analyses/unload/index.ts';
import { countSchema, strict } from './strict.ts';

const text = (description: string) => Type.String({ description });
const orNull = <T extends ReturnType<typeof Type.Integer> | ReturnType<typeof Type.String>>(schema: T) =>
  Type.Union([schema, Type.Null()]);
const count = orNull(countSchema());
const resourceName = Type.Enum([...RESOURCES]);

const creator = strict({
  object: text('the file of the code'),
  function: orNull(text('as the symbol table spells it')),
  address: orNull(text('of the call, as the file has it')),
  file: orNull(text('by the line table')),
  line: count,
  count: countSchema('so many are left'),
  bytes: count,
});

const resource = strict({
  name: resourceName,
  unit: text('what is counted: keys, bytes, …'),
  first: Type.Union([countSchema('before the first round'), Type.Null()]),
  last: Type.Union([countSchema('after the last round'), Type.Null()]),
  free: Type.Union([countSchema('at the end, where there is a fixed number'), Type.Null()]),
  growthPerRound: Type.Number({ description: 'Theil-Sen slope over the second half' }),
  leaks: Type.Boolean({ description: 'it grows as long as the rounds go on; signals: it stays changed' }),
  since: Type.Union([countSchema('the round in which the growth began'), Type.Null()]),
  follows: Type.Union([resourceName, Type.Null()], { description: 'the leak that takes this one along' }),
  exhaustedAtRound: strict(
    Object.fromEntries(LIBCS.map((libc) => [libc, count])),
    'the first round in which there is none left; null: never, or not known',
  ),
  creators: Type.Union([Type.Array(creator), Type.Null()], { description: 'null: nobody looked' }),
});

const death = strict({
  round: countSchema(),
  stage: Type.Enum([...STAGES]),
  signal: orNull(Type.String()),
  reason: text('the signal and the place, or the text of dlerror'),
  said: text('the last line on stderr'),
});

const facts = {
  path: text('as it was given'),
  entry: orNull(text('the function that is called')),
  hostRuntime: orNull(text('what is loaded before the plugin')),
  rounds: strict({ wanted: countSchema(), done: countSchema() }),
  resources: Type.Array(resource),
  death: Type.Union([death, Type.Null()]),
  stays: Type.Array(Type.String(), { description: 'objects that are there at the end, and were not before' }),
  results: Type.Array(strict({ from: countSchema('round'), value: Type.String() }), {
    description: 'what the calls returned: each change, the first ten',
  }),
  series: strict(
    Object.fromEntries(SERIES.map((name) => [name, Type.Array(Type.Union([Type.Number(), Type.Null()]))])),
    'by name one number for each round, after the one from before the first',
  ),
};

/** `soak`; of `soak compare` the second plugin, and in `before` the first. */
export const soakFacts = strict({ ...facts, before: Type.Optional(strict(facts)) });
