import { DT } from '../../../src/elf/index.ts';
import type { Context } from './context.ts';
import type { Layout } from './layout.ts';
import { jmprelHasAddend } from './relocation-tables.ts';
import { functionAddress } from './symbol-tables.ts';
import { type Block, type Value, Writer } from './writer.ts';

const TAG_NAMES = new Map<number, string>(Object.entries(DT).map(([name, tag]) => [tag, name]));

/** The dynamic section, in GNU ld's order, DT_NULL last. */
export function dynamicTable(context: Context, layout: Layout): Block {
  const { spec, encoding, dynstr, versions } = context;
  const writer = new Writer(encoding);
  const word = encoding.is64 ? 8 : 4;
  const add = (tag: number, value: Value | undefined) => {
    if (value === undefined) return;
    const label = `dynamic.${TAG_NAMES.get(tag) ?? `0x${tag.toString(16)}`}`;
    writer.word(tag, `${label}.d_tag`).word(value, `${label}.d_val`);
  };
  const addText = (tag: number, text: string | undefined) =>
    add(tag, text === undefined ? undefined : dynstr.offset(text));
  const addTable = (section: string, tag: number, sizeTag?: number) => {
    if (layout.section(section) === undefined) return;
    add(tag, layout.address(section));
    if (sizeTag !== undefined) add(sizeTag, layout.size(section));
  };
  for (const file of spec.needed ?? []) addText(DT.NEEDED, file);
  addText(DT.SONAME, spec.soname);
  addText(DT.RPATH, spec.rpath);
  addText(DT.RUNPATH, spec.runpath);
  if (spec.init !== undefined) add(DT.INIT, functionAddress(context, spec.init, layout));
  if (spec.fini !== undefined) add(DT.FINI, functionAddress(context, spec.fini, layout));
  addTable('.preinit_array', DT.PREINIT_ARRAY, DT.PREINIT_ARRAYSZ);
  addTable('.init_array', DT.INIT_ARRAY, DT.INIT_ARRAYSZ);
  addTable('.fini_array', DT.FINI_ARRAY, DT.FINI_ARRAYSZ);
  addTable('.hash', DT.HASH);
  addTable('.gnu.hash', DT.GNU_HASH);
  addTable('.dynstr', DT.STRTAB);
  addTable('.dynsym', DT.SYMTAB);
  add(DT.STRSZ, layout.size('.dynstr'));
  add(DT.SYMENT, encoding.is64 ? 24 : 16);
  if (spec.jmprel) {
    const hasAddend = jmprelHasAddend(context);
    const section = hasAddend ? '.rela.plt' : '.rel.plt';
    addTable('.got.plt', DT.PLTGOT);
    add(DT.PLTRELSZ, layout.size(section));
    add(DT.PLTREL, hasAddend ? DT.RELA : DT.REL);
    addTable(section, DT.JMPREL);
  }
  if (spec.rela) {
    addTable('.rela.dyn', DT.RELA, DT.RELASZ);
    add(DT.RELAENT, 3 * word);
  }
  if (spec.rel) {
    addTable('.rel.dyn', DT.REL, DT.RELSZ);
    add(DT.RELENT, 2 * word);
  }
  if (spec.relr) {
    addTable('.relr.dyn', DT.RELR, DT.RELRSZ);
    add(DT.RELRENT, word);
  }
  addTable('.rel.android', DT.ANDROID_REL, DT.ANDROID_RELSZ);
  addTable('.rela.android', DT.ANDROID_RELA, DT.ANDROID_RELASZ);
  add(DT.FLAGS, spec.dynamicFlags);
  add(DT.FLAGS_1, spec.dynamicFlags1);
  addTable('.gnu.version_d', DT.VERDEF);
  if (versions.definitions.length > 0) add(DT.VERDEFNUM, versions.definitions.length);
  addTable('.gnu.version_r', DT.VERNEED);
  if (versions.needs.length > 0) add(DT.VERNEEDNUM, versions.needs.length);
  addTable('.gnu.version', DT.VERSYM);
  for (const { tag, value } of spec.dynamic ?? []) {
    if (typeof value === 'string') addText(tag, value);
    else add(tag, value);
  }
  return writer.word(DT.NULL, 'dynamic.NULL.d_tag').word(0, 'dynamic.NULL.d_val').block();
}
