/** Standard opcodes of line number programs (DWARF 5, table 7.25). */
export const DW_LNS = {
  extended: 0,
  copy: 1,
  advance_pc: 2,
  advance_line: 3,
  set_file: 4,
  set_column: 5,
  negate_stmt: 6,
  set_basic_block: 7,
  const_add_pc: 8,
  fixed_advance_pc: 9,
  set_prologue_end: 10,
  set_epilogue_begin: 11,
  set_isa: 12,
} as const;

/** Extended opcodes (DWARF 5, table 7.26). */
export const DW_LNE = { end_sequence: 1, set_address: 2, define_file: 3, set_discriminator: 4 } as const;

/** Contents of an entry of a directory or file table (DWARF 5, table 7.27). */
export const DW_LNCT = { path: 1, directory_index: 2 } as const;

/** The forms that a line table may use (DWARF 5, 6.2.4.1 and table 7.6). */
export const DW_FORM = {
  block: 0x09,
  data1: 0x0b,
  data2: 0x05,
  data4: 0x06,
  data8: 0x07,
  string: 0x08,
  strp: 0x0e,
  udata: 0x0f,
  data16: 0x1e,
  line_strp: 0x1f,
} as const;
