import { ElfFile, PT } from '../../../elf/index.ts';
import type { Evidence, Finding } from '../../../model/index.ts';
import { failure, pathOf, type Refusal } from '../refusal.ts';
import { unlessDamaged } from '../unless-damaged.ts';
import { directoryOf } from '../where-else.ts';

const PAGE = 4096;
/** ENOMEM, in glibc's words and in musl's. */
const NO_MEMORY: ReadonlySet<string> = new Set(['Cannot allocate memory', 'Out of memory']);

/** The system would not map what the file asks for (glibc elf/dl-map-segments.h). */
export function explainMapping(refusal: Refusal): Finding[] {
  const { diagnosis, message } = refusal;
  const path = pathOf(refusal);
  const isNoExec = diagnosis.files.isNoExec(path);
  const isMemory = message.reason === undefined || NO_MEMORY.has(message.reason);
  if (isMemory && !isNoExec) return explainMemory(refusal);
  return [
    failure(refusal, 'open.mapping', {
      object: path,
      evidence: isNoExec
        ? [{ text: 'its file system is mounted with noexec: nothing in it may be executed', object: path }]
        : [{ text: `the system said: ${message.reason ?? 'nothing'}`, object: path }],
      fix: isNoExec
        ? `put the library on a file system without noexec, or mount that of ${directoryOf(path)} anew without it`
        : 'look into the log of what guards the system (ausearch, journalctl, dmesg): SELinux, AppArmor, fapolicyd or a seccomp filter forbids it',
    }),
  ];
}

export function explainMemory(refusal: Refusal): Finding[] {
  const { diagnosis } = refusal;
  const path = pathOf(refusal);
  const size = memorySize(refusal, path);
  const evidence: Evidence[] =
    size === undefined ? [] : [{ text: `takes ${size} bytes of address space`, object: path }];
  return [
    failure(refusal, 'open.memory', {
      subject: diagnosis.file,
      object: path,
      evidence,
      fix: 'raise the limit that the process runs under (ulimit -v, ulimit -d, vm.max_map_count, a memory cgroup), or free memory before the library is opened; if none is near, SELinux or a sandbox forbids to map the file: look into its log',
    }),
  ];
}

/** What the segments cover, from the first byte to the last. */
function memorySize({ diagnosis }: Refusal, path: string): number | undefined {
  return unlessDamaged(() =>
    diagnosis.files.read(path, (source) => {
      const loads = new ElfFile(source).segments.filter(({ type }) => type === PT.LOAD);
      const end = Math.max(0, ...loads.map(({ vaddr, memorySize }) => Number(vaddr) + memorySize));
      return end - Math.min(end, ...loads.map(({ vaddr }) => Number(vaddr)));
    }),
  );
}

/** mprotect(2) refused rights to memory that was mapped. */
export function explainProtection(refusal: Refusal): Finding[] {
  const path = pathOf(refusal);
  return [
    failure(refusal, 'open.mapping', {
      object: path,
      evidence: [{ text: `the system said: ${refusal.message.reason ?? 'nothing'}`, object: path }],
      fix: 'raise vm.max_map_count if the process has many mappings; otherwise look into the log of what guards the system: SELinux or a seccomp filter forbids to change the rights of memory',
    }),
  ];
}

/** Code that is to be written to (glibc elf/dl-reloc.c, _dl_relocate_object). */
export function explainText(refusal: Refusal): Finding[] {
  const path = pathOf(refusal);
  const loaded = refusal.process.scope.find((entry) => entry.path === path);
  return [
    {
      ...failure(refusal, 'hygiene.text-relocations', {
        subject: path,
        object: path,
        evidence: [
          ...(loaded?.object.textRelocations
            ? [{ text: 'has DT_TEXTREL: addresses have to be written into its code', object: path }]
            : []),
          { text: `the system lets nothing write to code: ${refusal.message.reason ?? 'it gave no reason'}` },
        ],
        fix: 'compile all of it with -fPIC and link with -Wl,-z,text; until then, on SELinux: chcon -t textrel_shlib_t FILE',
      }),
    },
  ];
}

/** Segments that a larger page would mix (glibc elf/dl-load.c, _dl_map_object_from_fd). */
export function explainMisaligned(refusal: Refusal): Finding[] {
  const { diagnosis } = refusal;
  const path = pathOf(refusal);
  const align = smallestAlignment(refusal, path);
  const page = diagnosis.pageSize ?? PAGE;
  const isForSmaller = align !== undefined && align < page && align >= PAGE;
  return [
    failure(refusal, isForSmaller ? 'open.page-size' : 'load.wrong-format', {
      object: path,
      evidence:
        align === undefined
          ? []
          : [{ text: `its segments are aligned to ${align} bytes, a page has ${page}`, object: path }],
      fix: isForSmaller
        ? `link the library with -Wl,-z,max-page-size=${Math.max(page, 65536)} (or ${page}), and every other one that ships with it`
        : 'build the library anew for this machine: its segments stand at addresses that no page can begin at, as for a machine with other pages, or in a damaged file',
    }),
  ];
}

/** The largest power of two, up to p_align, by which address and offset of every segment agree. */
export function smallestAlignment(
  { diagnosis }: Pick<Refusal, 'diagnosis'>,
  path: string,
): number | undefined {
  return unlessDamaged(() =>
    diagnosis.files.read(path, (source) => {
      const loads = new ElfFile(source).segments.filter(({ type }) => type === PT.LOAD);
      return Math.min(...loads.map(({ vaddr, offset, align }) => agreement(vaddr - BigInt(offset), align)));
    }),
  );
}

function agreement(difference: bigint, align: number): number {
  let size = 1;
  while (size < align && difference % BigInt(size * 2) === 0n) size *= 2;
  return size;
}
