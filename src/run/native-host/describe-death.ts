import { basename } from 'node:path';
import type { CodePlace, Death } from '../dl/errors.ts';
import { ProcessDied } from '../dl/errors.ts';
import { callerOf, formerPlaceOf, isRuntime, placeOf, type Remains } from './code-place.ts';
import { hex } from './operations.ts';
import { OUT_OF_MEMORY, PIPES_LOST } from './protocol.ts';
import { signalName } from './signal-name.ts';

/** How the host's process ended. */
export interface HostEnding {
  readonly status: number | undefined;
  readonly signal: string | undefined;
  /** Its end of a pipe was closed, or something else was written there, so that it had to be killed. */
  readonly severed: 'closed' | 'garbled' | undefined;
}

/** si_code of a fault whose address the processor does not tell (SI_KERNEL). */
const SI_KERNEL = 0x80;
/** A fault so close to the stack pointer is a stack that cannot grow: a guard page and a large frame. */
const STACK_REACH = 1n << 16n;
/** Signals from here on are real-time ones (signal(7)), two of them the C library's own. */
const FIRST_UNNAMED = 32;
const WITH_ADDRESS: readonly string[] = ['SIGSEGV', 'SIGBUS'];

/** When it was: `during` is what the host had been asked for. */
type When = NonNullable<ConstructorParameters<typeof ProcessDied>[2]>;

/** The end of foreign code in one line; `during` is what the host had been asked for. */
export function describeDeath(
  remains: Remains,
  observed: HostEnding,
  during: string | undefined,
): ProcessDied {
  const { fault, exit, scene } = remains.words;
  const ending = withRealTimeSignal(observed, fault);
  const isIdle = during === undefined || scene?.isWaiting === true;
  const when = { text: isIdle ? 'while nothing was asked of it' : `during ${during}`, isIdle };
  // A signal that the handler was not asked about struck afterwards.
  const told =
    ending.signal === undefined || fault === undefined || signalName(fault.signal) !== ending.signal;
  // The signal is solder's own.
  if (ending.severed !== undefined)
    return died(SEVERED[ending.severed], { ...ending, signal: undefined }, when);
  if (!told) return faultDeath(remains, ending, when);
  if (ending.signal !== undefined) return died(`ended by ${ending.signal}`, ending, when);
  if (exit !== undefined) {
    const calledFrom = callerOf(remains);
    const known = { isOtherThread: scene?.isOtherThread, ...(calledFrom && { calledFrom }) };
    return died(`called ${exit} with status ${ending.status}${asides(known)}`, ending, when, known);
  }
  if (ending.status === OUT_OF_MEMORY) return died('had no memory left to serve solder', ending, when);
  if (ending.status === PIPES_LOST) return died(SEVERED.closed, ending, when);
  return died(`called _exit with status ${ending.status}`, ending, when);
}

/** Node has no names for real-time signals, and takes a death by one for an exit with status 0. */
function withRealTimeSignal(ending: HostEnding, fault: Remains['words']['fault']): HostEnding {
  const isUnnamed = ending.signal === undefined && ending.status === 0;
  if (!isUnnamed || fault === undefined || fault.signal < FIRST_UNNAMED) return ending;
  return { ...ending, status: undefined, signal: signalName(fault.signal) };
}

const SEVERED = {
  closed: 'closed file descriptors that were not its own, among them those to solder,',
  garbled: 'wrote to a file descriptor that was not its own, the one to solder,',
} as const;

function faultDeath(remains: Remains, ending: HostEnding, when: When): ProcessDied {
  const { code, address, pc, sp } = remains.words.fault!;
  const signal = ending.signal!;
  const place = placeOf(remains, pc);
  const calledFrom = place === undefined || isRuntime(place) ? callerOf(remains) : undefined;
  const faultAddress = WITH_ADDRESS.includes(signal) && code > 0 && code !== SI_KERNEL ? address : undefined;
  const isOverflow =
    faultAddress !== undefined &&
    faultAddress !== pc &&
    faultAddress < sp + STACK_REACH &&
    sp < faultAddress + STACK_REACH;
  const where = place === undefined ? noCodeText(remains, pc) : ` in ${placeText(place)}`;
  const what = isOverflow ? `stack overflow (${signal})` : signal;
  const touched =
    faultAddress === undefined || isOverflow || place === undefined ? '' : ` at address ${hex(faultAddress)}`;
  const known = { isOtherThread: remains.words.scene?.isOtherThread, ...(calledFrom && { calledFrom }) };
  return died(`${what}${touched}${where}${asides(known)}`, ending, when, {
    object: place?.object,
    symbol: place?.symbol,
    offset: place?.offset,
    faultAddress,
    ...known,
  });
}

function noCodeText(remains: Remains, pc: bigint): string {
  // A system without /proc: what its memory was is not known.
  if (remains.mappings.length === 0) return ` at ${hex(pc)}`;
  const former = formerPlaceOf(remains, pc);
  if (former === undefined) return ` at ${hex(pc)}, where there is no code`;
  return ` at ${hex(pc)}, where ${former.symbol}+${hex(former.offset)} was before its library was unloaded`;
}

function died(how: string, ending: HostEnding, when: When, known: Partial<Death> = {}): ProcessDied {
  const { signal, status } = ending;
  const nothing = { object: undefined, symbol: undefined, offset: undefined, faultAddress: undefined };
  return new ProcessDied(how, { signal, status, ...nothing, ...known }, when);
}

/** Who called it, and in which thread, each between commas. */
function asides({ calledFrom, isOtherThread }: Pick<Death, 'calledFrom' | 'isOtherThread'>): string {
  const texts = [
    ...(calledFrom === undefined ? [] : [`called from ${placeText(calledFrom)}`]),
    ...(isOtherThread === true ? ['in another thread'] : []),
  ];
  return texts.length === 0 ? '' : `, ${texts.join(', ')},`;
}

function placeText({ object, symbol, offset }: CodePlace): string {
  const file = basename(object);
  return symbol === undefined ? file : `${symbol}+${hex(offset!)} of ${file}`;
}
