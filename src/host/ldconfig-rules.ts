import { arch } from 'node:process';
import { isReadBy, type LdconfigRules, type LibraryDirectory } from '../analyses/release/index.ts';
import { EM } from '../elf/index.ts';
import type { Architecture } from '../model/index.ts';
import { loaderSettings } from './loader-settings.ts';
import { NO_SYSROOT } from './sysroot.ts';

const NATIVE: Readonly<Record<string, number>> = { x64: EM.X86_64, arm64: EM.AARCH64 };

/**
 * Whose ldconfig a directory is for: that of this machine when it reads any of the libraries, otherwise that of
 * the machine which most of them are for.
 */
export function ldconfigRules({ libraries }: LibraryDirectory): LdconfigRules {
  const objects = [...libraries.values()];
  const machine = NATIVE[arch];
  if (machine !== undefined) {
    const native: Architecture = { machine, is64: true, littleEndian: true };
    const rules = { machine, littleEndian: true, glibc: loaderSettings(NO_SYSROOT, native).version };
    if (objects.length === 0 || objects.some((object) => isReadBy(object, rules))) return rules;
  }
  const key = ({ machine, is64, littleEndian }: Architecture) => `${machine} ${is64} ${littleEndian}`;
  const byMachine = [...Map.groupBy(objects, ({ architecture }) => key(architecture)).values()];
  const most = byMachine.reduce((best, next) => (next.length > best.length ? next : best));
  const { architecture } = most[0]!;
  return { ...architecture, glibc: loaderSettings(NO_SYSROOT, architecture).version };
}
