import { Type } from 'typebox';
import { CURES, GUARD_PLANS } from '../../analyses/guard/index.ts';
import { LIBCS } from '../../analyses/unload/index.ts';
import { soakFacts } from './soak-facts.ts';
import { countSchema, strict } from './strict.ts';

const plan = Type.Enum([...GUARD_PLANS]);
const unknown = (description: string) => Type.Union([countSchema(), Type.Null()], { description });

const advice = strict({
  verb: Type.Literal('advise'),
  path: Type.String({ description: 'as it was given' }),
  libc: Type.Enum([...LIBCS], { description: 'the C library whose rules count' }),
  recommended: Type.Union([plan, Type.Null()], { description: 'null: nothing is lost' }),
  reason: Type.String(),
  losers: Type.Array(
    strict({
      object: Type.String({ description: 'a library whose keys are lost when it is unloaded' }),
      keys: unknown('places that create one; null: the machine code is not read'),
      ofRuntime: unknown('of these in a C++ runtime that was linked in; null: no symbol tells'),
    }),
  ),
  staticRuntimes: Type.Array(Type.String()),
  others: Type.Array(Type.String(), { description: 'kinds of findings: what else breaks a process' }),
  plans: Type.Array(
    strict({
      plan,
      cures: Type.Enum([...CURES]),
      effect: Type.String(),
      needs: Type.String(),
      costs: Type.String(),
    }),
    { description: 'the best first' },
  ),
});

const cure = strict({
  verb: Type.Literal('verify'),
  before: soakFacts,
  after: soakFacts,
});

/**
 * `guard`; the verdict at the top of the report is for `advise` the plan, `none` for nothing to do, for `verify`
 * `cured`, `not-cured` or `nothing-to-cure`.
 */
export const guardFacts = Type.Union([advice, cure]);
