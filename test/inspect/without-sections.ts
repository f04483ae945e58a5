import type { ByteSource } from '../../src/bytes/index.ts';
import { ElfFile } from '../../src/elf/index.ts';
import { type ElfFacts, inspectElf } from '../../src/model/inspection/index.ts';

/** The same file without section headers: e_shoff, e_shnum and e_shstrndx are 0. */
function withoutSections(source: ByteSource): ByteSource {
  const is64 = source.read(4, 1, 'class')[0] === 2;
  const [size, shoff, counts] = is64 ? [64, 40, 60] : [52, 32, 48];
  const header = Uint8Array.from(source.read(0, size, 'ELF header'));
  header.fill(0, shoff, shoff + (is64 ? 8 : 4));
  header.fill(0, counts, counts + 4);
  return {
    size: source.size,
    read(offset, length, section) {
      if (offset >= size) return source.read(offset, length, section);
      const bytes = Uint8Array.from(source.read(offset, length, section));
      bytes.set(header.subarray(offset, offset + length));
      return bytes;
    },
  };
}

/** What the loader sees must not depend on section headers: where it does, or nothing. */
export function sectionDependence(source: ByteSource): string[] {
  const full = facts(source);
  // A separate debug file has program headers that describe another file; only sections tell.
  if (full.kind === 'debug-file' || full.segments.length === 0) return [];
  const stripped = facts(withoutSections(source));
  return (Object.keys(LOADER_FACTS) as (keyof typeof LOADER_FACTS)[]).flatMap((key) => {
    const [one, other] = [full, stripped].map((each) => JSON.stringify(LOADER_FACTS[key](each)));
    return one === other
      ? []
      : [`${key} without section headers: ${other?.slice(0, 200)}, with: ${one?.slice(0, 200)}`];
  });
}

const facts = (source: ByteSource) => inspectElf(new ElfFile(source), '-', { symbolTable: false }).facts;

const addresses = (list: readonly { readonly address: string }[]) => list.map(({ address }) => address);

const LOADER_FACTS = {
  kind: ({ kind }: ElfFacts) => kind,
  header: ({ header }: ElfFacts) => header,
  interpreter: ({ interpreter }: ElfFacts) => interpreter,
  dynamic: ({ dynamic }: ElfFacts) => dynamic,
  tls: ({ tls }: ElfFacts) => tls,
  hardening: ({ hardening }: ElfFacts) => hardening,
  segments: ({ segments }: ElfFacts) => segments,
  // Names may come from .symtab, and a static program has its arrays between symbols of the link editor.
  functions: ({ dynamic, initFini }: ElfFacts) =>
    dynamic && [
      initFini.init?.address,
      initFini.fini?.address,
      ...[initFini.preinitArray, initFini.initArray, initFini.finiArray].map(addresses),
    ],
};
