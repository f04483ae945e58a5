import { type AdviceFacts, adviseGuard } from '../../analyses/guard/index.ts';
import { analyseUnload, LIBCS, type Libc } from '../../analyses/unload/index.ts';
import { askUnload, UnreadableLibrary } from '../../host/index.ts';
import { renderAdvice } from '../../report/guard/advice-text.ts';
import { BUILD_SYSTEMS, type BuildSystem, guardFlags } from '../../report/guard/guard-flags.ts';
import { buildGuard, buildPreload, GuardUnavailable, guardSource } from '../../run/guard/native-guard.ts';
import {
  type DemangleFlags,
  demangleFlags,
  type LoaderFlags,
  loaderFlags,
  type OutputFlags,
  oneOf,
  type ReportFlags,
  reportFlags,
  text,
} from '../common-flags.ts';
import type { Context } from '../context.ts';
import { defineCommand } from '../define-command.ts';
import { InputError, UsageError } from '../errors.ts';
import { EXIT, type ExitStatus } from '../exit-status.ts';
import { openOutput } from '../output.ts';
import { type ReportContent, runReport } from '../run-report.ts';
import { writeError } from '../write-descriptor.ts';

const VERBS = ['source', 'build', 'flags', 'preload', 'advise'] as const;
type Verb = (typeof VERBS)[number];

interface Flags extends ReportFlags, DemangleFlags, Omit<LoaderFlags, 'profile'> {
  readonly cc?: string;
  readonly target?: string;
  readonly for: BuildSystem;
  readonly host?: string;
  readonly profile?: Libc;
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
  const target = given === undefined ? openOutput(path) : output;
  try {
    target.write(await content(given ?? path));
    if (target !== output) target.commit();
  } catch (error) {
    if (target !== output) target.discard();
    throw error instanceof GuardUnavailable ? new InputError(error.message) : error;
  }
  if (!quiet) writeError(`solder: ${given ?? path}: ${next}`);
  return EXIT.success;
}

function advise({ profile, ...options }: Flags, path: string): ReportContent<AdviceFacts> {
  try {
    const question = askUnload(path, { ...options, libc: profile });
    const analysis = analyseUnload(question);
    const { diagnostics } = analysis;
    return {
      targets: [path],
      looksFor: ['unload.*', 'exports.bundled'],
      diagnostics,
      ...adviseGuard(question, analysis),
    };
  } catch (error) {
    if (error instanceof UnreadableLibrary) throw new InputError(error.message);
    throw error;
  }
}

/** How many targets a verb takes. */
const TARGETS: Readonly<Record<Verb, number>> = { source: 0, build: 0, flags: 0, preload: 0, advise: 1 };

function checkUse(verb: Verb, targets: readonly string[], { format }: OutputFlags): void {
  const wanted = TARGETS[verb];
  if (targets.length !== wanted) {
    throw new UsageError(`guard ${verb}: expected ${['no file', 'one plugin'][wanted]}, got ${targets.length}`);
  }
  if (wanted === 0 && format !== 'text') throw new UsageError(`guard ${verb} writes no ${format}`);
}

export const command = defineCommand<Flags, [string, ...string[]]>({
  description: `Keeps a plugin from losing thread keys each time that it is unloaded: a static C++
runtime makes keys that it never deletes, and a process has 1024, or 128.

  source           print the C file that is linked into the plugin and deletes them
  build            compile it: guard.o, or --output FILE
  flags            what to add to the link; --for cmake and others: to the build
  preload          build the library that does the same in the host, for plugins that
                   cannot be linked again: libsolder-guard.so, or --output FILE
  advise PLUGIN    which of these, or something else, by what the plugin loses`,
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
  ],
  formats: ['text', 'json'],
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
    ...reportFlags,
    ...loaderFlags,
    profile: {
      kind: 'parsed',
      parse: oneOf(LIBCS),
      proposeCompletions: () => LIBCS,
      optional: true,
      placeholder: 'LIBC',
      brief: 'Whose rules apply; told by the file otherwise',
    },
    ...demangleFlags,
  },
  positional: {
    kind: 'array',
    parameter: {
      placeholder: 'VERB|PLUGIN',
      brief: 'source, build, flags, preload or advise, and its plugin',
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
          text: ({ facts }, write, style, showNames) => write(showNames(renderAdvice(facts, style))),
        });
    }
  },
});
