import { symbolName } from '../../../elf/index.ts';
import {
  baseName,
  type DynamicObject,
  type Evidence,
  type Finding,
  REFERENCE_STATIC_TLS,
} from '../../../model/index.ts';
import { needChain } from '../open-diagnosis.ts';
import { chainEvidence, failure, pathOf, type Refusal } from '../refusal.ts';

/** PT_GNU_STACK asks for an executable stack, or is missing (glibc elf/dl-load.c, elf/dl-execstack.c). */
export function explainStack(refusal: Refusal): Finding[] {
  const { diagnosis, message, process } = refusal;
  const path = pathOf(refusal);
  const entry = process.scope.find((one) => one.path === path || one.name === path);
  const { version } = diagnosis.context.settingsFor(diagnosis.program.object);
  const why =
    version >= 2041 || message.reason === 'Invalid argument'
      ? 'glibc 2.41 and later do not make the stack of a running process executable'
      : 'the system does not let the process make its stack executable (SELinux, a seccomp filter)';
  return [
    failure(refusal, 'open.executable-stack', {
      object: entry?.path ?? path,
      evidence: [
        ...chainEvidence(needChain(entry).slice(0, -1), baseName(path)),
        { text: 'PT_GNU_STACK asks for an executable stack, or is missing', object: entry?.path ?? path },
        { text: why },
      ],
      fix: 'find the assembler file without .section .note.GNU-stack,"",@progbits, or the nested function whose address is taken, and link with -Wl,-z,noexecstack; a library that needs none: patchelf --clear-execstack; until then GLIBC_TUNABLES=glibc.rtld.execstack=2 (since 2.42), or link the program itself with -Wl,-z,execstack',
    }),
  ];
}

/** Bytes of static TLS that are left for what is opened later, and those of them for descriptors. */
const SURPLUS = 1664;
const OPTIONAL = 512;

/** Initial-exec thread-local storage of a library that comes late (glibc elf/dl-reloc.c). */
export function explainStaticTls(refusal: Refusal): Finding[] {
  const { message, process } = refusal;
  const path = pathOf(refusal);
  const entry = process.scope.find((one) => one.path === path);
  const storage = entry?.object.threadLocals;
  const users = process.scope.filter((one) => usesStaticTls(one.object));
  const size = storage === undefined ? undefined : storage.size + storage.misalignment;
  const wanted = Math.max(0, (size ?? SURPLUS) - SURPLUS) + OPTIONAL + (storage?.alignment ?? 0);
  return [
    failure(refusal, 'open.static-tls', {
      object: path,
      evidence: [
        ...(storage && size !== undefined
          ? [
              {
                text: `has ${storage.size} bytes of thread-local storage, aligned to ${storage.alignment}, that must lie at a fixed distance from the thread pointer`,
                object: path,
              },
            ]
          : []),
        {
          text:
            message.loader === 'glibc'
              ? `glibc keeps ${SURPLUS} bytes for all libraries that are opened later, aligned to what was there at the start`
              : 'this loader keeps none for libraries that are opened later',
        },
        ...users
          .slice(0, SHOWN)
          .map((one): Evidence => ({ text: staticTlsText(one.object), object: one.path })),
      ],
      fix: `compile the library with -fPIC and without -ftls-model=initial-exec (or local-exec), so that its storage can lie anywhere; or have it there from the start: link the program with it, or LD_PRELOAD${message.loader === 'glibc' ? `; or start the process with GLIBC_TUNABLES=glibc.rtld.optional_static_tls=${wanted}` : ''}`,
    }),
  ];
}

const SHOWN = 6;

/** Whether its references, or relocations of its own storage, go through fixed offsets. */
const usesStaticTls = ({ references, threadLocals }: DynamicObject): boolean =>
  ((threadLocals?.ownTraits ?? 0) & REFERENCE_STATIC_TLS) !== 0 ||
  references.traits.some((traits) => (traits & REFERENCE_STATIC_TLS) !== 0);

function staticTlsText({ references, symbols }: DynamicObject): string {
  const names = new Set<string>();
  references.traits.forEach((traits, at) => {
    if ((traits & REFERENCE_STATIC_TLS) !== 0) names.add(symbolName(symbols, references.symbol[at]!));
  });
  names.delete('');
  const list = [...names].slice(0, SHOWN).join(', ');
  return `uses thread-local storage by the initial-exec model${list === '' ? '' : `: ${list}`}`;
}

/** GNU_PROPERTY_X86_ISA_1_NEEDED (x86-64 psABI, Program Property). */
export function explainIsa(refusal: Refusal): Finding[] {
  const path = pathOf(refusal);
  return [
    failure(refusal, 'open.isa-level', {
      object: path,
      evidence: [
        { text: 'its property note asks for a level that this processor does not reach', object: path },
      ],
      fix: 'build the library for the level of the oldest machine (-march=x86-64, -march=x86-64-v2), and put what is built for better ones into the glibc-hwcaps subdirectories',
    }),
  ];
}

/** GNU_PROPERTY_1_NEEDED_INDIRECT_EXTERN_ACCESS (glibc sysdeps/generic/dl-protected.h). */
export function explainIndirectAccess(refusal: Refusal): Finding[] {
  const { message, diagnosis } = refusal;
  const path = pathOf(refusal);
  return [
    failure(refusal, 'open.copy-relocation', {
      subject: message.symbol ?? diagnosis.file,
      object: path,
      evidence: [
        {
          text: 'is built so that nobody may copy its variables or take the place of its functions',
          object: path,
        },
        { text: 'was linked with copy relocations', object: diagnosis.program.path },
      ],
      fix: 'compile the program with -fPIE -mno-direct-extern-access, or link it with -Wl,-z,nocopyreloc; or build the library without -mno-direct-extern-access',
    }),
  ];
}
