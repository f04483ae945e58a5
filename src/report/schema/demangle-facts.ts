import { Type } from 'typebox';
import { countSchema, strict } from './strict.ts';

const optionalText = (description: string) => Type.Optional(Type.String({ description }));

const description = strict({
  language: Type.Enum(['c++', 'rust']),
  role: Type.String({ description: 'function, variable, constructor, vtable, typeinfo, guard…' }),
  variant: Type.Optional(countSchema('of constructors 1, 2, 3; of destructors 0, 1, 2')),
  name: Type.String({ description: 'without scope and template arguments' }),
  scope: Type.Array(Type.String(), { description: 'namespaces and classes, outermost first' }),
  class: optionalText('where the name proves that the innermost scope is a class'),
  nestedVariable: Type.Boolean({ description: 'a static data member or a variable of a namespace' }),
  template: Type.Boolean(),
  local: Type.Boolean({ description: 'in the body of a function' }),
  inlineNamespace: optionalText('the inline namespace of std that holds it'),
  abiTags: Type.Array(Type.String()),
  cloneSuffix: optionalText('what an optimiser added'),
});

/** `demangle` */
export const demangleFacts = strict({
  names: Type.Array(
    strict({
      name: Type.String(),
      demangled: Type.String(),
      reason: optionalText('why it comes back unchanged'),
      description: Type.Optional(description),
      ast: Type.Optional(
        Type.Object({ kind: Type.String() }, { description: 'left out when it has more than 10,000 nodes' }),
      ),
    }),
  ),
});
