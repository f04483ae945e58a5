import { constants } from 'node:os';

const NAMES = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));
/** Names that share a number with another which is more usual. */
const USUAL: Readonly<Record<string, string>> = { SIGIOT: 'SIGABRT', SIGPOLL: 'SIGIO' };

/** `SIGSEGV`; a real-time signal by its number, `signal 34`. */
export function signalName(number: number): string {
  const name = NAMES.get(number) ?? `signal ${number}`;
  return USUAL[name] ?? name;
}
