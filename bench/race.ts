import { execFileSync } from 'node:child_process';
import { which } from './inputs.ts';
import { type Measurement, measure } from './measure.ts';
import { type Figures, summarize } from './statistics.ts';
import type { Contender, Peer, Race } from './task.ts';

/** How one contender did. */
export interface Result {
  readonly name: string;
  readonly ours: boolean;
  readonly version?: string;
  /** Absent when it did not do its work; `failure` says why. */
  readonly figures?: Figures;
  readonly failure?: string;
}

/**
 * Lets all contenders run in turn, A B C A B C, so that whatever else the machine does hits them alike. The
 * first round fills the caches and does not count. Who fails once, is out.
 */
export async function runRace(race: Race, runs: number, progress: (step: string) => void): Promise<Result[]> {
  const contenders: (Contender | Peer)[] = [...race.ours, ...race.peers];
  const measured = new Map<Contender, Measurement[]>();
  const failures = new Map<Contender, string>();
  for (const contender of contenders) {
    if ('needs' in contender && which(contender.needs) === undefined)
      failures.set(contender, 'not installed');
  }
  for (let round = 0; round <= runs; round++) {
    for (const contender of contenders) {
      if (failures.has(contender)) continue;
      progress(`${round === 0 ? 'warm-up' : `run ${round} of ${runs}`}: ${contender.name}`);
      const measurement = await measure(contender.command);
      if (!(contender.succeeds ?? [0]).includes(measurement.status)) {
        failures.set(contender, `exit ${measurement.status}: ${measurement.complaint}`);
      } else if (round > 0) {
        measured.set(contender, [...(measured.get(contender) ?? []), measurement]);
      }
    }
  }
  return contenders.map((contender) => {
    const failure = failures.get(contender);
    const version = 'needs' in contender && failure === undefined ? versionOf(contender) : undefined;
    return {
      name: contender.name,
      ours: !('needs' in contender),
      ...(version !== undefined && { version }),
      ...(failure === undefined ? { figures: summarize(measured.get(contender)!) } : { failure }),
    };
  });
}

/** The version's number alone, which is what comes last on the first line that has one. */
function versionOf({ version }: Peer): string | undefined {
  if (!version) return undefined;
  const [program, ...args] = version;
  const output = execFileSync(program!, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const line = output.split('\n').find((text) => VERSION.test(text));
  return line?.match(new RegExp(VERSION, 'g'))?.at(-1);
}

const VERSION = /\d+(\.\d+)+/;
