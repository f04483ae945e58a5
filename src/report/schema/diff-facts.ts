import { Type } from 'typebox';
import {
  BUMPS,
  EVIDENCE_LEVELS,
  SEVERITIES,
  type Severity,
  VERDICTS,
  type Verdict,
} from '../../model/index.ts';
import { countSchema, strict } from './strict.ts';

const text = (description: string) => Type.String({ description });
const optionalText = (description: string) => Type.Optional(text(description));

const side = strict({
  path: text('as it was given'),
  soname: optionalText('DT_SONAME'),
  evidence: Type.Enum([...EVIDENCE_LEVELS], { description: 'what it was judged by' }),
  exports: countSchema('symbols that others can bind to'),
  versions: Type.Array(Type.String(), { description: 'the version nodes that it defines' }),
  needed: Type.Array(Type.String(), { description: "DT_NEEDED, in the file's order" }),
  glibcFloor: optionalText('the highest GLIBC_x.y that it needs'),
});

const change = strict({
  kind: text('the kind of finding'),
  severity: Type.Enum([...SEVERITIES] as Severity[]),
  effect: Type.Enum([...VERDICTS] as Verdict[], {
    description: 'what this change alone makes of the verdict; identical: nothing',
  }),
  subject: text('a symbol as the file spells it, a version node, a soname'),
  message: Type.String(),
  consequence: text('what a program that was linked against the old one experiences'),
  symbols: Type.Array(
    strict({ old: optionalText('as name@@VERSION'), new: optionalText('the same of the new side') }),
    { description: 'what it is about or reaches' },
  ),
});

/** `diff`; the verdict stands at the top of the report. */
export const diffFacts = strict({
  old: side,
  new: side,
  bump: Type.Enum([...BUMPS], { description: 'which number of the version has to go up at least' }),
  soname: strict({
    status: Type.Enum(['right', 'must-change', 'changed-as-it-must', 'changed-without-cause', 'none']),
    old: Type.Optional(Type.String()),
    new: Type.Optional(Type.String()),
    wanted: optionalText('what it should be'),
  }),
  version: strict(
    {
      status: Type.Enum(['right', 'too-low', 'unknown']),
      old: Type.Optional(Type.String()),
      new: Type.Optional(Type.String()),
      least: optionalText('the lowest that the new one may have'),
    },
    'of the file names: libfoo.so.1.2.3',
  ),
  next: Type.Array(Type.String(), { description: 'what to do' }),
  changes: Type.Array(change),
  programs: Type.Optional(
    Type.Array(
      strict({
        path: Type.String(),
        uses: countSchema('exports of the old one that it uses'),
        breaks: Type.Boolean(),
        because: Type.Array(Type.String(), { description: 'subjects of the changes that break it' }),
      }),
      { description: 'with --used-by' },
    ),
  ),
});
