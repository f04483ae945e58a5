import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diagnoseOpen, type OpenDiagnosis } from '../../../src/analyses/index.ts';
import { diagnosisFiles, loadContext } from '../../../src/host/index.ts';
import type { LoadContext } from '../../../src/loader/index.ts';
import type { Finding, OpenMode } from '../../../src/model/index.ts';

/** A directory in which libraries are built that the real loader refuses, and a program that opens them. */
export interface Bench extends Disposable {
  readonly directory: string;
  readonly files: ReturnType<typeof diagnosisFiles>;
  write(name: string, text: string | Uint8Array): string;
  /** A shell command in the directory; fails when it does. */
  build(command: string): void;
  /** What the real loader says: a line an operation of the host, and how it ended. */
  run(...operations: string[]): {
    readonly lines: readonly string[];
    readonly stderr: string;
    readonly signal: string | null;
  };
  runWith(
    host: string,
    environment: Readonly<Record<string, string>>,
    ...operations: string[]
  ): ReturnType<Bench['run']>;
  /** The loader simulation's view, as fresh as the files. */
  context(): LoadContext & { openTarget: ReturnType<typeof loadContext>['openTarget'] };
  diagnose(file: string, mode: OpenMode, rest?: Partial<OpenDiagnosis>): Finding[];
}

export function startBench(): Bench {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'solder-failures-')));
  chmodSync(directory, 0o755);
  const source = new URL('host.c', import.meta.url).pathname;
  execFileSync('gcc', ['-w', '-o', join(directory, 'host'), source]);
  const files = diagnosisFiles();
  const bench: Bench = {
    directory,
    files,
    write(name, text) {
      const path = join(directory, name);
      writeFileSync(path, text);
      return path;
    },
    build(command) {
      const { status, stderr } = spawnSync('sh', ['-ec', command], { cwd: directory, encoding: 'utf8' });
      if (status !== 0) throw new Error(`${command}\n${stderr}`);
    },
    run: (...operations) => bench.runWith('./host', {}, ...operations),
    runWith(host, environment, ...operations) {
      const { stdout, stderr, signal } = spawnSync(host, operations, {
        cwd: directory,
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C', ...environment },
      });
      return { lines: stdout.split('\n').slice(0, -1), stderr, signal };
    },
    context() {
      const context = loadContext({});
      return { ...context, files: { ...context.files, workingDirectory: directory } };
    },
    diagnose(file, mode, rest = {}) {
      const context = rest.context ?? bench.context();
      const path = join(directory, 'host');
      const program = bench.context().openTarget(path);
      if (program.kind !== 'dynamic') throw new Error('the host is no program');
      return diagnoseOpen({ context, files, program, file, mode, ...rest });
    },
    [Symbol.dispose]: () => rmSync(directory, { recursive: true, force: true }),
  };
  return bench;
}
