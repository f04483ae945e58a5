import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory that lasts as long as its tests, for C sources and what is made of them. */
export class Workshop implements Disposable {
  readonly directory = mkdtempSync(join(tmpdir(), 'solder-dl-'));

  /** Compiles a shared library and gives its path. */
  library(name: string, source: string, ...options: readonly string[]): string {
    return this.compile(name, source, ['-shared', '-fPIC', ...options]);
  }

  /** Writes a file and gives its path. */
  file(name: string, text: string): string {
    const path = join(this.directory, name);
    writeFileSync(path, text);
    return path;
  }

  /** Compiles and runs a program and gives what it prints. */
  output(name: string, source: string): string {
    return execFileSync(this.compile(name, source, []), { encoding: 'utf8' });
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true });
  }

  private compile(name: string, source: string, options: readonly string[]): string {
    const path = join(this.directory, name);
    // Options that name libraries come behind the source that needs them.
    execFileSync('cc', ['-o', path, this.file(`${name}.c`, source), ...options], { cwd: this.directory });
    return path;
  }
}
