import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadFacts, Report, StepFacts } from '../../../src/model/index.ts';
import { type Run, solder } from '../../cli/solder.ts';

/** A directory with libraries built on the spot, removed when it is disposed of. */
export class Farm implements Disposable {
  readonly directory = realpathSync(mkdtempSync(join(tmpdir(), 'solder-load-')));

  /** Builds `./NAME` from C. */
  library(name: string, source: string, ...options: readonly string[]): this {
    const file = join(this.directory, `${name}.c`);
    writeFileSync(file, source);
    const args = ['-shared', '-fPIC', '-O1', '-w', '-o', name, file, '-L.', '-Wl,-rpath,$ORIGIN', ...options];
    const { status, stderr } = spawnSync('cc', args, { cwd: this.directory, encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return this;
  }

  file(name: string, text: string): this {
    writeFileSync(join(this.directory, name), text);
    return this;
  }

  load(args: readonly string[], env: Readonly<Record<string, string>> = {}): Run {
    return solder(['load', ...args], { cwd: this.directory, env });
  }

  /** The report, of which every step must have gone as predicted. */
  report(args: readonly string[], env?: Readonly<Record<string, string>>): Report<LoadFacts> {
    const { stdout, stderr } = this.load([...args, '--format', 'json'], env);
    if (stdout === '') throw new Error(stderr);
    const report = JSON.parse(stdout) as Report<LoadFacts>;
    const missed = report.facts.steps.filter(({ agrees }) => !agrees);
    if (missed.length > 0) throw new Error(JSON.stringify(missed, null, 2));
    return report;
  }

  /** What came of each step: `opened`, `called 5`, `refused: …`. */
  results(args: readonly string[], env?: Readonly<Record<string, string>>): string[] {
    return this.report(args, env).facts.steps.map((step) => this.brief(step));
  }

  brief({ observed, value, stdout }: StepFacts): string {
    const { result, message, loaded, unloaded } = observed!;
    const short = (paths: readonly string[]) => paths.map((path) => path.replace(/^.*\//, '')).join(' ');
    return [
      result,
      ...(message === undefined ? [] : [`: ${message.replaceAll(`${this.directory}/`, '')}`]),
      ...(value === undefined ? [] : [` ${value}`]),
      ...(loaded.length === 0 ? [] : [` +${short(loaded)}`]),
      ...(unloaded.length === 0 ? [] : [` -${short(unloaded)}`]),
      ...(stdout === '' ? [] : [` "${stdout.trimEnd()}"`]),
    ].join('');
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
