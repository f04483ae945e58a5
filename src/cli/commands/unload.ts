import { analyseUnload, type UnloadFacts } from '../../analyses/unload/index.ts';
import { renderUnload } from '../../report/unload/unload-text.ts';
import {
  type DemangleFlags,
  demangleFlags,
  REPORT_FORMATS,
  type ReportFlags,
  reportFlags,
  text,
} from '../common-flags.ts';
import { defineCommand } from '../define-command.ts';
import { type ReportContent, runReport } from '../run-report.ts';
import { type UnloadFlags, unloadLoaderFlags, unloadQuestion } from '../unload-question.ts';

type Flags = ReportFlags & DemangleFlags & UnloadFlags;

export const command = defineCommand<Flags, [string]>({
  description: `Tells from the files alone whether dlclose unloads a plugin, and what stays behind:
what keeps it (unique symbols, -z nodelete, references of others, thread-local
objects), thread keys that are lost each round and the round in which none is left,
threads, handlers, descriptors. The machine code of x86-64 and AArch64 is followed
from constructors, exports and destructors, so that each finding names the function
and the way to it. Nothing is executed; any architecture, stripped or not.

The C library is told by the file; --profile asks about another one. The verdict is
unloads, pinned or unknown (it depends on what the host calls).`,
  examples: [
    { command: 'solder unload ./plugin.so', does: 'In a process with nothing but the C library' },
    { command: 'solder unload --host ./app ./plugin.so', does: 'In the process of a program' },
    { command: 'solder unload --profile bionic libplugin.so', does: "By Android's rules" },
  ],
  formats: REPORT_FORMATS,
  flags: {
    host: {
      kind: 'parsed',
      parse: text,
      optional: true,
      placeholder: 'PROGRAM',
      brief: 'Who opens it: what the program has loaded counts',
    },
    ...reportFlags,
    ...unloadLoaderFlags,
    ...demangleFlags,
  },
  positional: {
    kind: 'tuple',
    parameters: [{ placeholder: 'PLUGIN', brief: 'A shared library that a program opens', parse: text }],
  },
  run: (context, flags, path) =>
    runReport<UnloadFacts>(context, flags, () => answer(flags, path), {
      text: (report, write, style, showNames) => write(showNames(renderUnload(report, style))),
    }),
});

const answer = (flags: Flags, path: string): ReportContent<UnloadFacts> => ({
  targets: [path],
  looksFor: ['unload.*'],
  ...analyseUnload(unloadQuestion(flags, path)),
});
