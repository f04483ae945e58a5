const EM_X86_64 = 62;
const EM_AARCH64 = 183;

/** The longest call instruction without prefixes that matter. */
export const LONGEST_CALL = 7;

/**
 * Whether code that ends where a return address points ends with a call. x86-64 (Intel SDM, CALL): E8 with four
 * bytes, or FF /2 with its operand of up to five. aarch64 (Arm ARM, C4.1): BL, BLR and its authenticated forms.
 * Of other processors nothing is known, so that everything may be a call.
 */
export function endsWithCall(code: Uint8Array, machine: number): boolean {
  const size = code.length;
  if (machine === EM_AARCH64) {
    if (size < 4) return false;
    const word = new DataView(code.buffer, code.byteOffset + size - 4, 4).getUint32(0, true);
    return word >>> 26 === 0b100101 || (word & 0xfefff000) >>> 0 === 0xd63f0000;
  }
  if (machine !== EM_X86_64) return true;
  if (code[size - 5] === 0xe8) return true;
  return [2, 3, 4, 6, 7].some((length) => {
    const [opcode, operand = 0, base = 0] = code.subarray(Math.max(0, size - length));
    return opcode === 0xff && ((operand >> 3) & 7) === 2 && 1 + operandSize(operand, base) === length;
  });
}

/** Bytes of a ModRM operand with what follows it (Intel SDM volume 2, 2.1.3). */
function operandSize(modrm: number, sib: number): number {
  const mode = modrm >> 6;
  const hasSib = mode !== 3 && (modrm & 7) === 4;
  const isAbsolute = mode === 0 && ((hasSib ? sib : modrm) & 7) === 5;
  const displacement = mode === 1 ? 1 : mode === 2 || isAbsolute ? 4 : 0;
  return 1 + (hasSib ? 1 : 0) + displacement;
}
