import {
  DT,
  type DynamicView,
  ElfFile,
  EM,
  noteContent,
  PF,
  PT,
  relocationTypeName,
  type Segment,
} from '../../elf/index.ts';
import type { LoaderSettings } from '../../loader/index.ts';
import type { Finding, LoadedObject } from '../../model/index.ts';
import { smallestAlignment } from './explain/mapping.ts';
import type { OpenDiagnosis } from './open-diagnosis.ts';
import { unlessDamaged } from './unless-damaged.ts';

/** What files say that the simulation of the loader does not ask. */
export interface Foreseen {
  /** In dlerror's words; the first one ends the call. */
  readonly refusal: string | undefined;
  /** What does not end it. */
  readonly findings: readonly Finding[];
}

/** One more demand of a file. */
type Check = (file: ElfFile, entry: LoadedObject, settings: LoaderSettings) => string | undefined;

/** What is new in the process is mapped, then compared, then relocated: all objects by one check, then the next. */
export function foreseen(diagnosis: OpenDiagnosis, added: readonly LoadedObject[]): Foreseen {
  const settings = diagnosis.context.settingsFor(diagnosis.program.object);
  const unmapped = added.map((entry) => mapRefusal(diagnosis, entry)).find((text) => text !== undefined);
  if (unmapped !== undefined) return { refusal: unmapped, findings: [] };
  const findings: Finding[] = [];
  for (const check of [relrRefusal, isaRefusal, relocationRefusal] satisfies Check[]) {
    for (const entry of added) {
      const refusal = readFile(diagnosis, entry, (file) => check(file, entry, settings));
      if (refusal !== undefined) return { refusal, findings: [] };
    }
  }
  for (const entry of added) {
    findings.push(...(readFile(diagnosis, entry, (file) => warnings(file, entry, settings)) ?? []));
  }
  return { refusal: undefined, findings };
}

function readFile<T>(
  { files }: OpenDiagnosis,
  { path }: LoadedObject,
  use: (file: ElfFile) => T,
): T | undefined {
  return unlessDamaged(() => files.read(path, (source) => use(new ElfFile(source))));
}

const PAGE = 4096;

/** mmap(2): nothing executable from a file system that is mounted with noexec; whole pages only. */
function mapRefusal(diagnosis: OpenDiagnosis, entry: LoadedObject): string | undefined {
  const { files, pageSize = PAGE } = diagnosis;
  if (pageSize > PAGE && (smallestAlignment({ diagnosis }, entry.path) ?? pageSize) < pageSize) {
    return `${entry.name}: ELF load command address/offset not page-aligned`;
  }
  const loads = readFile(diagnosis, entry, ({ segments }) => segments.filter(({ type }) => type === PT.LOAD));
  if (loads !== undefined && startsInFirst(loads, BigInt(pageSize))) {
    return `${entry.name}: ELF load command address/offset not page-aligned`;
  }
  const hasCode = loads?.some(({ flags }) => (flags & PF.X) !== 0) ?? false;
  if (!hasCode || !files.isNoExec(entry.path)) return undefined;
  return `${entry.name}: failed to map segment from shared object`;
}

/**
 * The last segment shares a page with the first one, in a file whose segments do not follow each other page by page
 * (glibc elf/dl-map-segments.h, _dl_map_segments).
 */
function startsInFirst(loads: readonly Segment[], page: bigint): boolean {
  const spans = loads.map(({ vaddr, fileSize }) => ({
    start: vaddr - (vaddr % page),
    end: ((vaddr + BigInt(fileSize) + page - 1n) / page) * page,
  }));
  const hasHoles = spans.some(({ start }, at) => at > 0 && spans[at - 1]!.end !== start);
  return hasHoles && spans.at(-1)!.start < spans[0]!.end;
}

const RELR_VERSION = 'GLIBC_ABI_DT_RELR';
/** DT_RELR is applied, and the version asked for (2.36 NEWS). */
const RELR_SINCE = 2036;

const hasRelr = ({ dynamic }: ElfFile): boolean => dynamic?.entries.get(DT.RELR) !== undefined;

const needsRelrVersion = ({ object }: LoadedObject): boolean =>
  object.versions.needs.some(({ versions }) => versions.some(({ name }) => name === RELR_VERSION));

const relrRefusal: Check = (file, entry, { version }) => {
  if (version < RELR_SINCE || !hasRelr(file) || needsRelrVersion(entry)) return undefined;
  if (!entry.object.needed.some((name) => name.startsWith('libc.so.'))) return undefined;
  return `${entry.path}: DT_RELR without GLIBC_ABI_DT_RELR dependency`;
};

/** Levels of x86-64 by the active subdirectories of glibc-hwcaps, the names of which are those of the levels. */
const isaRefusal: Check = (file, { path }, { hwcaps }) => {
  const { header } = file;
  if (header.machine !== EM.X86_64) return undefined;
  const reached = new Set<string>(['x86-64-baseline', ...hwcaps]);
  for (const note of file.notes) {
    const content = noteContent(note, header, header.machine);
    if (content.kind !== 'properties') continue;
    const needed = content.properties.find(({ name }) => name.endsWith('X86_ISA_1_NEEDED'));
    if (needed?.values.some((level) => !reached.has(level))) {
      return `${path}: CPU ISA level is lower than required`;
    }
  }
  return undefined;
};

/** What glibc applies outside of the PLT (sysdeps/x86_64/dl-machine.h, elf_machine_rela). */
const APPLIED_X86_64: ReadonlySet<string> = new Set(
  'NONE 64 PC32 COPY GLOB_DAT JUMP_SLOT RELATIVE 32 DTPMOD64 DTPOFF64 TPOFF64 SIZE32 SIZE64 TLSDESC IRELATIVE RELATIVE64'
    .split(' ')
    .map((name) => `R_X86_64_${name}`),
);

const relocationRefusal: Check = ({ header, dynamic }, { path }) => {
  if (header.machine !== EM.X86_64 || dynamic === undefined) return undefined;
  const strange = relocationTypes(dynamic).find(
    (type) => !APPLIED_X86_64.has(relocationTypeName(header.machine, type)),
  );
  if (strange === undefined) return undefined;
  return `${path}: unexpected reloc type 0x${strange.toString(16).padStart(2, '0')}`;
};

const NOWHERE = { start: 0n, end: 0n };

function relocationTypes(dynamic: DynamicView): number[] {
  const tables = dynamic.relocationTables.filter(({ tag }) => tag !== DT.JMPREL);
  return [...new Set(tables.flatMap((table) => [...dynamic.survey(table, NOWHERE).types.keys()]))];
}

/** bionic linker/linker.cpp, prelink_image. */
const ANDROID_TABLES = {
  DT_ANDROID_REL: DT.ANDROID_REL,
  DT_ANDROID_RELA: DT.ANDROID_RELA,
  DT_ANDROID_RELR: DT.ANDROID_RELR,
} as const;

function warnings(file: ElfFile, { path, object }: LoadedObject, { version }: LoaderSettings): Finding[] {
  const { header, dynamic } = file;
  const found: Finding[] = [];
  if (hasRelr(file) && version < RELR_SINCE) {
    found.push({
      kind: 'open.relr',
      severity: 'error',
      message: `${path}: its packed relocations (DT_RELR) are not applied: its pointers lead nowhere`,
      subject: path,
      object: path,
      evidence: [
        { text: `this loader, of glibc ${glibcText(version)}, does not know DT_RELR and passes over it` },
      ],
      fix: 'link it with -Wl,-z,nopack-relative-relocs, or run it on glibc 2.36 or later',
    });
  }
  const android = Object.entries(ANDROID_TABLES).find(([, tag]) => dynamic?.entries.get(tag) !== undefined);
  if (android !== undefined) {
    found.push({
      kind: 'open.relr',
      severity: 'error',
      message: `${path}: its relocations, packed for Android (${android[0]}), are not applied: its pointers lead nowhere`,
      subject: path,
      object: path,
      evidence: [{ text: 'only the loader of Android knows this form; others pass over it' }],
      fix: 'link it with -Wl,--pack-dyn-relocs=none; packed for others too: -Wl,-z,pack-relative-relocs',
    });
  }
  if (header.machine === EM.X86_64 && dynamic !== undefined) {
    const narrow = relocationTypes(dynamic).filter((type) =>
      NARROW.has(relocationTypeName(header.machine, type)),
    );
    found.push(...narrow.map((type) => narrowRelocation(path, relocationTypeName(header.machine, type))));
  }
  if (object.textRelocations) {
    found.push({
      kind: 'hygiene.text-relocations',
      severity: 'note',
      message: `${path}: the loader has to write into its code`,
      subject: path,
      object: path,
      evidence: [{ text: 'SELinux refuses it: cannot restore segment prot after reloc: Permission denied' }],
      fix: 'compile all of it with -fPIC and link with -Wl,-z,text',
    });
  }
  return found;
}

const NARROW: ReadonlySet<string> = new Set(['R_X86_64_32', 'R_X86_64_PC32']);

/** 32 bits hold an address in the lowest 4 GB, or one within 2 GB: libraries lie together, programs far away. */
const narrowRelocation = (path: string, type: string): Finding => ({
  kind: 'open.relocation',
  severity: type === 'R_X86_64_32' ? 'error' : 'warning',
  message:
    type === 'R_X86_64_32'
      ? `${path}: has R_X86_64_32 relocations, which no address of a library fits into`
      : `${path}: has R_X86_64_PC32 relocations, which reach 2 GB: not to a program that lies elsewhere`,
  subject: path,
  object: path,
  evidence: [{ text: `the loader says: causes overflow in ${type} relocation, and goes on`, object: path }],
  fix: 'compile all of it with -fPIC, its static archives too, and link with -Wl,-z,text',
});

const glibcText = (version: number): string => `${Math.floor(version / 1000)}.${version % 1000}`;
