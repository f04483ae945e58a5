import type { Evidence, Finding, LoadedObject, Process } from '../../model/index.ts';
import type { LoaderMessage } from './messages/cause.ts';
import { type OpenDiagnosis, processWithNeed } from './open-diagnosis.ts';

/** A refusal of dlopen(3) that is to be explained. */
export interface Refusal {
  readonly diagnosis: OpenDiagnosis;
  readonly message: LoaderMessage;
  /** The process as if the program needed the library; made when it is first asked for. */
  readonly process: Process;
}

export function refusal(diagnosis: OpenDiagnosis, message: LoaderMessage): Refusal {
  let process: Process | undefined;
  return {
    diagnosis,
    message,
    get process() {
      process ??= processWithNeed(diagnosis);
      return process;
    },
  };
}

/** A finding of the severity `error` in the loader's words. */
export function failure(
  { message, diagnosis }: Refusal,
  kind: Finding['kind'],
  rest: {
    readonly subject?: string;
    readonly object?: string | undefined;
    readonly evidence: readonly Evidence[];
    readonly fix: string;
  },
): Finding {
  const { subject = diagnosis.file, object, evidence, fix } = rest;
  return {
    kind,
    severity: 'error',
    message: message.message,
    subject,
    ...(object === undefined ? {} : { object }),
    evidence,
    fix,
  };
}

/** The path of the file that a message is about, which it may only call by the name that was asked for. */
export function pathOf({ message, diagnosis, process }: Refusal): string {
  const name = message.object === '' ? diagnosis.file : message.object;
  if (name.includes('/')) return name;
  const loaded = process.linkMap.find((entry) => entry.name === name);
  if (loaded?.kind === 'loaded') return loaded.path;
  return process.failures.find((entry) => entry.name === name)?.path ?? name;
}

/** Who needs what, from the opened library down to the one that needs `name`. */
export const chainEvidence = (chain: readonly LoadedObject[], name: string): Evidence[] =>
  chain.map(({ path }, at) => ({ text: `needs ${chain[at + 1]?.name ?? name}`, object: path }));
