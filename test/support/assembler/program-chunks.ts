import { SHF, SHT } from '../../../src/elf/index.ts';
import { chunk, NOTHING, raw } from './chunk.ts';
import type { Context } from './context.ts';
import { dynamicTable } from './dynamic-table.ts';
import type { Chunk, Layout } from './layout.ts';
import { GOT_PLT_RESERVED, gotSlots } from './relocation-tables.ts';
import { functionAddress } from './symbol-tables.ts';
import { type Value, Writer } from './writer.ts';

const { ALLOC, WRITE, EXECINSTR, TLS } = SHF;

/** A section for the symbols that are given a place in it; none where there are no bytes to hold. */
function room({ places }: Context, name: string, flags: number, least = 0, fill = 0): Chunk[] {
  const bytes = Math.max(least, places.sizes.get(name) ?? 0);
  if (bytes === 0) return [];
  const align = name === '.text' ? 16 : 8;
  if (name.endsWith('bss')) return [chunk(name, SHT.NOBITS, flags, NOTHING, { align, memorySize: bytes })];
  return [chunk(name, SHT.PROGBITS, flags, raw(new Uint8Array(bytes).fill(fill)), { align })];
}

const RET = 0xc3; // on x86-64, so that a call comes back

/** Code and thread-local data. */
export function codeChunks(context: Context): Chunk[] {
  const { spec } = context;
  return [
    ...room(context, '.text', ALLOC | EXECINSTR, spec.textSize, RET),
    ...room(context, '.tdata', ALLOC | WRITE | TLS, spec.tdataSize),
    ...room(context, '.tbss', ALLOC | WRITE | TLS, spec.tbssSize),
  ];
}

/** Variables, and the words that DT_RELR relocates. */
export function dataChunks(context: Context): Chunk[] {
  const { spec } = context;
  const relocated = Math.max(0, ...(spec.relr ?? []).map((offset) => offset + 8));
  return [
    ...room(context, '.data', ALLOC | WRITE, Math.max(relocated, spec.dataSize ?? 0)),
    ...room(context, '.bss', ALLOC | WRITE, spec.bssSize),
  ];
}

/** Tables that the loader writes to. */
export function writableChunks(context: Context): Chunk[] {
  const { spec, encoding } = context;
  const word = encoding.is64 ? 8 : 4;
  const flags = ALLOC | WRITE;
  const found: Chunk[] = [];
  const functions = (
    name: string,
    label: string,
    type: number,
    entries: readonly (string | Value)[] = [],
  ) => {
    if (entries.length === 0) return;
    const contents = (layout: Layout) => {
      const writer = new Writer(encoding);
      for (const [index, entry] of entries.entries()) {
        writer.word(functionAddress(context, entry, layout), `${label}.${index}`);
      }
      return writer.block();
    };
    found.push(chunk(name, type, flags, contents, { align: word, entrySize: word }));
  };
  functions('.preinit_array', 'preinit_array', SHT.PREINIT_ARRAY, spec.preinitArray);
  functions('.init_array', 'init_array', SHT.INIT_ARRAY, spec.initArray);
  functions('.fini_array', 'fini_array', SHT.FINI_ARRAY, spec.finiArray);
  if (!spec.static) {
    const options = { align: word, entrySize: 2 * word, link: '.dynstr' };
    found.push(chunk('.dynamic', SHT.DYNAMIC, flags, (layout) => dynamicTable(context, layout), options));
  }
  const got = (name: string, slots: number) => {
    if (slots === 0) return;
    found.push(
      chunk(name, SHT.PROGBITS, flags, raw(new Uint8Array(word * slots)), { align: word, entrySize: word }),
    );
  };
  got('.got', gotSlots(context, 'rel') + gotSlots(context, 'rela'));
  got('.got.plt', spec.jmprel ? GOT_PLT_RESERVED + gotSlots(context, 'jmprel') : 0);
  return found;
}
