import { Type } from 'typebox';
import { BUMPS, type Bump, VERDICTS, type Verdict } from '../../model/index.ts';
import { countSchema, strict } from './strict.ts';

const text = (description: string) => Type.String({ description });
const optionalText = (description: string) => Type.Optional(text(description));

const soname = strict({
  soname: Type.String(),
  file: text('the file that should win'),
  through: optionalText('the link to it that counts as a file of its own, and has the newest name'),
  why: Type.Enum(['only', 'file-before-link', 'newest', 'directory-order']),
  others: Type.Array(Type.String(), { description: 'the other names that claim the soname' }),
  link: Type.Enum(['right', 'itself', 'missing', 'wrong', 'blocked'], {
    description: 'itself: the file has the soname for its name; blocked: no link can be made',
  }),
});

const outcome = {
  outcome: Type.Enum(['planned', 'made', 'failed']),
  problem: optionalText('why it was not made'),
};

const change = Type.Union([
  strict({
    action: Type.Literal('link'),
    name: Type.String(),
    target: Type.String(),
    was: optionalText('where the link led before'),
    ...outcome,
  }),
  strict({ action: Type.Literal('remove'), name: Type.String(), was: Type.String(), ...outcome }),
]);

const farms = strict({
  directories: Type.Array(
    strict({
      path: text('as it was given'),
      sonames: Type.Array(soname),
      changes: Type.Array(change, { description: 'in the order in which they are made' }),
    }),
  ),
});

const release = strict({
  release: strict({
    from: text('the last release, as it was given'),
    to: text('the new library, as it was given'),
    verdict: Type.Enum([...VERDICTS] as Verdict[]),
    bump: Type.Enum([...BUMPS] as Bump[]),
    soname: strict({
      status: Type.Enum(['right', 'must-change', 'changed-as-it-must', 'changed-without-cause', 'none']),
      old: Type.Optional(Type.String()),
      new: Type.Optional(Type.String()),
      wanted: Type.Optional(Type.String()),
    }),
    version: strict({
      status: Type.Enum(['right', 'too-low', 'unknown']),
      old: Type.Optional(Type.String()),
      new: Type.Optional(Type.String()),
      least: optionalText('the least version that the new library may have'),
    }),
    fileName: strict({ found: Type.String(), wanted: Type.Optional(Type.String()) }),
    links: Type.Array(
      strict({
        name: Type.String(),
        target: Type.String(),
        use: Type.Enum(['loader', 'linker']),
        state: Type.Enum(['right', 'itself', 'missing', 'wrong']),
      }),
    ),
    programs: Type.Array(
      strict({
        path: text('as it was given'),
        needs: Type.Boolean({ description: "whether it asks for the last release's soname" }),
        uses: countSchema('symbols that it takes from the library'),
        breaks: Type.Array(Type.String(), { description: 'those that are gone or mean something else' }),
      }),
    ),
  }),
});

/** `release`: directories, or with `--from` one release. */
export const releaseFacts = Type.Union([farms, release]);
