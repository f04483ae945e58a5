import { DT, ET, NO_SYMBOLS, NO_VERSIONS } from '../../elf/index.ts';
import type { Architecture, DynamicObject } from '../../model/index.ts';

/** A program that needs the C library of glibc and nothing else, and refers to nothing: the least of hosts. */
export function bareProgram(architecture: Architecture): DynamicObject {
  return {
    path: 'host',
    identity: undefined,
    architecture,
    type: ET.EXEC,
    interpreter: undefined,
    soname: undefined,
    needed: [C_LIBRARY],
    dependencies: [{ tag: DT.NEEDED, name: C_LIBRARY }],
    rpath: undefined,
    runpath: undefined,
    flags1: 0,
    symbolic: false,
    bindNow: false,
    textRelocations: false,
    staticTls: false,
    executableStack: false,
    hasConstructors: false,
    hasGnuHash: true,
    hasDestructors: false,
    threadLocals: undefined,
    symbols: NO_SYMBOLS,
    firstHashed: 0,
    versions: NO_VERSIONS,
    references: { symbol: new Uint32Array(0), lookup: new Uint8Array(0), traits: new Uint8Array(0) },
  };
}

const C_LIBRARY = 'libc.so.6';
