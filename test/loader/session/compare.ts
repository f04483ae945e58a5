import type { DlCall } from '../../../src/model/index.ts';
import type { Run, Step } from './observe.ts';

const TABLES = ['maps', 'initialised', 'finalised', 'unloaded', 'bindings'] as const;

/**
 * Where a prediction and a real run differ, a line each: `-` for what only the real process has, `+` for what only
 * the simulated one has, `~` for the first row that stands in another place. The first step that differs ends the
 * comparison: what follows differs for that reason.
 */
export function runDifferences(predicted: Run, real: Run, calls: readonly DlCall[]): string[] {
  const count = Math.max(predicted.steps.length, real.steps.length);
  for (let at = 0; at < count; at++) {
    const what = at === 0 ? 'start' : at > calls.length ? 'exit' : JSON.stringify(calls[at - 1]);
    const [mine, theirs] = [predicted.steps[at], real.steps[at]];
    if (mine === undefined || theirs === undefined) {
      const side = mine === undefined ? 'simulated' : 'real';
      return [`${what}: the ${side} process has ended before: ${predicted.lastWords} / ${real.lastWords}`];
    }
    const found = stepDifferences(mine, theirs, calls[at - 1]);
    if (found.length > 0) return found.map((line) => `${at} ${what}: ${line}`);
  }
  const words = real.lastWords?.replace(/^.*?: (symbol lookup error: )/, '$1').replace(/\.c: \d+:/, '.c:');
  return words === predicted.lastWords ? [] : [`- ${words}`, `+ ${predicted.lastWords}`];
}

/** What dlsym(3) found is read off the trace: a thread-local symbol's address is in no object. */
function stepDifferences(mine: Step, theirs: Step, call: DlCall | undefined): string[] {
  const lines: string[] = [];
  const isLookup = call?.call === 'dlsym';
  let { result } = theirs;
  if (isLookup && result.startsWith('found')) {
    const traced = theirs
      .lookups!.map((row) => row.split('\t'))
      .findLast(([, symbol]) => symbol === call.symbol);
    if (traced) result = `found ${traced[3]}`;
  }
  if (mine.result !== result) lines.push(`- ${result}`, `+ ${mine.result}`);
  for (const table of TABLES) {
    if (isLookup && table === 'bindings') continue;
    // A failed open takes back what it has mapped.
    if (result.startsWith('refused') && table === 'unloaded') continue;
    lines.push(...tableDifferences(table, mine[table], theirs[table]));
  }
  return lines;
}

function tableDifferences(table: string, mine: readonly string[], theirs: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const row of mine) counts.set(row, (counts.get(row) ?? 0) + 1);
  for (const row of theirs) counts.set(row, (counts.get(row) ?? 0) - 1);
  const row = (mark: string, text: string) => `${mark} ${table}: ${text.replaceAll('\t', ' ')}`;
  const lines = [...counts].flatMap(([text, count]) =>
    count === 0 ? [] : [row(count > 0 ? '+' : '-', text)],
  );
  const moved = lines.length > 0 ? -1 : mine.findIndex((text, index) => text !== theirs[index]);
  if (moved < 0) return lines;
  return [row('~', `${mine[moved]}; really ${theirs[moved]}`)];
}
