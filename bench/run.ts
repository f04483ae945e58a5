/**
 * Compares solder with other tools at the same job: `npm run bench [-- NAME... [--record]]`. Prints medians and
 * writes them to build/bench/NAME.json; `--record` writes them to bench/recorded/NAME.json as well, which later
 * runs are compared with. Timings are shown, never judged: the exit status is 0, or 2 for wrong usage.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { didYouMean } from '../src/cli/suggest.ts';
import { runRace } from './race.ts';
import { changes, makeRecord, readRecord, writeRecord } from './record.ts';
import { renderTable } from './table.ts';
import type { Task } from './task.ts';
import { TASKS } from './tasks.ts';

const BENCH = new URL('.', import.meta.url).pathname;
const BUILD = join(BENCH, '../build/bench');

async function runTask(task: Task, recording: boolean): Promise<void> {
  const { name, description, targets, runs } = task;
  console.log(`${name}: ${description}`);
  const scratch = join(BUILD, name);
  mkdirSync(scratch, { recursive: true });
  const race = task.prepare(scratch);
  if (!race) {
    console.log('nothing to work on here\n');
    return;
  }
  console.log(`input: ${race.input}\npromised: ${targets}\n`);
  const results = await runRace(race, runs, (step) => console.error(`bench: ${name}, ${step}`));
  const record = makeRecord(name, race.input, results);
  console.log(`${renderTable(record)}\n`);
  const recorded = join(BENCH, 'recorded', `${name}.json`);
  const before = readRecord(recorded);
  if (before) for (const line of changes(before, record)) console.log(line);
  writeRecord(join(BUILD, `${name}.json`), record);
  if (recording && results[0]!.figures) writeRecord(recorded, record);
  else if (recording) console.error(`bench: ${name} is not recorded, since solder itself did not run`);
}

/** The tasks that were asked for, all without a name; undefined, with a message, for wrong usage. */
function chosenTasks(names: readonly string[]): readonly Task[] | undefined {
  const known = TASKS.map((task) => task.name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown === undefined) return TASKS.filter(({ name }) => names.length === 0 || names.includes(name));
  console.error(`bench: no task '${unknown}'${didYouMean(unknown, known)}\ntasks: ${known.join(', ')}`);
  return undefined;
}

function parse(): { names: string[]; record: boolean } | undefined {
  try {
    const { positionals, values } = parseArgs({
      allowPositionals: true,
      options: { record: { type: 'boolean', default: false } },
    });
    return { names: positionals, record: values.record };
  } catch (error) {
    console.error(`bench: ${(error as Error).message}\nusage: npm run bench [-- NAME... [--record]]`);
    return undefined;
  }
}

const options = parse();
const chosen = options && chosenTasks(options.names);
if (options && chosen) for (const task of chosen) await runTask(task, options.record);
else process.exitCode = 2;
