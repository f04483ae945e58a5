import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import type { TraceFacts } from '../../src/analyses/trace/index.ts';
import type { Report } from '../../src/model/index.ts';
import { solder } from '../cli/solder.ts';
import { isNativeElf } from '../oracle/installed.ts';
import { COMMANDS } from '../run/trace/programs.ts';
import type { Verification, Watch } from './suite.ts';

/** Debian packages whose programs all take `--version` for a question and do nothing else. */
const PACKAGES = [
  'binutils-x86-64-linux-gnu',
  'clang-14',
  'cmake',
  'coreutils',
  'cpp-12',
  'diffutils',
  'elfutils',
  'findutils',
  'g++-12',
  'gcc-12',
  'gdb',
  'llvm-14',
  'sqlite3',
  'xz-utils',
  'zstd',
];
const SHOWN = 12;

/** Runs harmless programs under LD_DEBUG: every line has to be understood, every step to be as predicted. */
export function verifyTraces(watch: Watch = () => {}): Verification {
  const commands = [...COMMANDS.filter(([name]) => isInstalled(name!)), ...packagedPrograms()];
  const problems: string[] = [];
  const sizes = { lines: 0, bindings: 0, dlopens: 0, notPredicted: 0 };
  let failed = 0;
  for (const [at, command] of commands.entries()) {
    if (at % 20 === 0) watch(`${at} of ${commands.length} programs`);
    const found = problemsOf(command, sizes);
    if (found.length > 0) failed++;
    problems.push(...found.map((problem) => `${command.join(' ')}: ${problem}`));
  }
  const { lines, bindings, dlopens, notPredicted } = sizes;
  return {
    passed: commands.length - failed,
    failed,
    lines: [
      `${commands.length} programs, ${lines} lines, ${bindings} bindings, ${dlopens} dlopens; ${notPredicted} look-ups of dlsym and of ld.so itself left out`,
      ...problems.slice(0, SHOWN),
      ...(problems.length > SHOWN ? [`… and ${problems.length - SHOWN} more`] : []),
    ],
  };
}

function problemsOf(command: readonly string[], sizes: Record<string, number>): string[] {
  const args = ['trace', '--categories', 'all,statistics', '--verify', '--format', 'json', '--', ...command];
  const { stdout, stderr, status } = solder(args);
  if (stdout === '') return [`status ${status}: ${stderr}`];
  const { facts, findings } = JSON.parse(stdout) as Report<TraceFacts>;
  sizes['lines']! += facts.lines;
  for (const image of facts.verified!) {
    sizes['bindings']! += image.bindings;
    sizes['dlopens']! += image.dlopens;
    sizes['notPredicted']! += image.notPredicted;
  }
  const { skipped } = facts.verified![0]!;
  return [
    ...facts.unknown.examples.map((text) => `not understood: ${text}`),
    ...findings.map(({ message }) => message),
    ...(skipped === undefined ? [] : [`not predicted: ${skipped}`]),
  ];
}

const isInstalled = (name: string): boolean => spawnSync('sh', ['-c', 'command -v "$0"', name]).status === 0;

function packagedPrograms(): string[][] {
  const { stdout } = spawnSync('dpkg', ['-L', ...PACKAGES], { encoding: 'utf8' });
  return (stdout ?? '')
    .split('\n')
    .filter(
      (path) =>
        /^\/(usr\/)?bin\/[^/]+$/.test(path) && isNativeElf(path) && (statSync(path).mode & 0o6000) === 0,
    )
    .map((path) => [path, '--version']);
}
