import { EM, machineName } from '../../elf/index.ts';
import { type Change, compareVersions, type LibraryExports, type Relro } from '../../model/index.ts';
import { makeChange } from './make-change.ts';

/** Two libraries for different machines or of different ELF classes: nothing else can be compared. */
export function architectureChange(old: LibraryExports, recent: LibraryExports): Change | undefined {
  const before = architectureText(old);
  const after = architectureText(recent);
  if (before === after) return undefined;
  return makeChange({
    kind: 'abi.architecture',
    effect: 'incompatible',
    subject: recent.soname ?? recent.fileName,
    message: `${before} before, ${after} now`,
    consequence: 'ld.so passes it over or refuses it: the program does not start',
  });
}

function architectureText({ architecture: { machine, is64, littleEndian } }: LibraryExports): string {
  return `${machineName(machine)}, ${is64 ? 64 : 32} bits, ${littleEndian ? 'little' : 'big'} endian`;
}

/** What a library asks of its process, and how it protects it. None of it changes the verdict. */
export function libraryChanges(old: LibraryExports, recent: LibraryExports): Change[] {
  return [
    ...neededChanges(old, recent),
    ...pathChange('RPATH', old.rpath, recent.rpath, recent),
    ...pathChange('RUNPATH', old.runpath, recent.runpath, recent),
    ...floorChange(old, recent),
    ...hardeningChanges(old, recent),
    ...staticTlsChange(old, recent),
    ...symbolicChange(old, recent),
  ];
}

const selfOf = ({ soname, fileName }: LibraryExports): string => soname ?? fileName;

function neededChanges(old: LibraryExports, recent: LibraryExports): Change[] {
  const change = (name: string, verb: string, consequence: string) =>
    makeChange({
      kind: 'abi.dependency',
      effect: 'identical',
      subject: name,
      message: `${verb} ${name}`,
      consequence,
    });
  return [
    ...recent.needed
      .filter((name) => !old.needed.includes(name))
      .map((name) => change(name, 'needs', 'it has to be installed too, or the program does not start')),
    ...old.needed
      .filter((name) => !recent.needed.includes(name))
      .map((name) =>
        change(name, 'no longer needs', 'a program that got it by the way has to name it itself'),
      ),
  ];
}

function pathChange(tag: string, before = '', after = '', recent: LibraryExports): Change[] {
  if (before === after) return [];
  const text = (path: string) => (path === '' ? 'none' : `'${path}'`);
  return [
    makeChange({
      kind: 'abi.dependency',
      effect: 'identical',
      subject: selfOf(recent),
      message: `${tag} was ${text(before)} and is ${text(after)}`,
      consequence: 'what it needs is searched in other directories',
    }),
  ];
}

const numbersOf = (version: string): number[] => version.split('.').map(Number);

/** The version that glibc began with on a machine (its shlib-versions): a library that needs it needs nothing new. */
const FIRST_GLIBC: Readonly<Record<number, string>> = {
  [EM['386']]: '2.0',
  [EM.ARM]: '2.4',
  [EM.X86_64]: '2.2.5',
  [EM.S390]: '2.2',
  [EM.AARCH64]: '2.17',
  [EM.PPC64]: '2.17',
  [EM.RISCV]: '2.27',
  [EM.LOONGARCH]: '2.36',
};

function floorChange({ glibcFloor: before }: LibraryExports, recent: LibraryExports): Change[] {
  const after = recent.glibcFloor;
  const enough = before ?? FIRST_GLIBC[recent.architecture.machine] ?? '0';
  if (after === undefined || compareVersions(numbersOf(after), numbersOf(enough)) <= 0) return [];
  return [
    makeChange({
      kind: 'abi.glibc-floor',
      effect: 'identical',
      subject: selfOf(recent),
      message: `needs glibc ${after}${before === undefined ? '' : `, ${before} was enough`}`,
      consequence: 'programs do not start on systems with an older C library',
      fix: 'build on the oldest system that is to be supported',
    }),
  ];
}

const RELRO_ORDER: readonly Relro[] = ['none', 'partial', 'full'];

function hardeningChanges(old: LibraryExports, recent: LibraryExports): Change[] {
  const change = (message: string, consequence: string, fix: string) =>
    makeChange({
      kind: 'abi.hardening',
      effect: 'identical',
      subject: selfOf(recent),
      message,
      consequence,
      fix,
    });
  const changes: Change[] = [];
  if (RELRO_ORDER.indexOf(recent.relro) < RELRO_ORDER.indexOf(old.relro)) {
    changes.push(
      change(
        `RELRO was ${old.relro} and is ${recent.relro}`,
        'addresses of functions can be overwritten in the running process',
        'link with -Wl,-z,relro,-z,now',
      ),
    );
  }
  if (recent.executableStack && !old.executableStack) {
    changes.push(
      change(
        'asks for an executable stack',
        'every stack of the process becomes executable; dlopen refuses it on glibc 2.41 and later',
        'mark assembler sources with .section .note.GNU-stack,"",@progbits, or link with -Wl,-z,noexecstack',
      ),
    );
  }
  if (recent.textRelocations && !old.textRelocations) {
    changes.push(
      change(
        'has text relocations',
        'its code is made writable at start and no longer shared between processes',
        'compile everything with -fPIC',
      ),
    );
  }
  return changes;
}

function staticTlsChange(old: LibraryExports, recent: LibraryExports): Change[] {
  if (!recent.staticTls || old.staticTls) return [];
  return [
    makeChange({
      kind: 'abi.static-tls',
      effect: 'identical',
      subject: selfOf(recent),
      message: 'wants room in the static thread-local storage',
      consequence: 'dlopen may fail: cannot allocate memory in static TLS block',
      fix: 'compile with -ftls-model=global-dynamic',
    }),
  ];
}

function symbolicChange(old: LibraryExports, recent: LibraryExports): Change[] {
  if (old.symbolic === recent.symbolic) return [];
  return [
    makeChange({
      kind: 'abi.linkage',
      effect: 'identical',
      severity: 'warning',
      subject: selfOf(recent),
      message: recent.symbolic
        ? 'binds its own references to itself now (DT_SYMBOLIC)'
        : 'is no longer DT_SYMBOLIC',
      consequence: recent.symbolic
        ? 'a program that interposes its functions or holds copies of its variables is passed over'
        : 'other definitions can take the place of its own',
    }),
  ];
}
