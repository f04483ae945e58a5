import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memorySource } from '../../src/bytes/index.ts';
import {
  LINKERS,
  type LinkerName,
  parseScript,
  predictLink,
  type ReadSymbol,
  readSymbols,
  ScriptError,
  type VersionScript,
} from '../../src/script/index.ts';

export function isInstalled(linker: LinkerName): boolean {
  return spawnSync(`ld.${linker}`, ['--version']).error === undefined;
}

export const INSTALLED = LINKERS.filter(isInstalled);

/** Names of its own that ld.gold adds to what a library exports. */
const OWN = new Set(['_edata', '_end', '__bss_start']);

/** `name`, `name@version` or `name@@version` of everything exported, sorted; undefined: the linker refused. */
export type Exports = readonly string[] | undefined;

/** A folder of its own with one object file in it. */
export class LinkBench implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), 'solder-script-'));
  readonly symbols: readonly ReadSymbol[];
  /** What the last real link wrote to stderr. */
  messages = '';
  private readonly object = join(this.folder, 'set.o');

  /** `source` is assembly. */
  constructor(source: string) {
    const file = join(this.folder, 'set.s');
    writeFileSync(file, source);
    execFileSync('as', ['-o', this.object, file]);
    this.symbols = readSymbols(memorySource(readFileSync(this.object))).symbols;
  }

  /** What the real linker makes of it. */
  link(linker: LinkerName, scripts: readonly string[]): Exports {
    const output = join(this.folder, 'out.so');
    rmSync(output, { force: true });
    const maps = scripts.map((text, index) => {
      const path = join(this.folder, `${index}.map`);
      writeFileSync(path, text);
      return `--version-script=${path}`;
    });
    const run = spawnSync(
      `ld.${linker}`,
      [...(linker === 'lld' ? ['--threads=1'] : []), '-shared', '-o', output, this.object, ...maps],
      {
        encoding: 'utf8',
      },
    );
    if (run.error !== undefined) throw run.error;
    this.messages = run.stderr;
    if (run.status !== 0) return undefined;
    return exportsOf(output);
  }

  /** What solder says that it would. */
  predict(linker: LinkerName, scripts: readonly string[]): Exports {
    let parsed: VersionScript[];
    try {
      parsed = scripts.map((text, index) => parseScript(text, `${index}.map`));
    } catch (error) {
      if (error instanceof ScriptError) return undefined;
      throw error;
    }
    const { refusals, assignments } = predictLink(parsed, this.symbols, linker);
    if (refusals.length > 0) return undefined;
    return assignments
      .filter(({ exported }) => exported)
      .map(({ symbol: { name }, version, isDefault }) =>
        version === undefined ? name : `${name}${isDefault ? '@@' : '@'}${version}`,
      )
      .sort();
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}

/** The dynamic definitions as readelf prints them, without marks of versions (absolute) and the linker's own. */
function exportsOf(path: string): string[] {
  const text = execFileSync('readelf', ['-W', '--dyn-syms', path], { encoding: 'utf8' });
  return text
    .split('\n')
    .map((line) => /^ +\d+: \S+ +\d+ \S+ +(?:GLOBAL|WEAK|UNIQUE) +\S+ +(?:\d+|COM) (\S+)/.exec(line)?.[1])
    .filter((name) => name !== undefined && !OWN.has(name.replace(/@.*/, '')))
    .map((name) => name!)
    .sort();
}
