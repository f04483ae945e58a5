import { RESOURCES } from './resources.ts';

/** Functions that hand what they are given to the loader's own book-keeping, or run it. */
const BOOKKEEPING: ReadonlySet<string> = new Set([
  '__cxa_atexit',
  '__cxa_thread_atexit',
  '__cxa_thread_atexit_impl',
  '__cxa_finalize',
  'atexit',
  'pthread_once',
  '__pthread_once',
  'call_once',
  '__emutls_get_address',
]);

const NAMED = new Set(RESOURCES.flatMap(({ made, undone }) => [...made, ...undone]));

/** The words by which functions are named that keep what they are given, and those that give it back. */
const KEEPS =
  /[Rr]egist|[Ss]ubscribe|[Ii]nstall|[Aa]ttach|[Cc]allback|[Hh]andler|[Ll]istener|[Oo]bserver|[Hh]ook|(^|[_\d])(add|set|on)(_|[A-Z])|[a-z](Add|Set|On)([_A-Z]|$)/;
const GIVES_BACK =
  /[Uu]nregist|[Dd]eregist|[Uu]nsubscribe|[Uu]ninstall|[Dd]etach|[Uu]nhook|[Uu]nset|[Dd]isconnect|(^|[_\d])(remove|del|delete|clear|reset|cancel|off)(_|[A-Z]|$)|[a-z](Remove|Delete|Clear|Reset|Cancel|Off)([_A-Z]|$)/;

export const keepsCallbacks = (name: string): boolean => KEEPS.test(name) && !GIVES_BACK.test(name);
export const givesBack = (name: string): boolean => GIVES_BACK.test(name);

/** The calls of imports that the analysis of unloading wants to know of. */
export function isRememberedCall(name: string, passesFunction: boolean): boolean {
  if (BOOKKEEPING.has(name) || NAMED.has(name) || givesBack(name)) return true;
  return passesFunction && keepsCallbacks(name);
}
