import { EM, SHF, SHT } from '../../../src/elf/index.ts';
import { chunk, noteChunks, raw, symbolChunk, text } from './chunk.ts';
import type { Context } from './context.ts';
import { gnuHashTable, sysvHashTable } from './hash-tables.ts';
import type { Chunk, Layout } from './layout.ts';
import {
  GOT_PLT_RESERVED,
  gotSlots,
  jmprelHasAddend,
  packedTable,
  relocationTable,
  relrTable,
} from './relocation-tables.ts';
import type { RelocationSpec } from './spec.ts';
import { symbolTable } from './symbol-tables.ts';
import { verdefTable, verneedTable, versymTable } from './version-tables.ts';

const { ALLOC } = SHF;

/** What the loader reads and never writes. */
export function readOnlyChunks(context: Context): Chunk[] {
  const { spec, encoding, symbols, versions, machine } = context;
  const word = encoding.is64 ? 8 : 4;
  const { hash = 'gnu' } = spec;
  const found: Chunk[] = [];
  if (spec.interpreter !== undefined) {
    found.push(chunk('.interp', SHT.PROGBITS, ALLOC, raw(text(`${spec.interpreter}\0`))));
  }
  found.push(...noteChunks(context, ALLOC));
  if (spec.static) return found;
  const link = '.dynsym';
  if (hash === 'sysv' || hash === 'both') {
    const entrySize = encoding.is64 && (machine === EM.ALPHA || machine === EM.S390) ? 8 : 4;
    found.push(
      chunk('.hash', SHT.HASH, ALLOC, () => sysvHashTable(context), { align: word, entrySize, link }),
    );
  }
  if (hash === 'gnu' || hash === 'both') {
    found.push(chunk('.gnu.hash', SHT.GNU_HASH, ALLOC, () => gnuHashTable(context), { align: word, link }));
  }
  const dynsym = (layout: Layout) => symbolTable(context, 'dynsym', symbols, context.dynstr, layout);
  found.push(symbolChunk(context, '.dynsym', SHT.DYNSYM, ALLOC, symbols, '.dynstr', dynsym));
  found.push(chunk('.dynstr', SHT.STRTAB, ALLOC, () => context.dynstr.block()));
  const { definitions, needs } = versions;
  if (definitions.length + needs.length > 0) {
    const versym = () => versymTable(context);
    found.push(chunk('.gnu.version', SHT.GNU_versym, ALLOC, versym, { align: 2, entrySize: 2, link }));
  }
  const versionOptions = (info: number) => ({ align: word, link: '.dynstr', info });
  if (definitions.length > 0) {
    const options = versionOptions(definitions.length);
    found.push(chunk('.gnu.version_d', SHT.GNU_verdef, ALLOC, () => verdefTable(context), options));
  }
  if (needs.length > 0) {
    const options = versionOptions(needs.length);
    found.push(chunk('.gnu.version_r', SHT.GNU_verneed, ALLOC, () => verneedTable(context), options));
  }
  return [...found, ...relocationChunks(context)];
}

function relocationChunks(context: Context): Chunk[] {
  const { spec, encoding, symbols } = context;
  const word = encoding.is64 ? 8 : 4;
  const link = '.dynsym';
  const found: Chunk[] = [];
  const { rel, rela, jmprel } = spec;
  const table = (
    name: string,
    label: string,
    entries: readonly RelocationSpec[],
    hasAddend: boolean,
    plt: boolean,
  ) => {
    const type = hasAddend ? SHT.RELA : SHT.REL;
    const reserved = plt ? GOT_PLT_RESERVED : hasAddend ? gotSlots(context, 'rel') : 0;
    const contents = (layout: Layout) => {
      const slot = layout.address(plt ? '.got.plt' : '.got') + BigInt(word * reserved);
      return relocationTable(context, label, entries, hasAddend, symbols, slot);
    };
    const options = { align: word, entrySize: word * (hasAddend ? 3 : 2), link };
    const flags = plt ? ALLOC | SHF.INFO_LINK : ALLOC;
    found.push(chunk(name, type, flags, contents, plt ? { ...options, info: '.got.plt' } : options));
  };
  if (rel) table('.rel.dyn', 'rel', rel, false, false);
  if (rela) table('.rela.dyn', 'rela', rela, true, false);
  if (jmprel) {
    const hasAddend = jmprelHasAddend(context);
    table(hasAddend ? '.rela.plt' : '.rel.plt', 'jmprel', jmprel, hasAddend, true);
  }
  if (spec.relr) {
    const options = { align: word, entrySize: word };
    found.push(chunk('.relr.dyn', SHT.RELR, ALLOC, (layout) => relrTable(context, layout), options));
  }
  const { androidRel, androidRela } = spec;
  const packed = { align: 4, entrySize: 1, link };
  if (androidRel) {
    found.push(chunk('.rel.android', SHT.ANDROID_REL, ALLOC, () => packedTable(context, androidRel), packed));
  }
  if (androidRela) {
    found.push(
      chunk('.rela.android', SHT.ANDROID_RELA, ALLOC, () => packedTable(context, androidRela), packed),
    );
  }
  return found;
}
