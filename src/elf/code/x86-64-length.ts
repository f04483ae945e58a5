/** One instruction, as far as its length and its operands in memory ask for. */
export interface Instruction {
  length: number;
  /** 0: one-byte opcodes; 1: 0F; 2: 0F 38; 3: 0F 3A; above: those of VEX and EVEX alone. */
  map: number;
  opcode: number;
  /** REX as written; VEX and EVEX leave it 0. */
  rex: number;
  /** The mandatory or operand-size prefix 66 stands in front. */
  operand16: boolean;
  /** -1 without ModRM. */
  modrm: number;
  /** Offset of the displacement, and its size in bytes: 0, 1 or 4. */
  displacementAt: number;
  displacementSize: number;
  /** Offset of the immediate operand, and its size in bytes. */
  immediateAt: number;
  immediateSize: number;
}

const NONE = 0;
const MODRM = 1;
const IMM8 = 2;
/** Two bytes after the prefix 66, otherwise four. */
const IMM32 = 4;
const IMM16 = 8;
/** Eight bytes with REX.W. */
const IMM64 = 16;
const MOFFS = 32;
const BAD = 128;

/** Form of each one-byte opcode (Intel SDM, volume 2, appendix A, table A-2) in 64-bit mode. */
const ONE_BYTE = oneByteForms();

function oneByteForms(): Uint8Array {
  const forms = new Uint8Array(256);
  const set = (first: number, last: number, form: number) => forms.fill(form, first, last + 1);
  for (let row = 0; row < 0x40; row += 8) {
    set(row, row + 3, MODRM);
    forms[row + 4] = IMM8;
    forms[row + 5] = IMM32;
    set(row + 6, row + 7, BAD);
  }
  set(0x60, 0x62, BAD);
  forms[0x63] = MODRM;
  forms[0x68] = IMM32;
  forms[0x69] = MODRM | IMM32;
  forms[0x6a] = IMM8;
  forms[0x6b] = MODRM | IMM8;
  set(0x70, 0x7f, IMM8);
  forms[0x80] = MODRM | IMM8;
  forms[0x81] = MODRM | IMM32;
  forms[0x82] = BAD;
  forms[0x83] = MODRM | IMM8;
  set(0x84, 0x8f, MODRM);
  forms[0x9a] = BAD;
  set(0xa0, 0xa3, MOFFS);
  forms[0xa8] = IMM8;
  forms[0xa9] = IMM32;
  set(0xb0, 0xb7, IMM8);
  set(0xb8, 0xbf, IMM64);
  set(0xc0, 0xc1, MODRM | IMM8);
  forms[0xc2] = IMM16;
  forms[0xc6] = MODRM | IMM8;
  forms[0xc7] = MODRM | IMM32;
  forms[0xc8] = IMM16 | IMM8;
  forms[0xca] = IMM16;
  forms[0xcd] = IMM8;
  forms[0xce] = BAD;
  set(0xd0, 0xd3, MODRM);
  set(0xd4, 0xd6, BAD);
  set(0xd8, 0xdf, MODRM);
  set(0xe0, 0xe7, IMM8);
  // The displacement of a near branch has four bytes whatever the prefix: 64-bit mode, Intel's processors.
  set(0xe8, 0xe9, IMM32);
  forms[0xea] = BAD;
  forms[0xeb] = IMM8;
  set(0xf6, 0xf7, MODRM);
  set(0xfe, 0xff, MODRM);
  return forms;
}

/** Form of each opcode after 0F (table A-3). */
const TWO_BYTE = twoByteForms();

function twoByteForms(): Uint8Array {
  const forms = new Uint8Array(256).fill(MODRM);
  for (const opcode of [0x05, 0x06, 0x07, 0x08, 0x09, 0x0b, 0x0e, 0x77, 0xa0, 0xa1, 0xa2, 0xa8, 0xa9, 0xaa]) {
    forms[opcode] = NONE;
  }
  forms.fill(NONE, 0x30, 0x38);
  forms.fill(NONE, 0xc8, 0xd0);
  forms.fill(IMM32, 0x80, 0x90);
  for (const opcode of [0x0f, 0x70, 0x71, 0x72, 0x73, 0xa4, 0xac, 0xba, 0xc2, 0xc4, 0xc5, 0xc6]) {
    forms[opcode] = MODRM | IMM8;
  }
  return forms;
}

/** The form of an opcode of a map that VEX and EVEX can name. */
function formOf(map: number, opcode: number): number {
  switch (map) {
    case 0:
      return ONE_BYTE[opcode]!;
    case 1:
      return TWO_BYTE[opcode]!;
    case 3:
      return MODRM | IMM8;
    default:
      return MODRM;
  }
}

/**
 * Decodes the instruction at `at` into `into` (Intel SDM, volume 2, chapter 2). Bytes that are no instruction,
 * or one that ends after `end`, give a length of 1, so that a sweep goes on.
 */
export function decodeInstruction(bytes: Uint8Array, at: number, end: number, into: Instruction): void {
  let pos = at;
  into.rex = 0;
  into.operand16 = false;
  into.modrm = -1;
  into.map = 0;
  into.displacementSize = 0;
  into.immediateSize = 0;
  prefixes: for (; pos < end; pos++) {
    switch (bytes[pos]) {
      case 0x66:
        into.operand16 = true;
        break;
      case 0x26:
      case 0x2e:
      case 0x36:
      case 0x3e:
      case 0x64:
      case 0x65:
      case 0x67:
      case 0xf0:
      case 0xf2:
      case 0xf3:
        break;
      default:
        break prefixes;
    }
  }
  let opcode = bytes[pos++] ?? 0;
  if ((opcode & 0xf0) === 0x40) {
    into.rex = opcode;
    opcode = bytes[pos++] ?? 0;
  }
  if (opcode === 0x0f) {
    opcode = bytes[pos++] ?? 0;
    into.map = 1;
    if (opcode === 0x38 || opcode === 0x3a) {
      into.map = opcode === 0x38 ? 2 : 3;
      opcode = bytes[pos++] ?? 0;
    }
  } else if (opcode === 0xc5) {
    into.map = 1;
    pos += 1;
    opcode = bytes[pos++] ?? 0;
  } else if (opcode === 0xc4) {
    into.map = bytes[pos]! & 0x1f;
    pos += 2;
    opcode = bytes[pos++] ?? 0;
  } else if (opcode === 0x62) {
    into.map = bytes[pos]! & 0x07;
    pos += 3;
    opcode = bytes[pos++] ?? 0;
  }
  into.opcode = opcode;
  const form = formOf(into.map, opcode);
  if ((form & BAD) !== 0) {
    into.length = 1;
    return;
  }
  let immediate = immediateSize(form, into);
  if ((form & MODRM) !== 0) {
    const modrm = bytes[pos++] ?? 0;
    into.modrm = modrm;
    const mod = modrm >> 6;
    const rm = modrm & 7;
    if (mod !== 3) {
      let base = rm;
      if (rm === 4) base = (bytes[pos++] ?? 0) & 7;
      into.displacementSize = mod === 1 ? 1 : mod === 2 || base === 5 ? 4 : 0;
      into.displacementAt = pos;
      pos += into.displacementSize;
    }
    // TEST is the only one of its group with an immediate operand (table A-6, group 3).
    if (into.map === 0 && (opcode === 0xf6 || opcode === 0xf7) && ((modrm >> 3) & 7) < 2) {
      immediate = opcode === 0xf6 ? 1 : into.operand16 ? 2 : 4;
    }
  }
  into.immediateAt = pos;
  into.immediateSize = immediate;
  pos += immediate;
  into.length = pos > end ? 1 : pos - at;
}

function immediateSize(form: number, { operand16, rex, map, opcode }: Instruction): number {
  const wide = (rex & 8) !== 0;
  let size = 0;
  if ((form & IMM8) !== 0) size += 1;
  if ((form & IMM16) !== 0) size += 2;
  if ((form & IMM32) !== 0) {
    const isBranch = (map === 0 && (opcode === 0xe8 || opcode === 0xe9)) || map === 1;
    size += operand16 && !wide && !isBranch ? 2 : 4;
  }
  if ((form & IMM64) !== 0) size += wide ? 8 : operand16 ? 2 : 4;
  if ((form & MOFFS) !== 0) size += 8;
  return size;
}
