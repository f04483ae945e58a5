/** A range of a process's memory that a file, or the kernel, stands behind (proc(5), /proc/PID/maps). */
export interface Mapping {
  readonly start: bigint;
  readonly end: bigint;
  readonly executable: boolean;
  /** File offset of `start`. */
  readonly offset: bigint;
  /** Path of the file, `[stack]` and the like; empty for anonymous memory. */
  readonly path: string;
}

/** A newline in a path is written as `\012`. */
const LINE = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) ([0-9a-f]+) \S+ \d+ *(.*)$/;

export function parseMappings(text: string): Mapping[] {
  return text.split('\n').flatMap((line) => {
    const [, start, end, permissions, offset, path] = LINE.exec(line) ?? [];
    if (start === undefined) return [];
    return {
      start: BigInt(`0x${start}`),
      end: BigInt(`0x${end}`),
      executable: permissions![2] === 'x',
      offset: BigInt(`0x${offset}`),
      path: path!.replaceAll('\\012', '\n'),
    };
  });
}

/** The mapping that holds an address. Mappings stand in the order of their addresses and do not overlap. */
export function mappingAt(mappings: readonly Mapping[], address: bigint): Mapping | undefined {
  let low = 0;
  let high = mappings.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (mappings[middle]!.end <= address) low = middle + 1;
    else high = middle;
  }
  const found = mappings[low];
  return found !== undefined && found.start <= address ? found : undefined;
}
