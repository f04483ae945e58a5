import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { arch } from 'node:process';
import { compareFarm } from '../loader/random-farm.ts';
import { differences } from '../oracle/difference.ts';
import { nativeElfFiles } from '../oracle/installed.ts';
import { type TraceOptions, traceWithLdSo } from '../oracle/ld-so.ts';
import { Predictor } from '../oracle/prediction.ts';
import type { Verification, Watch } from './suite.ts';

/**
 * What ld.so's trace mode cannot be asked about, all that is left out of the comparison:
 * - references of ld.so itself: it has resolved them before it looks at anything else;
 * - references of the vDSO: they are the kernel's, and there is no file to read;
 * - the vDSO among the dependencies, for the same reason;
 * - files without a dynamic section, where there is nothing to bind;
 * - with a preload, roots that need nothing, ld.so itself for one: 'statically linked' is all it says of them.
 */
const PROGRAMS = ['/usr/bin', '/usr/sbin'];
const LIBRARIES = '/usr/lib/x86_64-linux-gnu';
const LIBRARY_NAME = /\.so(\.|$)/;
/** Roots that are traced together: their bindings are held in memory. */
const BATCH = 24;
const FARMS = 300;
/** A library that most programs do not have, and which has definitions that others have too. */
const PRELOAD = 'libgcc_s.so.1 libasan.so.8 libm.so.6';
const SHOWN = 12;

/** Compares every program, every library and hundreds of libraries made up by chance with the real ld.so. */
export async function verifyBindings(watch: Watch = () => {}): Promise<Verification> {
  if (arch !== 'x64')
    return { passed: 0, failed: 0, lines: ['not an x86-64 machine: nothing to compare with'] };
  const programs = nativeElfFiles(PROGRAMS);
  const libraries = nativeElfFiles([LIBRARIES], LIBRARY_NAME);
  const results = [
    compareRoots('programs', programs, {}, watch),
    compareRoots('libraries as roots', libraries, {}, watch),
    compareRoots(
      `every fourth program with LD_PRELOAD='${PRELOAD}'`,
      everyFourth(programs),
      { preload: PRELOAD },
      watch,
    ),
    compareElsewhere(everyFourth(libraries), watch),
    compareFarms(watch),
  ];
  return {
    passed: results.reduce((sum, { passed }) => sum + passed, 0),
    failed: results.reduce((sum, { failed }) => sum + failed, 0),
    lines: results.flatMap(({ lines }) => lines),
  };
}

const everyFourth = (roots: readonly string[]) => roots.filter((_, index) => index % 4 === 0);

/** From another working directory, with a search path that has empty and missing elements. */
function compareElsewhere(roots: readonly string[], watch: Watch): Verification {
  const cwd = mkdtempSync(join(tmpdir(), 'solder-elsewhere-'));
  const before = process.cwd();
  process.chdir(cwd);
  try {
    const libraryPath = ':/nowhere:$ORIGIN/../lib;/usr/lib//x86_64-linux-gnu/';
    return compareRoots(
      `every fourth library with LD_LIBRARY_PATH='${libraryPath}'`,
      roots,
      { libraryPath, cwd },
      watch,
    );
  } finally {
    process.chdir(before);
    rmSync(cwd, { recursive: true });
  }
}

function compareRoots(
  what: string,
  roots: readonly string[],
  options: TraceOptions,
  watch: Watch,
): Verification {
  const predictor = new Predictor(options);
  const lines: string[] = [];
  let [failed, compared, bindings, dependencies, undefinedSymbols] = [0, 0, 0, 0, 0];
  const isTold = (root: string) => {
    const needed = predictor.neededBy(root);
    return needed !== undefined && (options.preload === undefined || needed.length > 0);
  };
  for (let start = 0; start < roots.length; start += BATCH) {
    const batch = roots.slice(start, start + BATCH).filter(isTold);
    watch(`${what}: ${start} of ${roots.length}`);
    const real = traceWithLdSo(batch, options);
    for (const root of batch) {
      const trace = real.get(root)!;
      const found = differences(predictor.predict(root), trace);
      compared++;
      bindings += trace.bindings.length;
      dependencies += trace.deps.length;
      undefinedSymbols += trace.undefinedSymbols.length;
      if (found.length === 0) continue;
      failed++;
      lines.push(...found.slice(0, SHOWN).map((line) => `${root}: ${line}`));
    }
  }
  const rows = `${bindings} bindings, ${dependencies} dependencies, ${undefinedSymbols} undefined symbols`;
  const roundup = `${what}: ${rows} of ${compared} roots compared, ${roots.length - compared} have nothing to compare`;
  return { passed: compared - failed, failed, lines: [roundup, ...lines] };
}

function compareFarms(watch: Watch): Verification {
  const lines: string[] = [];
  let failed = 0;
  let bindings = 0;
  for (let seed = 1; seed <= FARMS; seed++) {
    if (seed % 20 === 1) watch(`libraries made up by chance: ${seed} of ${FARMS}`);
    const result = compareFarm(seed);
    bindings += result.bindings;
    if (result.differences.length === 0) continue;
    failed++;
    lines.push(...result.differences.slice(0, SHOWN));
  }
  return {
    passed: FARMS - failed,
    failed,
    lines: [`${FARMS} sets of libraries made up by chance: ${bindings} bindings compared`, ...lines],
  };
}
