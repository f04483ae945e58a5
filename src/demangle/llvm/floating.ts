/**
 * A floating-point literal, which is mangled as the hexadecimal digits of its representation, as printf's %a
 * writes it; undefined when `digits` are not those of one. `code`: f, d or e (x86 extended, 80 bits).
 */
export function floatingLiteral(digits: string, code: string): string | undefined {
  if (code === 'f') return digits.length === 8 ? single(digits) : undefined;
  if (code === 'd') return digits.length === 16 ? double(digits) : undefined;
  return digits.length === 20 ? extended(digits) : undefined;
}

function single(digits: string): string | undefined {
  const value = hexadecimal(digits);
  if (value === undefined) return undefined;
  const view = new DataView(new ArrayBuffer(8));
  view.setUint32(0, Number(value));
  view.setFloat64(0, view.getFloat32(0));
  return `${fromBits(view.getBigUint64(0))}f`;
}

function double(digits: string): string | undefined {
  const value = hexadecimal(digits);
  return value === undefined ? undefined : fromBits(value);
}

function fromBits(bits: bigint): string {
  const sign = bits >> 63n === 1n ? '-' : '';
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  if (exponent === 0x7ff) return `${sign}${fraction === 0n ? 'inf' : 'nan'}`;
  const tail = fraction.toString(16).padStart(13, '0').replace(/0+$/, '');
  const lead = exponent === 0 ? 0 : 1;
  const power = exponent === 0 ? (fraction === 0n ? 0 : -1022) : exponent - 1023;
  return `${sign}0x${lead}${tail === '' ? '' : `.${tail}`}p${power < 0 ? '' : '+'}${power}`;
}

/** The 64 bits of an extended mantissa begin with its integer bit, so that four of them lead. */
function extended(digits: string): string | undefined {
  const bits = hexadecimal(digits);
  if (bits === undefined) return undefined;
  const sign = bits >> 79n === 1n ? '-' : '';
  const exponent = Number((bits >> 64n) & 0x7fffn);
  const mantissa = bits & 0xffffffffffffffffn;
  if (exponent === 0x7fff) return `${sign}${mantissa << 1n === 1n << 64n ? 'inf' : 'nan'}L`;
  if (mantissa === 0n) return `${sign}0x0p+0L`;
  const text = mantissa.toString(16).padStart(16, '0');
  const tail = text.slice(1).replace(/0+$/, '');
  const power = (exponent === 0 ? 1 : exponent) - 16383 - 3;
  return `${sign}0x${text[0]}${tail === '' ? '' : `.${tail}`}p${power < 0 ? '' : '+'}${power}L`;
}

function hexadecimal(digits: string): bigint | undefined {
  return /^[0-9a-f]+$/.test(digits) ? BigInt(`0x${digits}`) : undefined;
}
