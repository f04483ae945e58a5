import { Type } from 'typebox';
import { countSchema, strict } from './strict.ts';

const text = (description?: string) => Type.String(description === undefined ? {} : { description });
const texts = (description?: string) =>
  Type.Array(Type.String(), description === undefined ? {} : { description });
const optional = (description: string) => Type.Optional(text(description));
const hex = (description?: string) =>
  Type.String({ pattern: '^0x[0-9a-f]+$', ...(description === undefined ? {} : { description }) });

const header = strict(
  {
    class: Type.Enum([32, 64]),
    byteOrder: Type.Enum(['little', 'big']),
    type: text('e_type without ET_'),
    machine: text('e_machine without EM_'),
    osAbi: text('EI_OSABI without ELFOSABI_'),
    abiVersion: countSchema(),
    flags: hex('e_flags'),
    entry: hex('e_entry'),
  },
  'the ELF header',
);

const content = strict(
  {
    buildId: optional('NT_GNU_BUILD_ID in hexadecimal'),
    abiTag: Type.Optional(strict({ os: text(), version: text('the oldest kernel it runs on') })),
    properties: Type.Array(strict({ type: countSchema(), name: text(), values: texts() })),
    package: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'package metadata' })),
    dlopen: Type.Array(
      strict({
        soname: texts(),
        feature: optional('what for'),
        description: optional('why'),
        priority: optional('how much'),
      }),
      { description: 'what it says it opens at run time' },
    ),
    linker: optional('NT_GNU_GOLD_VERSION'),
  },
  'what the notes say',
);

const debug = strict({
  stripped: Type.Boolean({ description: 'there is no .symtab' }),
  dwarf: Type.Boolean({ description: 'there is .debug_info' }),
  miniDebugInfo: Type.Boolean({ description: 'there is .gnu_debugdata' }),
  debugLink: Type.Optional(strict({ file: text(), crc: hex() })),
});

const symbol = strict({
  name: text('as the file spells it'),
  version: optional('the version it is defined or needed with'),
  isDefault: Type.Optional(Type.Boolean({ description: 'for a version of this file: @@ and not @' })),
  file: optional('for a version of another file: the DT_NEEDED name of that file'),
  type: text('STT_ name without the prefix'),
  binding: text('STB_ name without the prefix'),
  visibility: text('STV_ name without the prefix'),
  other: Type.Optional(hex('st_other without the visibility')),
  section: Type.Union([countSchema(), Type.String()], { description: 'section index, or UND, ABS, COM' }),
  value: hex(),
  size: countSchema('bytes'),
});

const relocations = Type.Array(
  strict({
    table: text('dynamic tag or section'),
    offset: hex('file offset'),
    entries: countSchema('for DT_RELR the words, which stand for more relocations'),
    types: Type.Record(Type.String(), countSchema(), { description: 'number of relocations by type' }),
  }),
);

const dynamic = strict(
  {
    soname: optional('DT_SONAME'),
    needed: texts('DT_NEEDED in order'),
    auxiliary: texts('DT_AUXILIARY'),
    filters: texts('DT_FILTER'),
    rpath: optional('DT_RPATH'),
    runpath: optional('DT_RUNPATH'),
    symbolic: Type.Boolean({ description: 'DT_SYMBOLIC or DF_SYMBOLIC' }),
    flags: texts('DT_FLAGS, names without DF_'),
    flags1: texts('DT_FLAGS_1, names without DF_1_'),
    entries: Type.Array(
      strict({ tag: text('without DT_'), value: hex(), text: optional('the string it points to') }),
    ),
    versionDefinitions: Type.Array(
      strict({
        name: text(),
        index: countSchema(),
        base: Type.Boolean(),
        weak: Type.Boolean(),
        parents: texts(),
      }),
    ),
    versionNeeds: Type.Array(
      strict({
        file: text(),
        versions: Type.Array(strict({ name: text(), index: countSchema(), weak: Type.Boolean() })),
      }),
    ),
    relocations,
    symbols: Type.Array(symbol, {
      description: 'DT_SYMTAB without the null symbol, in the order of the file',
    }),
  },
  'what the dynamic loader sees, from PT_DYNAMIC alone',
);

const functions = (description: string) =>
  Type.Array(strict({ address: hex(), name: optional('of a symbol with this address') }), { description });
const oneFunction = (description: string) =>
  Type.Optional(strict({ address: hex(), name: optional('of a symbol with this address') }, description));

const elfFields = {
  path: text('as it was given; of a member: ARCHIVE(MEMBER)'),
  format: Type.Literal('elf'),
  size: countSchema('bytes'),
  kind: Type.Enum([
    'shared-object',
    'pie',
    'static-pie',
    'executable',
    'static-executable',
    'relocatable',
    'core',
    'debug-file',
    'other',
  ]),
  header,
  interpreter: optional('PT_INTERP'),
  content,
  comments: texts('.comment'),
  debug,
  notes: Type.Array(strict({ owner: text(), type: text(), size: countSchema('bytes of the descriptor') })),
  dynamic: Type.Optional(dynamic),
  initFini: strict({
    init: oneFunction('DT_INIT'),
    fini: oneFunction('DT_FINI'),
    preinitArray: functions('DT_PREINIT_ARRAY'),
    initArray: functions('DT_INIT_ARRAY'),
    finiArray: functions('DT_FINI_ARRAY'),
  }),
  tls: Type.Optional(
    strict({
      size: countSchema('bytes'),
      initialized: countSchema('of these, with an initial value in the file'),
      align: countSchema(),
      staticTls: Type.Boolean({ description: 'DF_STATIC_TLS' }),
    }),
  ),
  hardening: Type.Optional(
    strict({
      positionIndependent: Type.Boolean(),
      relro: Type.Enum(['none', 'partial', 'full']),
      executableStack: Type.Enum(['yes', 'no', 'unstated'], { description: 'unstated: no PT_GNU_STACK' }),
      bindNow: Type.Boolean(),
      textRelocations: Type.Boolean(),
    }),
  ),
  segments: Type.Array(
    strict({
      type: text('without PT_'),
      flags: text('R, W, E'),
      offset: hex(),
      address: hex(),
      fileSize: countSchema(),
      memorySize: countSchema(),
      align: countSchema(),
    }),
  ),
  sections: Type.Array(
    strict({
      index: countSchema(),
      name: text(),
      type: text('without SHT_'),
      flags: texts('without SHF_'),
      address: hex(),
      offset: hex(),
      size: countSchema(),
      link: countSchema(),
      info: countSchema(),
      align: countSchema(),
      entrySize: countSchema(),
    }),
  ),
  groups: Type.Array(
    strict({
      signature: text(),
      comdat: Type.Boolean(),
      members: Type.Array(countSchema(), { description: 'section indexes' }),
    }),
  ),
  sectionRelocations: relocations,
  symbolTable: Type.Optional(
    strict(
      { count: countSchema('with the null symbol'), symbols: Type.Optional(Type.Array(symbol)) },
      '.symtab; its symbols in an object file, and with --symtab',
    ),
  ),
};

const member = strict({
  name: text(),
  offset: hex('of its header in the archive'),
  size: countSchema('bytes'),
  elf: Type.Optional(strict(elfFields, 'absent: no ELF file, or it could not be read')),
});

const archive = strict({
  path: text('as it was given'),
  format: Type.Literal('archive'),
  size: countSchema('bytes'),
  thin: Type.Boolean(),
  indexEntries: Type.Optional(countSchema('entries of the symbol index')),
  members: Type.Array(member),
});

/** `inspect` */
export const inspectFacts = strict({ files: Type.Array(Type.Union([strict(elfFields), archive])) });
