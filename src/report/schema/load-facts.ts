import { Type } from 'typebox';
import { strict } from './strict.ts';

const paths = (description: string) => Type.Array(Type.String(), { description });

const result = strict({
  result: Type.Enum([
    'opened',
    'not-loaded',
    'found',
    'null',
    'called',
    'read',
    'written',
    'inside',
    'outside',
    'closed',
    'refused',
    'failed',
    'died',
    'skipped',
    'unknown',
  ]),
  message: Type.Optional(
    Type.String({ description: 'refused: the text of dlerror; failed and skipped: why; died: how' }),
  ),
  object: Type.Optional(
    Type.String({ description: 'the library that was opened, or that has the symbol or the address' }),
  ),
  symbol: Type.Optional(Type.String({ description: 'the symbol next to an address' })),
  offset: Type.Optional(Type.String({ description: 'bytes behind the symbol, decimal' })),
  address: Type.Optional(
    Type.String({ description: 'as the file of the object has it (addr2line, nm), hexadecimal' }),
  ),
  fileOffset: Type.Optional(
    Type.String({ description: 'where the byte of the address stands in that file, hexadecimal' }),
  ),
  loaded: paths('what joins the link map, in its order'),
  unloaded: paths('what leaves the link map'),
  initialised: Type.Optional(
    paths('whose constructors ran, in this order; absent where the loader does not tell'),
  ),
  finalised: Type.Optional(paths('whose destructors ran, in this order; absent likewise')),
});

/** `load` */
export const loadFacts = strict({
  steps: Type.Array(
    strict({
      step: Type.String({ description: 'as it can be given to --then' }),
      predicted: Type.Union([result, Type.Null()], {
        description: 'null: what foreign code does is not to be told from its file',
      }),
      observed: Type.Union([result, Type.Null()], { description: 'null: with --dry-run' }),
      agrees: Type.Boolean(),
      kept: Type.Optional(
        Type.Array(strict({ object: Type.String(), by: Type.Array(Type.String()) }), {
          description: 'after a close: what stays, and by what',
        }),
      ),
      value: Type.Optional(Type.String({ description: 'what a function returned or a variable holds' })),
      death: Type.Optional(
        strict(
          {
            signal: Type.Optional(Type.String()),
            status: Type.Optional(Type.Integer()),
            isLate: Type.Boolean({ description: 'its time was up, and solder killed it' }),
            thread: Type.Optional(
              Type.Enum(['own', 'other'], { description: 'own: the one that takes the steps' }),
            ),
            moment: Type.Enum(['before', 'during', 'after'], { description: 'of the step' }),
          },
          'how the process ended',
        ),
      ),
      buffers: Type.Optional(
        Type.Array(strict({ argument: Type.Integer({ minimum: 0 }), value: Type.String() }), {
          description: 'what the function left in buffers that it was given',
        }),
      ),
      bound: Type.Array(strict({ from: Type.String(), symbol: Type.String(), to: Type.String() }), {
        description: 'references that were bound while foreign code ran',
      }),
      doubts: Type.Optional(
        Type.Array(strict({ object: Type.String(), because: Type.String() }), {
          description: 'where the code that runs, or ran, decides: predicted is one of the outcomes',
        }),
      ),
      foreignCalls: Type.Optional(
        Type.Array(
          strict({
            call: Type.Enum(['dlopen', 'dlclose']),
            library: Type.String(),
            by: Type.Optional(Type.String({ description: 'whose code asked, as far as the loader tells' })),
          }),
          { description: 'what foreign code opened and closed itself; nothing is predicted from then on' },
        ),
      ),
      stdout: Type.String(),
      stderr: Type.String(),
    }),
  ),
});
