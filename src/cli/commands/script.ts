import { writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { declaredNames } from '../../analyses/script/declared-names.ts';
import { lintScripts, nodeFacts, scriptFinding } from '../../analyses/script/lint-script.ts';
import { newScript } from '../../analyses/script/new-script.ts';
import { nextScript } from '../../analyses/script/next-script.ts';
import type { ScriptFacts } from '../../analyses/script/script-facts.ts';
import { testScripts } from '../../analyses/script/test-script.ts';
import type { Diagnostic } from '../../model/index.ts';
import { renderScriptTest, sortedSymbols } from '../../report/script-text.ts';
import { renderFindings } from '../../report/text.ts';
import { LINKERS, type LinkerName, printScript } from '../../script/index.ts';
import {
  type DemangleFlags,
  demangleFlags,
  oneOf,
  REPORT_FORMATS,
  type ReportFlags,
  reportFlags,
  text,
} from '../common-flags.ts';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../errors.ts';
import { type ReportContent, runReport } from '../run-report.ts';
import { hasSymbols, headerTexts, readInputs, readLinked, readScript } from '../script-inputs.ts';
import { writeError } from '../write-descriptor.ts';

const VERBS = ['test', 'lint', 'format', 'new', 'next'] as const;

interface Flags extends ReportFlags, DemangleFlags {
  readonly linker: LinkerName;
  readonly check: boolean;
  readonly write: boolean;
  readonly headers?: readonly string[];
  readonly keep?: RegExp;
  readonly like?: string;
  readonly usedBy?: readonly string[];
  readonly changed?: readonly string[];
  readonly node?: string;
}

/** What `new`, `next` and `format` write. */
interface WrittenScript {
  readonly script: string;
}

const LOOKS_FOR = ['script.*'];

/** Scripts first, as on a linker's command line, or in between: a file with symbols is no script. */
function split(paths: readonly string[]): { scripts: string[]; objects: string[] } {
  const { scripts = [], objects = [] } = Object.groupBy(paths, (path) =>
    hasSymbols(path) ? 'objects' : 'scripts',
  );
  return { scripts, objects };
}

function test({ linker }: Flags, paths: readonly string[]): ReportContent<ScriptFacts> {
  const { scripts, objects } = split(paths);
  if (scripts.length === 0 || objects.length === 0)
    throw new UsageError('script test: expected a script and objects or a library');
  // Every symbol is looked at a few times only: V8's quick compilers suffice, as for inspect.
  setFlagsFromString('--no-turbofan');
  // Nearly all that is made stays: small young generations would only be copied more often.
  setFlagsFromString('--semi-space-growth-factor=8');
  const { facts, findings } = testScripts(scripts.map(readScript), readInputs(objects), linker);
  const sorted = { ...facts, symbols: sortedSymbols(facts.symbols) };
  return { targets: paths, facts: sorted, findings, diagnostics: [], looksFor: LOOKS_FOR };
}

function lint({ linker }: Flags, paths: readonly string[]): ReportContent<ScriptFacts> {
  const scripts = paths.map(readScript);
  const findings = lintScripts(scripts, linker);
  const refused = findings.some(({ kind }) => kind === 'script.refused');
  const facts: ScriptFacts = { linker, refused, nodes: nodeFacts(scripts), symbols: [] };
  return { targets: paths, facts, findings, diagnostics: [], looksFor: LOOKS_FOR };
}

function format({ check, write }: Flags, paths: readonly string[]): ReportContent<WrittenScript> {
  if (!check && !write && paths.length > 1)
    throw new UsageError('script format: expected one script, or --check or --write');
  const texts = paths.map((path) => {
    const script = readScript(path);
    return { path, before: script.text, after: printScript(script) };
  });
  const changed = texts.filter(({ before, after }) => before !== after);
  if (write) for (const { path, after } of changed) writeFileSync(path, after);
  const findings = check
    ? changed.map(({ path }) =>
        scriptFinding('script.not-formatted', {
          subject: path,
          object: path,
          message: `${path} is not formatted`,
          fix: 'solder script format --write',
        }),
      )
    : [];
  const script = check || write ? '' : texts[0]!.after;
  return { targets: paths, facts: { script }, findings, diagnostics: [], looksFor: check ? LOOKS_FOR : [] };
}

function fresh(
  { headers, keep, like, usedBy, node }: Flags,
  paths: readonly string[],
): ReportContent<WrittenScript> {
  const symbols = readInputs(paths).flatMap((input) => input.symbols);
  const declared =
    headers && new Set(headers.flatMap(headerTexts).flatMap((header) => [...declaredNames(header)]));
  const used =
    usedBy &&
    new Set(
      usedBy.flatMap((path) =>
        readLinked(path)
          .symbols.filter(({ defined }) => !defined)
          .map(({ name }) => name),
      ),
    );
  const surface = {
    ...(declared === undefined ? {} : { declared }),
    ...(keep === undefined ? {} : { keep }),
    ...(used === undefined ? {} : { used }),
    ...(like === undefined ? {} : { like: readLinked(like) }),
  };
  const { script, gone } = newScript(symbols, surface, node);
  const diagnostics = gone.map(
    (name): Diagnostic => ({
      level: 'warning',
      object: like!,
      message: `exports ${name}, which nothing defines now`,
    }),
  );
  return { targets: paths, facts: { script: printScript(script) }, findings: [], diagnostics, looksFor: [] };
}

function next({ node, changed = [] }: Flags, paths: readonly string[]): ReportContent<WrittenScript> {
  const [before, after] = paths;
  if (before === undefined || after === undefined || paths.length > 2) {
    throw new UsageError('script next: expected two libraries, the old release and the new one');
  }
  const release = (path: string) => ({ path, file: readLinked(path) });
  const { script, findings } = nextScript(release(before), release(after), node, changed);
  return { targets: paths, facts: { script: printScript(script) }, findings, diagnostics: [], looksFor: [] };
}

export const command = defineCommand<Flags, [string, ...string[]]>({
  description: `Version scripts: which of them exports what, and how to write one. Nothing is linked.

  test SCRIPT... FILE...  what the linker would export from objects, archives or a
                          library, which pattern takes each symbol, what no pattern
                          names and which pattern takes nothing
  lint SCRIPT...          what the linker would say to scripts alone
  format SCRIPT           the script in one form; --check only says whether it has it
  new FILE...             a script that exports the public surface only: what headers
                          declare, an older release exports or programs use
  next OLD NEW            the script of the next release of a library: the nodes of
                          the old one, and one that inherits them with what is new

A file with symbols is an object or a library, any other one a script.`,
  examples: [
    { command: 'solder script test libfoo.map *.o', does: 'Which pattern exports or hides each symbol' },
    { command: 'solder script lint --linker lld libfoo.map', does: 'What ld.lld would say to the script' },
    {
      command: 'solder script new --headers include --node LIBFOO_1 *.o',
      does: 'Export what the headers declare',
    },
    { command: 'solder script next libfoo.so.1.0 libfoo.so.1.1', does: 'The script of the next release' },
  ],
  formats: [...REPORT_FORMATS, 'tsv'],
  flags: {
    linker: {
      kind: 'parsed',
      parse: oneOf(LINKERS),
      proposeCompletions: () => LINKERS,
      default: 'bfd',
      placeholder: 'LINKER',
      brief: 'Whose rules apply: bfd, gold or lld; what the others do otherwise is a warning',
    },
    check: {
      kind: 'boolean',
      default: false,
      withNegated: false,
      brief: 'format: write nothing, fail if a script would change',
    },
    write: { kind: 'boolean', default: false, withNegated: false, brief: 'format: write the scripts back' },
    headers: {
      kind: 'parsed',
      parse: text,
      optional: true,
      variadic: true,
      placeholder: 'DIR',
      brief: 'new: export what the headers below DIR, or in this file, spell',
    },
    keep: {
      kind: 'parsed',
      parse: regularExpression,
      optional: true,
      placeholder: 'REGEX',
      brief: 'new: export names that match',
    },
    like: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'OLDLIB',
      brief: 'new: export what this older release exports, under its versions',
    },
    usedBy: {
      kind: 'parsed',
      parse: text,
      optional: true,
      variadic: true,
      placeholder: 'PROGRAM',
      brief: 'new: export what this program or library refers to',
    },
    node: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'NAME',
      brief: 'new, next: the name of the new node',
    },
    changed: {
      kind: 'parsed',
      parse: text,
      optional: true,
      variadic: true,
      placeholder: 'SYMBOL',
      brief: 'next: give this symbol a second version, as for data of another size',
    },
    ...reportFlags,
    ...demangleFlags,
  },
  positional: {
    kind: 'array',
    parameter: {
      placeholder: 'VERB|FILE',
      brief: 'test, lint, format, new or next, and its files',
      parse: text,
    },
    minimum: 2,
  },
  run(context, flags, word, ...paths) {
    const verb = VERBS.find((known) => known === word);
    if (verb === undefined) throw new UsageError(`script: no '${word}', expected ${VERBS.join(', ')}`);
    switch (verb) {
      case 'test':
      case 'lint':
        return runReport<ScriptFacts>(context, flags, () => (verb === 'test' ? test : lint)(flags, paths), {
          text: ({ facts }, write, style, showNames) =>
            verb === 'test' && write(renderScriptTest(facts, style, showNames)),
          tsv({ facts }, lines) {
            for (const { name, object, exported, version = '-', pattern } of facts.symbols) {
              const by =
                pattern === undefined ? ['-', '-', '-'] : [pattern.node, pattern.scope, pattern.text];
              lines.row(name, exported ? 'exported' : 'hidden', version, ...by, object);
            }
          },
        });
      case 'format':
      case 'new':
      case 'next': {
        const produce = { format, new: fresh, next }[verb];
        return runReport<WrittenScript>(context, flags, () => produce(flags, paths), {
          text(report, write) {
            write(report.facts.script);
            // The script goes to stdout as it is, to be saved; what is to be said of it goes to stderr.
            if (verb === 'next' && report.findings.length > 0) writeError(renderFindings(report).trimEnd());
          },
        });
      }
    }
  },
});

function regularExpression(input: string): RegExp {
  try {
    return new RegExp(input);
  } catch {
    throw new UsageError(`'${input}' is no regular expression`);
  }
}
