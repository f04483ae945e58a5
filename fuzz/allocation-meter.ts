/** Thrown in place of an allocation that would pass the limit. No parser may catch it. */
export class AllocationLimit extends Error {}

const TYPED = [
  'ArrayBuffer',
  'Uint8Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
] as const;

let counting = false;
let limit = 0;
let allocated = 0;

function count(bytes: number): void {
  allocated += bytes;
  if (allocated > limit) {
    throw new AllocationLimit(`${allocated} bytes of columns, at most ${limit} are right for this file`);
  }
}

/** Bytes that a call of a constructor takes; views of an existing buffer take none. */
function bytesOf(target: { BYTES_PER_ELEMENT?: number }, argument: unknown): number {
  const unit = target.BYTES_PER_ELEMENT ?? 1;
  if (typeof argument === 'number') return argument * unit;
  if (ArrayBuffer.isView(argument)) return argument.byteLength;
  return Array.isArray(argument) ? argument.length * unit : 0;
}

/**
 * From now on typed arrays and buffers made by scripts are counted, while `metered` runs. The collector may free
 * memory at any time, so sampling the process cannot see a peak; the constructors see all of them, beforehand.
 */
export function installMeter(): void {
  for (const name of TYPED) {
    const original: object = globalThis[name];
    const metered = new Proxy(original, {
      construct(target, args, newTarget) {
        if (counting) count(bytesOf(target, args[0]));
        return Reflect.construct(target as NewableFunction, args, newTarget);
      },
    });
    Object.defineProperty(globalThis, name, { value: metered, configurable: true, writable: true });
  }
}

/** Runs a step that may allocate at most `maximum` bytes in typed arrays. */
export function metered(step: () => void, maximum: number): void {
  counting = true;
  limit = maximum;
  allocated = 0;
  try {
    step();
  } finally {
    counting = false;
  }
}
