import type { DlCall, OpenMode } from '../src/model/dl-call.ts';

type Open = Extract<DlCall, { call: 'dlopen' }>;
type LookUp = Extract<DlCall, { call: 'dlsym' }>;

/** dlopen of a library, whose handle goes by that name from then on; of the program itself for null. */
export const open = (file: string | null, mode: OpenMode = {}): Open => {
  return { call: 'dlopen', file, mode, handle: file ?? PROGRAM };
};

/** The handle that `open(null)` gives. */
export const PROGRAM = 'program';

/** dlsym in what `open` gave. */
export const lookUp = (handle: string, symbol: string): LookUp => ({ call: 'dlsym', handle, symbol });

export const close = (handle: string): DlCall => ({ call: 'dlclose', handle });

/** Code of an object comes to a call of a function that is bound lazily. */
export const use = (object: string, symbol: string): DlCall => ({ call: 'use', object, symbol });

/** dlsym with RTLD_DEFAULT or RTLD_NEXT, called by an object of the build or by the program. */
export const lookUpFrom = (pseudo: 'default' | 'next', symbol: string, caller?: string): LookUp => {
  return { call: 'dlsym', handle: { pseudo }, symbol, ...(caller === undefined ? {} : { caller }) };
};

/** dlvsym in what `open` gave. */
export const lookUpVersion = (handle: string, symbol: string, version: string): LookUp => {
  return { call: 'dlsym', handle, symbol, version };
};
