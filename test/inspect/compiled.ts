import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memorySource } from '../../src/bytes/index.ts';
import { ElfFile } from '../../src/elf/index.ts';
import { decompressors } from '../../src/host/decompressors.ts';
import { type ElfFacts, inspectElf } from '../../src/model/inspection/index.ts';

/** A scratch folder in which files are compiled; `remove` it at the end. */
export class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), 'solder-inspect-'));

  /** Writes a source and runs a command line, in which `@` stands for the scratch folder; gives the output's path. */
  make(name: string, source: string, command: string): string {
    const [tool = '', ...args] = `${command} -o @/${name}`.replaceAll('@', this.folder).split(/ +/);
    const path = join(this.folder, `${name}.c`);
    writeFileSync(path, source);
    execFileSync(tool, [...args, path], { stdio: ['ignore', 'pipe', 'pipe'] });
    return join(this.folder, name);
  }

  run(command: string): void {
    const [tool = '', ...args] = command.replaceAll('@', this.folder).split(/ +/);
    execFileSync(tool, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

export function factsOf(path: string, bytes: Uint8Array = readFileSync(path)): ElfFacts {
  const options = { symbolTable: false, decompressors };
  const { facts, diagnostics } = inspectElf(new ElfFile(memorySource(bytes)), path, options);
  if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return facts;
}

/** What a tool writes to standard output when it reads `input`. */
export function pipe(input: Uint8Array, tool: string, ...args: readonly string[]): Buffer {
  return execFileSync(tool, args, { input, maxBuffer: 1 << 28 });
}
