import { Type } from 'typebox';
import { LINKERS, type Reason, type Scope } from '../../script/index.ts';
import { countSchema, strict } from './strict.ts';

const text = (description: string) => Type.String({ description });

const SCOPES: readonly Scope[] = ['global', 'local'];
const REASONS: Readonly<Record<Reason, true>> = {
  pattern: true,
  'no-pattern': true,
  symver: true,
  duplicate: true,
  clash: true,
  visibility: true,
};

const pattern = strict({
  text: Type.String(),
  node: text('empty for the anonymous node'),
  scope: Type.Enum([...SCOPES]),
  place: text('file:line:column'),
});

const symbol = strict({
  name: text('as the file spells it'),
  object: text('the file it was found in; of an archive with the member, libfoo.a(member.o)'),
  exported: Type.Boolean(),
  version: Type.Optional(text('the node whose version it gets')),
  isDefault: Type.Boolean({ description: 'name@@version and not name@version' }),
  reason: Type.Enum(Object.keys(REASONS) as Reason[], { description: 'why it is exported or not' }),
  pattern: Type.Optional(pattern),
});

const predicted = strict({
  linker: Type.Enum([...LINKERS], { description: 'whose rules were applied' }),
  refused: Type.Boolean({ description: 'whether the linker would make nothing' }),
  nodes: Type.Array(
    strict({
      name: text('empty for the anonymous node'),
      parents: Type.Array(Type.String(), { description: 'the nodes that it inherits' }),
      globals: countSchema('patterns below global:'),
      locals: countSchema('patterns below local:'),
    }),
  ),
  symbols: Type.Array(symbol, { description: 'sorted by name; empty for lint' }),
});

const written = strict({ script: text('a version script; empty with --check and --write') });

/** `script`: what `test` and `lint` predict, or what `format`, `new` and `next` write. */
export const scriptFacts = Type.Union([predicted, written]);
