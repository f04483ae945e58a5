import { diagnoseStep } from '../../analyses/loading/diagnose-step.ts';
import { ForeignCode } from '../../analyses/loading/foreign-code.ts';
import { type Diagnose, predictSteps } from '../../analyses/loading/predict-steps.ts';
import { runFindings } from '../../analyses/loading/run-findings.ts';
import { diagnosisFiles, loadContext } from '../../host/index.ts';
import { type DlSession, startSession } from '../../loader/index.ts';
import type { LoadFacts, OpenMode } from '../../model/index.ts';
import { renderLoad } from '../../report/load/load-text.ts';
import { runSteps } from '../../run/load/run-steps.ts';
import { hostProgram } from '../../run/native-host/host-program.ts';
import {
  type DemangleFlags,
  demangleFlags,
  REPORT_FORMATS,
  type ReportFlags,
  reportFlags,
  text,
} from '../common-flags.ts';
import { defineCommand } from '../define-command.ts';
import { UsageError } from '../errors.ts';
import { asUserError, type HostFlags, hostFlags, memoryLimitOf, switchFlag } from '../host-flags.ts';
import { StepReader } from '../load-steps.ts';
import { bindsNow, loaderEnvironment, loaderPaths } from '../loader-environment.ts';
import { type ReportContent, runReport } from '../run-report.ts';

interface Flags extends ReportFlags, HostFlags, DemangleFlags {
  readonly lazy: boolean;
  readonly now: boolean;
  readonly global: boolean;
  readonly local: boolean;
  readonly nodelete: boolean;
  readonly noload: boolean;
  readonly deepbind: boolean;
  readonly namespace?: 'new';
  readonly then?: readonly string[];
  readonly dryRun: boolean;
}

const LOOKS_FOR = ['open.*', 'symbol.*', 'load.*', 'run.*'];

function modeOf({ lazy, now, global, local, nodelete, noload, deepbind }: Flags): OpenMode {
  if (lazy && now) throw new UsageError('--lazy and --now exclude each other');
  if (global && local) throw new UsageError('--global and --local exclude each other');
  return {
    ...(now ? { now } : {}),
    ...(global ? { global } : {}),
    ...(nodelete ? { noDelete: true } : {}),
    ...(noload ? { noLoad: true } : {}),
    ...(deepbind ? { deepBind: true } : {}),
  };
}

function readSteps(flags: Flags, [file, symbol, ...args]: readonly string[]) {
  const reader = new StepReader();
  reader.addOpen(file!, modeOf(flags), flags.namespace);
  if (symbol !== undefined) reader.addSymbol(symbol, args);
  for (const step of flags.then ?? []) reader.addText(step);
  reader.closeAll();
  return reader.steps;
}

async function load(flags: Flags, targets: readonly string[]): Promise<ReportContent<LoadFacts>> {
  const steps = readSteps(flags, targets);
  const system = loadContext(loaderPaths(flags));
  const files = diagnosisFiles();
  const predict = (program: string) => {
    const target = system.openTarget(program);
    // The simulation is that of glibc's loader; musl's does other things.
    if (target.kind !== 'dynamic' || target.object.interpreter?.includes('ld-musl')) return undefined;
    return startSession(system, target.object, program, { bindNow: bindsNow() });
  };
  const foreign = new ForeignCode(files);
  const diagnose: Diagnose = (session, outcome, before, step, end) =>
    diagnoseStep({ context: system, files, session, outcome, before }, step, end);
  const { facts, findings } = flags.dryRun
    ? predictSteps(steps, predicted(predict(await hostProgram())), files, foreign, diagnose)
    : await runSteps(steps, {
        environment: { ...process.env, ...loaderEnvironment(flags) },
        timeLimit: flags.timeLimit,
        ...memoryLimitOf(flags),
        predict,
        diagnose,
        files,
        foreign,
        filesMayChange: () => system.files.forget?.(),
      });
  return {
    targets: [targets[0]!],
    facts: { steps: facts },
    findings: [...findings, ...runFindings(steps, facts, findings)],
    diagnostics: [],
    looksFor: LOOKS_FOR,
  };
}

function predicted(session: DlSession | undefined): DlSession {
  if (session !== undefined) return session;
  throw new UsageError('--dry-run: only the loader of glibc can be predicted');
}

export const command = defineCommand<Flags, string[]>({
  description: `Opens a library in a clean process of its own, as a program would with dlopen(3),
looks a symbol up, calls it, asks for addresses and closes the library again: each
step with what was loaded, initialised, bound and unloaded, beside what solder had
predicted from the files. A failure comes with its cause and what to do about it.

SYMBOL is NAME, NAME@VERSION or, to call a function or to read or set a variable,
NAME:PROTOTYPE such as 'add:int(int, int)' or 'counter:int'. An argument is a number,
a text, NULL, an address 0x1000, &NAME for the address of a symbol, hex:00ff for
bytes, out or out:64 for a buffer that the function fills. FILE may be NULL: the
program itself.

Further steps, with --then: 'open FILE [now] [global] [nodelete] [noload] [deepbind]
[namespace new] [as HANDLE]', 'symbol NAME... [in HANDLE|default|next]',
'info NAME[+OFFSET]|ADDRESS [in HANDLE]', 'close [HANDLE]'. What is open at the end
is closed. The library's code is run: as with any program, know what you run.`,
  examples: [
    { command: 'solder load libm.so.6 "cos:double(double)" 0', does: 'Call a function' },
    {
      command: "solder load ./liba.so --then 'open ./libb.so now' --then 'close liba.so'",
      does: 'Is liba.so unloaded as long as libb.so is bound to it?',
    },
    {
      command: "solder load ./liba.so counter --then 'info counter+1'",
      does: 'What does dladdr say of an address?',
    },
  ],
  formats: REPORT_FORMATS,
  flags: {
    lazy: switchFlag('RTLD_LAZY: bind functions when they are called; default'),
    now: switchFlag('RTLD_NOW: bind everything at once'),
    global: switchFlag('RTLD_GLOBAL: what is opened later is bound to it too'),
    local: switchFlag('RTLD_LOCAL: the opposite; default'),
    nodelete: switchFlag('RTLD_NODELETE: never unload it'),
    noload: switchFlag('RTLD_NOLOAD: only if it is loaded already'),
    deepbind: switchFlag('RTLD_DEEPBIND: its own definitions first'),
    namespace: {
      kind: 'parsed',
      parse(input) {
        if (input === 'new') return input;
        throw new UsageError(`'${input}' is no namespace, expected new`);
      },
      proposeCompletions: () => ['new'],
      optional: true,
      placeholder: 'new',
      brief: 'dlmopen: in a namespace of its own',
    },
    // biome-ignore lint/suspicious/noThenProperty: the option is called so; nothing awaits the flags
    then: {
      kind: 'parsed',
      parse: text,
      optional: true,
      variadic: true,
      placeholder: 'STEP',
      brief: 'A further step; may be given many times',
    },
    dryRun: switchFlag('Only say what the loader would do: no code of the library is run'),
    ...hostFlags('step'),
    ...reportFlags,
    ...demangleFlags,
  },
  positional: {
    kind: 'array',
    parameter: {
      placeholder: 'FILE [SYMBOL [ARGS]]',
      brief: 'A library, a symbol in it, arguments',
      parse: text,
    },
    minimum: 1,
  },
  async run(context, flags, ...targets) {
    const produce = () => load(flags, targets);
    try {
      return await runReport<LoadFacts>(context, flags, produce, {
        text: ({ facts }, write, style, showNames) => write(renderLoad(facts, style, showNames)),
      });
    } catch (error) {
      throw asUserError(error);
    }
  },
});
