import { relocationClass, relocationTypeName } from './machines.ts';

/**
 * What a thread-local relocation asks of the block that every thread has from its start (the static TLS block;
 * ELF Handling For Thread-Local Storage, chapter 4):
 * - `static`: an offset from the thread pointer, so the module's storage must lie in that block;
 * - `descriptor`: the offset if the block has room for it, otherwise a call.
 */
export type ThreadStorage = 'static' | 'descriptor';

/** undefined: the relocation does not care where a module's thread-local storage lies. */
export function threadStorage(machine: number, type: number): ThreadStorage | undefined {
  if (relocationClass(machine, type) !== 'tls') return undefined;
  const name = relocationTypeName(machine, type);
  if (name.includes('TLSDESC') || name.includes('TLS_DESC')) return 'descriptor';
  return /DTP|DTV/.test(name) ? undefined : /TPOFF|TPREL/.test(name) ? 'static' : undefined;
}
