import { Type } from 'typebox';
import { SEVERITIES, type Severity } from '../../model/index.ts';
import { countSchema, roots, strict } from './strict.ts';

const text = (description: string) => Type.String({ description });
const optionalText = (description: string) => Type.Optional(text(description));
const orders = (description: string) => Type.Array(countSchema(), { description });

const rule = Type.Enum(
  ['root', 'preload', 'path', 'rpath', 'library-path', 'runpath', 'cache', 'default', 'loader'],
  { description: 'which rule of the search found it' },
);

const attempt = strict({ rule, path: Type.String(), outcome: text('why the search went on') });

/** `deps` */
export const depsFacts = roots({
  needs: orders('what the root needs, as orders'),
  libraries: Type.Array(
    strict({
      order: countSchema('position in the load order; the root is 0'),
      name: text('the name it was asked for by'),
      path: Type.Union([Type.String(), Type.Null()], { description: 'null: not found' }),
      soname: optionalText('DT_SONAME'),
      rule: Type.Optional(rule),
      ruleOf: optionalText('whose RPATH or RUNPATH it was'),
      requester: Type.Optional(countSchema('the order of whoever asked first')),
      needs: orders('what it needs itself, as orders'),
      message: optionalText('not found: in the words of ld.so'),
      tried: Type.Optional(Type.Array(attempt, { description: 'not found: every place that was tried' })),
    }),
  ),
});

const binding = {
  from: text('the object that refers'),
  symbol: Type.String(),
  version: optionalText('the version that it asks for'),
  to: Type.Union([Type.String(), Type.Null()], { description: 'the object it gets; null: nothing' }),
  kind: Type.Enum(['normal', 'protected'], {
    description: 'protected: an own protected symbol kept the reference at home',
  }),
};

const candidate = strict({
  object: Type.String(),
  version: text('`@@V` default, `@V` hidden, empty for none'),
  outcome: Type.Enum(['wins', 'loses', 'refused']),
  reason: optionalText('why it was refused'),
});

/** `bind`: all bindings, or with `--symbol` the look-ups of one name with their candidates. */
export const bindFacts = strict({
  roots: Type.Array(
    Type.Union([
      strict({ path: Type.String(), bindings: Type.Array(strict(binding)) }),
      strict({
        path: Type.String(),
        lookups: Type.Array(
          strict({
            ...binding,
            lookup: Type.Enum(['any', 'plt', 'copy'], { description: 'how the look-up is narrowed' }),
            candidates: Type.Array(candidate, { description: 'in lookup order' }),
          }),
        ),
      }),
    ]),
  ),
});

const definer = strict({
  object: Type.String(),
  size: countSchema('st_size in bytes'),
  binding: text('STB_GLOBAL, STB_WEAK or STB_GNU_UNIQUE'),
  version: optionalText('the version it is defined under'),
  ownReferencesGoTo: optionalText("where the object's own look-ups go; absent when it makes none"),
});

const sizes = {
  objects: countSchema('objects in the process, the root and the loader included'),
  lookups: countSchema('look-ups that the loader makes'),
};

/** `conflicts` */
export const conflictsFacts = roots({
  ...sizes,
  conflicts: Type.Array(
    strict({
      name: Type.String(),
      kind: text('the kind of finding'),
      severity: Type.Enum([...SEVERITIES] as Severity[]),
      reason: text('why it is ranked so'),
      definers: Type.Array(definer, { description: 'in lookup order, the winner first' }),
      references: Type.Array(strict({ from: Type.String(), to: Type.String() })),
    }),
  ),
});

/** `check` */
export const checkFacts = roots({
  ...sizes,
  contendedNames: countSchema('names for which a look-up had a choice'),
});
