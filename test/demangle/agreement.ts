import { demangle } from '../../src/demangle/index.ts';
import { explain } from './known-differences.ts';
import { filter, type Style } from './tools.ts';

/** How our text of some names compares with a tool's. */
export interface Agreement {
  /** Names on which both print the same. */
  readonly same: number;
  /** Of these the ones that both leave as they are. */
  readonly unchanged: number;
  /** Differences by the reason for which the tool is wrong. */
  readonly explained: ReadonlyMap<string, number>;
  /** `NAME: TOOL <> OURS`, for the differences that are ours. */
  readonly differences: readonly string[];
}

const BATCH = 100_000;

/** Compares names with the tool of a style, in batches through one process each. */
export function compare(style: Style, names: readonly string[]): Agreement {
  let same = 0;
  let unchanged = 0;
  const explained = new Map<string, number>();
  const differences: string[] = [];
  for (let start = 0; start < names.length; start += BATCH) {
    const batch = names.slice(start, start + BATCH);
    const printed = filter(style, batch);
    for (const [index, name] of batch.entries()) {
      const tool = printed[index]!;
      const ours = demangle(name, { style });
      if (ours === tool) {
        same++;
        if (ours === name) unchanged++;
        continue;
      }
      const reason = explain(style, name, tool)?.reason;
      if (reason === undefined) differences.push(`${name}: ${tool} <> ${ours}`);
      else explained.set(reason, (explained.get(reason) ?? 0) + 1);
    }
  }
  return { same, unchanged, explained, differences };
}
