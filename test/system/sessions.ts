import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arch } from 'node:process';
import { compareOpenings, openable } from '../loader/session/installed.ts';
import { compareSessions } from '../loader/session/random-session.ts';
import { nativeElfFiles } from '../oracle/installed.ts';
import type { Verification, Watch } from './suite.ts';

const FARMS = 80;
const SEQUENCES = 4;
const LIBRARIES = '/usr/lib/x86_64-linux-gnu';
const LIBRARY_NAME = /\.so(\.|$)/;
const OPENED = 300;
/** Libraries that one process opens and closes. */
const BATCH = 25;
const SHOWN = 12;

/** Compares processes that open, use and close libraries with real ones, call by call. */
export function verifySessions(watch: Watch = () => {}): Verification {
  if (arch !== 'x64')
    return { passed: 0, failed: 0, lines: ['not an x86-64 machine: nothing to compare with'] };
  const results = [compareFarms(watch), compareInstalled(watch)];
  return {
    passed: results.reduce((sum, { passed }) => sum + passed, 0),
    failed: results.reduce((sum, { failed }) => sum + failed, 0),
    lines: results.flatMap(({ lines }) => lines),
  };
}

function compareFarms(watch: Watch): Verification {
  const lines: string[] = [];
  let [failed, calls, unstarted] = [0, 0, 0];
  for (let seed = 1; seed <= FARMS; seed++) {
    if (seed % 10 === 1) watch(`libraries made up by chance: ${seed} of ${FARMS}`);
    const result = compareSessions(seed, SEQUENCES);
    calls += result.calls;
    unstarted += result.unstarted;
    if (result.differences.length === 0) continue;
    failed++;
    lines.push(...result.differences.slice(0, SHOWN));
  }
  const roundup = `${FARMS * SEQUENCES} sequences over ${FARMS} sets of libraries made up by chance: ${calls} calls compared; ${unstarted} programs do not start`;
  return { passed: FARMS - failed, failed, lines: [roundup, ...lines] };
}

function compareInstalled(watch: Watch): Verification {
  const directory = mkdtempSync(join(tmpdir(), 'solder-openings-'));
  try {
    const all = nativeElfFiles([LIBRARIES], LIBRARY_NAME).filter(openable);
    const step = Math.max(1, Math.floor(all.length / OPENED));
    const chosen = all.filter((_, index) => index % step === 0).slice(0, OPENED);
    const lines: string[] = [];
    let [failed, batches, calls] = [0, 0, 0];
    for (let start = 0; start < chosen.length; start += BATCH) {
      watch(`installed libraries: ${start} of ${chosen.length}`);
      const result = compareOpenings(directory, chosen.slice(start, start + BATCH));
      batches++;
      calls += result.calls;
      if (result.differences.length === 0) continue;
      failed++;
      lines.push(...result.differences.slice(0, SHOWN));
    }
    const roundup = `${chosen.length} installed libraries opened and closed, ${BATCH} a process: ${calls} calls compared`;
    return { passed: batches - failed, failed, lines: [roundup, ...lines] };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
