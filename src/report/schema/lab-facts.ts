import { Type } from 'typebox';
import { strict } from './strict.ts';

const text = (description: string) => Type.String({ description });

const row = strict({
  what: text('what is compared'),
  predicted: text("what solder derives from the files; of a program's output, what follows from that"),
  observed: text("what the build, the program or the loader's trace of it showed"),
  agrees: Type.Boolean(),
  stated: Type.Optional(text('what the lab says solder must predict, where solder predicts something else')),
});

/** `lab` */
export const labsFacts = strict({
  labs: Type.Array(
    strict({
      name: text('AREA/NAME'),
      title: text('the claim'),
      source: text('the text and the section that make the claim'),
      status: Type.Enum(['passed', 'failed', 'skipped'], {
        description: 'skipped: a tool is missing; failed: at least one row does not agree',
      }),
      missingTools: Type.Array(Type.String(), { description: 'for want of which it was skipped' }),
      variants: Type.Array(
        strict({ name: Type.String(), skipped: Type.Optional(Type.String()), rows: Type.Array(row) }),
      ),
    }),
  ),
});
