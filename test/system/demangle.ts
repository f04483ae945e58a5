import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { demangle } from '../../src/demangle/index.ts';
import { type Agreement, compare } from '../demangle/agreement.ts';
import { mangledName } from '../demangle/generator.ts';
import { mutate } from '../demangle/mutations.ts';
import { rustName } from '../demangle/rust-generator.ts';
import { namesIn, type Style, TOOLS } from '../demangle/tools.ts';
import type { Verification, Watch } from './suite.ts';

const STYLES: readonly Style[] = ['gnu', 'llvm'];
/** Where libraries and programs with symbol tables are. */
const ROOTS = ['/usr/lib', '/usr/libexec', '/usr/bin', '/usr/local', '/opt', join(homedir(), '.rustup')];
const RANDOM_NAMES = 130_000;
const MUTATED_NAMES = 100_000;
const BENCH_NAMES = 75_000;
const BENCH_ROUNDS = 8;

/**
 * Every C++ and Rust name of the machine, random valid names, mutated names, and the time that 75,000 names
 * take, against c++filt and llvm-cxxfilt.
 */
export async function verifyDemangle(watch: Watch): Promise<Verification> {
  const lines: string[] = [];
  let passed = 0;
  let failed = 0;
  const judge = (what: string, style: Style, agreement: Agreement): void => {
    const explained = [...agreement.explained.values()].reduce((sum, count) => sum + count, 0);
    passed += agreement.same + explained;
    failed += agreement.differences.length;
    lines.push(
      `${what}, ${TOOLS[style]}: ${agreement.same} same (${agreement.unchanged} of them no names to both), ` +
        `${explained} explained, ${agreement.differences.length} differences`,
      ...[...agreement.explained].map(([reason, count]) => `  ${count}: ${reason}`),
      ...agreement.differences.map((difference) => `  difference: ${difference}`),
    );
  };

  const names = installedNames(watch);
  const random = [...new Set(fc.sample(mangledName, RANDOM_NAMES))];
  const randomRust = [...new Set(fc.sample(rustName, RANDOM_NAMES))];
  for (const style of STYLES) {
    watch(`comparing with ${TOOLS[style]}`);
    judge(`${names.length} names of installed files`, style, compare(style, names));
    judge(`${random.length} random C++ names`, style, compare(style, random));
    judge(`${randomRust.length} random Rust names`, style, compare(style, randomRust));
  }

  watch('mutated names');
  const tapes = fc.sample(fc.array(fc.nat(0xffff), { minLength: 2, maxLength: 12 }), MUTATED_NAMES);
  let slowest = 0;
  for (const [index, tape] of tapes.entries()) {
    const name = mutate(names[(index * 7919) % names.length]!, tape);
    const start = performance.now();
    for (const style of STYLES) demangle(name, { style });
    slowest = Math.max(slowest, performance.now() - start);
  }
  passed += tapes.length;
  lines.push(`${tapes.length} mutated names: none threw, the slowest took ${slowest.toFixed(1)} ms`);
  lines.push(...bench(names));
  return { passed, failed, lines };
}

function installedNames(watch: Watch): string[] {
  const names = new Set<string>();
  const files = libraries();
  for (const [index, file] of files.entries()) {
    if (index % 200 === 0) watch(`${index} of ${files.length} files, ${names.size} names`);
    for (const name of namesIn(file)) names.add(name);
  }
  return [...names];
}

function libraries(): string[] {
  const kinds = [
    '(',
    '-name',
    '*.so',
    '-o',
    '-name',
    '*.so.*',
    '-o',
    '-name',
    '*.a',
    '-o',
    '-name',
    '*.rlib',
  ];
  const args = [
    '-L',
    ...ROOTS.filter((root) => existsSync(root)),
    '-xdev',
    '-type',
    'f',
    ...kinds,
    '-o',
    '-perm',
    '-u+x',
    ')',
  ];
  // find fails when a link leads nowhere; what it found counts all the same.
  const { stdout } = spawnSync('find', args, { encoding: 'utf8', maxBuffer: 1 << 30 });
  return [...new Set(stdout.split('\n').filter((line) => line !== ''))].sort();
}

/** CPU time for the same names in this warm process and in each tool, start-up included for the tools. */
function bench(names: readonly string[]): string[] {
  const step = Math.max(1, Math.floor(names.length / BENCH_NAMES));
  const sample = names.filter((_name, index) => index % step === 0).slice(0, BENCH_NAMES);
  return STYLES.map((style) => {
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < BENCH_ROUNDS; round++) {
      const start = process.cpuUsage();
      const text = sample.map((name) => demangle(name, { style })).join('\n');
      const used = process.cpuUsage(start);
      if (text.length > 0) best = Math.min(best, (used.user + used.system) / 1000);
    }
    const script = `TIMEFORMAT='%U %S'; time ${TOOLS[style]} > /dev/null`;
    const input = `${sample.join('\n')}\n`;
    const timed = execFileSync('bash', ['-c', `{ ${script}; } 2>&1`], { input, encoding: 'utf8' });
    const [user, system] = timed.trim().split(' ').map(Number);
    const tool = ((user ?? 0) + (system ?? 0)) * 1000;
    return `${sample.length} names: ${best.toFixed(0)} ms CPU warm, ${TOOLS[style]} ${tool.toFixed(0)} ms`;
  });
}
