import type { FindingKind } from '../../src/model/index.ts';

/** Kinds of finding that no example can bring about on just any machine, and why. Tests elsewhere do it with made-up input. */
export const UNPROVOKED: Readonly<Partial<Record<FindingKind, string>>> = {
  'open.no-permission': 'whoever runs as root may read everything',
  'open.page-size': 'it takes a machine with larger pages',
  'open.mapping': 'it takes a file system that is mounted with noexec, or SELinux',
  'open.executable-stack': 'it takes glibc 2.41',
  'open.relocation': 'linkers refuse to make such a library',
  'open.copy-relocation': 'it takes compilers that know -mno-direct-extern-access',
  'open.relr': 'linkers add the mark that is missing',
  'open.isa-level': 'it takes a processor that lacks the level',
  'open.invalid-call': 'no option of solder makes such a call',
  'open.token': 'it takes a program with the set-user-ID bit',
  'open.unknown': 'it takes a message that nobody knows',
  'symbol.hidden': 'it takes a linker that keeps the visibility of local symbols',
  'symbol.not-exported': 'the program is that of solder itself',
  'symbol.invalid-call': 'no option of solder makes such a call',
  'run.prediction-missed': 'it takes a fault of the simulation',
};
