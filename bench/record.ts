import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Result } from './race.ts';

/** How much one contender costs for each unit that ours costs; absent for one that did not run. */
interface Ratios {
  readonly cpu: number;
  readonly wall: number;
  readonly peak: number;
}

/**
 * The outcome of one task, as it is written to disk. Seconds depend on the machine; ratios between programs
 * that ran side by side hardly do, so those are what a later run is compared with.
 */
export interface TaskRecord {
  readonly task: string;
  readonly input: string;
  readonly node: string;
  readonly results: readonly (Result & { readonly ratios?: Ratios })[];
}

export function makeRecord(task: string, input: string, results: readonly Result[]): TaskRecord {
  const base = results[0]?.figures;
  return {
    task,
    input,
    node: process.version,
    results: results.map((result) => {
      const { figures } = result;
      if (!base || !figures) return result;
      const ratio = (part: keyof Ratios): number => rounded(figures[part] / base[part]);
      return { ...result, ratios: { cpu: ratio('cpu'), wall: ratio('wall'), peak: ratio('peak') } };
    }),
  };
}

/** Three digits: more would claim a precision that timings do not have, and make every record differ. */
function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/**
 * What has changed since the record, a line for each peer in both: how its cost relates to ours, then and
 * now. A ratio that grew means that ours became cheaper.
 */
export function changes(before: TaskRecord, now: TaskRecord): string[] {
  return now.results.flatMap(({ name, ours, ratios }) => {
    const then = before.results.find((result) => result.name === name)?.ratios;
    if (ours || !ratios || !then) return [];
    const percent = Math.round((ratios.cpu / then.cpu - 1) * 100);
    const verdict =
      percent === 0 ? 'unchanged' : `ours ${percent > 0 ? 'better' : 'worse'} by ${Math.abs(percent)} %`;
    return [`CPU of ${name}: ${then.cpu} times ours when recorded, now ${ratios.cpu} (${verdict})`];
  });
}

export function readRecord(path: string): TaskRecord | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as TaskRecord) : undefined;
}

export function writeRecord(path: string, record: TaskRecord): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(record, null, 2)}\n`);
}
