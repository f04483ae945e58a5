import type { CodePlace } from '../dl/errors.ts';
import { endsWithCall, LONGEST_CALL } from './call-instruction.ts';
import type { CodeFiles } from './code-files.ts';
import type { LastWords } from './last-words.ts';
import { type Mapping, mappingAt } from './mappings.ts';

/**
 * Objects whose functions others call: the C library, the loader, the C++ run time, the compiler's own, the
 * kernel's. When a process ends in one of them, whoever called it is asked for.
 */
const RUNTIME =
  /(^|\/)(ld-linux|ld-musl|ld64|libc|libpthread|libm|librt|libdl|libstdc\+\+|libc\+\+|libc\+\+abi|libgcc_s|libunwind)[-.][^/]*$|^\[/;

/** What is known of the memory of a process that has ended. */
export interface Remains {
  readonly words: LastWords;
  readonly mappings: readonly Mapping[];
  readonly files: CodeFiles;
  /** The host's own file: its code is nobody's fault. */
  readonly hostPath: string;
  /** What dlsym(3) gave: a word of the stack with such a value is a pointer, not a place to return to. */
  readonly symbols: ReadonlyMap<bigint, string>;
}

/** The place of an instruction; undefined when there is no code. */
export function placeOf({ mappings, files }: Remains, address: bigint): CodePlace | undefined {
  const mapping = codeAt(mappings, address);
  return mapping && { object: mapping.path, ...files.functionAt(mapping, address) };
}

/** So far behind a symbol an address may lie and still belong to its library: what is gone has no size. */
const REACH = 1n << 16n;

/** A function that was where nothing is any more, with the offset in bytes: its library has been unloaded. */
export function formerPlaceOf(
  { mappings, symbols }: Remains,
  address: bigint,
): { readonly symbol: string; readonly offset: bigint } | undefined {
  let nearest: bigint | undefined;
  for (const start of symbols.keys()) {
    const isNearer = start <= address && address - start < REACH && start >= (nearest ?? 0n);
    if (isNearer && mappingAt(mappings, start) === undefined) nearest = start;
  }
  if (nearest === undefined) return undefined;
  return { symbol: symbols.get(nearest)!, offset: address - nearest };
}

export const isRuntime = (place: CodePlace): boolean => RUNTIME.test(place.object);

/**
 * The innermost call by other code than the run time's and the host's. Return addresses are taken from the
 * stack by their looks: a word that points behind a call instruction of a mapped file. One that an earlier call
 * left behind in a frame that does not use it looks the same; to tell them apart would take unwinding tables,
 * which code without exceptions need not have.
 */
export function callerOf(remains: Remains): CodePlace | undefined {
  let entry: CodePlace | undefined;
  for (const address of returnAddresses(remains.words)) {
    const place = remains.symbols.has(address) ? undefined : callBefore(remains, address);
    if (place === undefined || isRuntime(place) || place.object === remains.hostPath) continue;
    // The first byte of a function is where the call before it never returns to, but pointers to it abound.
    if (placeOf(remains, address)?.offset !== 0n) return place;
    entry ??= place;
  }
  return entry;
}

/** The call that returns to `address`. */
function callBefore({ mappings, files }: Remains, address: bigint): CodePlace | undefined {
  const mapping = codeAt(mappings, address);
  const code = mapping && files.codeBefore(mapping, address, LONGEST_CALL);
  if (code === undefined || !endsWithCall(code.bytes, code.machine)) return undefined;
  // A function that ends with a call returns to the byte behind it.
  const inside = files.functionAt(mapping!, address - 1n);
  return {
    object: mapping!.path,
    ...(inside && { symbol: inside.symbol, offset: inside.offset + 1n }),
  };
}

function* returnAddresses({ fault, stack }: LastWords): Generator<bigint> {
  if (fault !== undefined && fault.link !== 0n) yield fault.link;
  const { buffer, byteOffset, byteLength } = stack.bytes;
  const view = new DataView(buffer, byteOffset, byteLength);
  // Return addresses are aligned like the stack.
  for (let at = Number(-stack.start & 7n); at + 8 <= byteLength; at += 8) yield view.getBigUint64(at, true);
}

function codeAt(mappings: readonly Mapping[], address: bigint): Mapping | undefined {
  const mapping = mappingAt(mappings, address);
  return mapping?.executable && mapping.path !== '' ? mapping : undefined;
}
