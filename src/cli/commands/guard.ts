import { type AdviceFacts, adviseGuard, type CureFacts } from '../../analyses/guard/index.ts';
import { analyseUnload } from '../../analyses/unload/index.ts';
import { renderAdvice } from '../../report/guard/advice-text.ts';
import { renderCure } from '../../report/guard/cure-text.ts';
import { BUILD_SYSTEMS, type BuildSystem, guardFlags } from '../../report/guard/guard-flags.ts';
import { buildGuard, buildPreload, GuardUnavailable, guardSource } from '../../run/guard/native-guard.ts';
import {
  type DemangleFlags,
  demangleFlags,
  type OutputFlags,
  oneOf,
  REPORT_FORMATS,
  type ReportFlags,
  reportFlags,
  text,
} from '../common-flags.ts';
import type { Context } from '../context.ts';
import { defineCommand } from '../define-command.ts';
import { InputError, UsageError } from '../errors.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { keepWhenDone, type Output, openOutput } from '../output.ts';
import { type ReportContent, runReport } from '../run-report.ts';
import { type UnloadFlags, unloadLoaderFlags, unloadQuestion } from '../unload-question.ts';
import { type CureFlags, verifyCure } from '../verify-cure.ts';
import { writeError } from '../write-descriptor.ts';

const VERBS = ['source', 'build', 'flags', 'preload', 'advise', 'verify'] as const;
type Verb = (typeof VERBS)[number];

interface Flags extends ReportFlags, DemangleFlags, UnloadFlags, CureFlags {
  readonly cc?: string;
  readonly target?: string;
  readonly for: BuildSystem;
}

/** The files that are made when `--output` names none. */
const OBJECT = 'guard.o';
const LIBRARY = 'libsolder-guard.so';

/** Writes a file that is no text: never to the terminal. */
async function make(
  { output, quiet }: Context,
  given: string | undefined,
  path: string,
  content: (path: string) => Promise<Uint8Array>,
  next: string,
): Promise<ExitStatus> {
  const write = async (target: Output) => target.write(await content(given ?? path));
  const target = given === undefined ? openOutput(path) : undefined;
  try {
    await (target === undefined ? write(output) : keepWhenDone(target, write));
  } catch (error) {
    throw error instanceof GuardUnavailable ? new InputError(error.message) : error;
  }
  if (!quiet) writeError(`solder: ${given ?? path}: ${next}`);
  return EXIT.success;
}

function advise(flags: Flags, path: string): ReportContent<AdviceFacts> {
  const question = unloadQuestion(flags, path);
  const analysis = analyseUnload(question);
  return {
    targets: [path],
    looksFor: ['unload.*', 'exports.bundled'],
    diagnostics: analysis.diagnostics,
    ...adviseGuard(question, analysis),
  };
}

/** What a verb takes, in words, and how many of them. */
const TARGETS: Readonly<
  Record<Verb, { readonly words: string; readonly least: number; readonly most: number }>
> = {
  source: { words: 'no file', least: 0, most: 0 },
  build: { words: 'no file', least: 0, most: 0 },
  flags: { words: 'no file', least: 0, most: 0 },
  preload: { words: 'no file', least: 0, most: 0 },
  advise: { words: 'one plugin', least: 1, most: 1 },
  verify: { words: 'BEFORE AFTER [ROUNDS [THREADS]]', least: 2, most: 4 },
};

function checkUse(verb: Verb, targets: readonly string[], { format }: OutputFlags): void {
  const { words, least, most } = TARGETS[verb];
  if (targets.length < least || targets.length > most) {
    throw new UsageError(`guard ${verb}: expected ${words}, got ${targets.length || 'nothing'}`);
  }
  if (most === 0 && format !== 'text') throw new UsageError(`guard ${verb} writes no ${format}`);
}

export const command = defineCommand<Flags, [string, ...string[]]>({
  description: `Keeps a plugin from losing thread keys each time that it is unloaded: a static C++
runtime makes keys that it never deletes, and a process has 1024, or 128.

  source           print the C file that is linked into the plugin and deletes them
  build            compile it: guard.o, or --output FILE
  flags            what to add to the link; --for cmake and others: to the build
  preload          build the library that does the same in the host, for plugins that
                   cannot be linked again: libsolder-guard.so, or --output FILE
  advise PLUGIN    which of these, or something else, by what the plugin loses
  verify BEFORE AFTER [ROUNDS [THREADS]]
                   soak both plugins and show what the cure did; with --preload the
                   second one in a host that has the library

verify runs the plugins' code: the function int run_plugin(int THREADS), or --entry.`,
  examples: [
    {
      command: 'solder guard build && c++ -shared … guard.o $(solder guard flags)',
      does: 'Link a guarded plugin',
    },
    { command: 'solder guard flags --for cmake > guard.cmake', does: 'What to include in CMakeLists.txt' },
    {
      command: 'solder guard preload && LD_PRELOAD=./libsolder-guard.so ./app',
      does: 'Guard plugins that cannot be built again',
    },
    { command: 'solder guard advise ./plugin.so', does: 'What helps this plugin, and what it costs' },
    { command: 'solder guard verify ./old.so ./guarded.so 2000 8', does: 'Prove that it helped' },
  ],
  formats: REPORT_FORMATS,
  flags: {
    cc: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'CC',
      brief: 'build, preload: the compiler and its options; default $CC or cc',
    },
    target: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'TRIPLE',
      brief: "build, preload: for another system, as clang's --target",
    },
    for: {
      kind: 'parsed',
      parse: oneOf(BUILD_SYSTEMS),
      proposeCompletions: () => BUILD_SYSTEMS,
      default: 'cc',
      placeholder: 'SYSTEM',
      brief: 'flags: cc, cmake, meson, gn or ndk-build',
    },
    host: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'PROGRAM',
      brief: 'advise: who opens the plugin',
    },
    entry: {
      kind: 'parsed',
      parse: text,
      default: 'run_plugin',
      placeholder: 'NAME',
      brief: 'verify: the function to call in each round',
    },
    prototype: {
      kind: 'parsed',
      parse: text,
      default: 'int(int)',
      placeholder: 'TYPE',
      brief: 'verify: its type in C; THREADS is its argument, if it takes one',
    },
    call: { kind: 'boolean', default: true, brief: 'verify: call nothing, only open and close' },
    ...reportFlags,
    ...unloadLoaderFlags,
    ...demangleFlags,
  },
  positional: {
    kind: 'array',
    parameter: {
      placeholder: 'VERB|PLUGIN',
      brief: 'source, build, flags, preload, advise or verify, and its plugins',
      parse: text,
      proposeCompletions: () => VERBS,
    },
    minimum: 1,
  },
  run(context, flags, word, ...targets) {
    const verb = VERBS.find((known) => known === word);
    if (verb === undefined) throw new UsageError(`guard: no '${word}', expected ${VERBS.join(', ')}`);
    checkUse(verb, targets, flags);
    switch (verb) {
      case 'source':
        context.output.write(guardSource());
        return EXIT.success;
      case 'flags':
        context.output.write(guardFlags(flags.for));
        return EXIT.success;
      case 'build':
        return make(
          context,
          flags.output,
          OBJECT,
          () => buildGuard(flags),
          'link it into the plugin, with $(solder guard flags)',
        );
      case 'preload':
        return make(
          context,
          flags.output,
          LIBRARY,
          (path) => buildPreload(flags, path),
          'start the host with LD_PRELOAD, or link the host with it',
        );
      case 'advise':
        return runReport<AdviceFacts>(context, flags, () => advise(flags, targets[0]!), {
          text: (report, write, style, showNames) => write(showNames(renderAdvice(report, style))),
        });
      case 'verify':
        return runReport<CureFacts>(context, flags, () => verifyCure(context, flags, targets), {
          text: (report, write, style) => write(renderCure(report, style)),
        });
    }
  },
});
