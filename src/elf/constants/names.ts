/** A table of codes in the specification's spelling, without the common prefix: `DT.NEEDED` is `DT_NEEDED`. */
export type CodeTable = Readonly<Record<string, number>>;

/**
 * The look-up from code to name, `DT_NEEDED` for 1. Where two names share a code, the first one wins.
 * Unknown codes survive as numbers: the look-up gives `0x6ffffabc` in hexadecimal.
 */
export function nameLookup(prefix: string, table: CodeTable): (code: number) => string {
  let names: Map<number, string> | undefined;
  return (code) => {
    names ??= namesByCode(prefix, table);
    return names.get(code) ?? `0x${code.toString(16)}`;
  };
}

function namesByCode(prefix: string, table: CodeTable): Map<number, string> {
  const names = new Map<number, string>();
  for (const [name, code] of Object.entries(table)) {
    if (!names.has(code)) names.set(code, prefix + name);
  }
  return names;
}

/** The names of the bits that are set in `value`; bits without a name come last, as one hexadecimal number. */
export function flagNames(table: CodeTable, value: number): string[] {
  const found: string[] = [];
  let rest = value >>> 0;
  for (const [name, bit] of Object.entries(table)) {
    if (bit !== 0 && (rest & bit) >>> 0 === bit) {
      found.push(name);
      rest = (rest & ~bit) >>> 0;
    }
  }
  if (rest !== 0) found.push(`0x${rest.toString(16)}`);
  return found;
}
