import type { Address } from '../backend.ts';
import { DlError } from '../errors.ts';
import type { Koffi } from './koffi.ts';

/** The functions of dlfcn.h and link.h in this process's C library. Addresses are bigint, NULL is 0n. */
export interface DlFunctions {
  dlopen(file: string | null, flags: number): Address;
  dlmopen(namespace: bigint, file: string | null, flags: number): Address;
  dlclose(handle: Address): number;
  dlsym(handle: Address, name: string): Address;
  dlvsym(handle: Address, name: string, version: string): Address;
  dlerror(): string | null;
  dladdr1(address: Address, info: BigUint64Array, extra: BigUint64Array): number;
  dlinfo(handle: Address, request: number, into: Uint8Array | BigUint64Array): number;
  iterate(visit: (info: Address) => void): void;
  allocate(size: number): Address;
  free(address: Address): void;
}

/** musl has no dlmopen, dlvsym and dladdr1: what is missing says so when it is called. */
export function dlFunctions(koffi: Koffi): DlFunctions {
  const c = koffi.load(null);
  const bind = (name: string, result: string, parameters: string[]): ((...args: unknown[]) => unknown) => {
    try {
      return c.func(name, result, parameters);
    } catch {
      return () => {
        throw new DlError(`this C library has no ${name}`);
      };
    }
  };
  /** koffi gives integers that are safe as numbers. */
  const address = (name: string, parameters: string[]) => {
    const call = bind(name, 'uint64_t', parameters);
    return (...args: unknown[]) => BigInt(call(...args) as number | bigint);
  };
  const number = (name: string, parameters: string[]) =>
    bind(name, 'int', parameters) as (...args: unknown[]) => number;
  const visitor = koffi.pointer(koffi.proto('int', ['uint64_t', 'uint64_t', 'uint64_t']));
  const iterate = bind('dl_iterate_phdr', 'int', ['uint64_t', 'uint64_t']);
  return {
    dlopen: address('dlopen', ['const char *', 'int']),
    dlmopen: address('dlmopen', ['int64_t', 'const char *', 'int']),
    dlclose: number('dlclose', ['uint64_t']),
    dlsym: address('dlsym', ['uint64_t', 'const char *']),
    dlvsym: address('dlvsym', ['uint64_t', 'const char *', 'const char *']),
    // Bound before the first failure: a look-up by koffi would forget the error.
    dlerror: bind('dlerror', 'const char *', []) as () => string | null,
    dladdr1: (
      (dladdr1) => (at: Address, info: BigUint64Array, extra: BigUint64Array) =>
        dladdr1(at, koffi.address(info), koffi.address(extra), RTLD_DL_SYMENT)
    )(number('dladdr1', ['uint64_t', 'uint64_t', 'uint64_t', 'int'])),
    dlinfo: (
      (dlinfo) => (handle: Address, request: number, into: Uint8Array | BigUint64Array) =>
        dlinfo(handle, request, koffi.address(into))
    )(number('dlinfo', ['uint64_t', 'int', 'uint64_t'])),
    iterate(visit) {
      const callback = koffi.register((info: number | bigint) => {
        visit(BigInt(info));
        return 0;
      }, visitor);
      iterate(callback, 0n);
      koffi.unregister(callback);
    },
    allocate: (
      (calloc) => (size: number) =>
        calloc(1, size)
    )(address('calloc', ['uint64_t', 'uint64_t'])),
    free: bind('free', 'void', ['uint64_t']),
  };
}

const RTLD_DL_SYMENT = 1;
