import { execFileSync, spawnSync } from 'node:child_process';

const ENVIRONMENT = { ...process.env, LC_ALL: 'C.UTF-8' };

/** One dynamic symbol as readelf prints it. */
export interface DynamicSymbol {
  readonly name: string;
  /** With `@V` or `@@V`, as far as the object gives it one. */
  readonly spelling: string;
  readonly value: string;
  readonly size: number;
  readonly type: string;
  readonly weak: boolean;
  readonly defined: boolean;
}

/** What the linker puts into every object, and the symbols that stand for version definitions. */
const NO_EXPORT = /^(_init|_fini|_start|_?edata|_?end|_?etext|__bss_start|(__)?data_start|_IO_stdin_used)$/;

export function dynamicSymbols(path: string): DynamicSymbol[] {
  const versions = new Set(
    [...readelf('-V', path).matchAll(/ Index: .* Name: (\S+)$/gm)].map(([, name]) => name),
  );
  const found: DynamicSymbol[] = [];
  for (const line of readelf('--dyn-syms', path).split('\n')) {
    const match =
      /^ *\d+: ([0-9a-f]+) +(\w+) (\w+) +(\w+) +(DEFAULT|PROTECTED) +(?:\[.*\] +)?(\w+) (\S+)/.exec(line);
    if (match === null) continue;
    const [, value, size, type, binding, , section, spelling] = match;
    const name = spelling!.replace(/@.*/, '');
    const isVersion = section === 'ABS' && versions.has(name);
    if (binding === 'LOCAL' || NO_EXPORT.test(name) || isVersion) continue;
    found.push({
      name,
      spelling: spelling!,
      value: value!,
      size: Number(size),
      type: type!,
      weak: binding !== 'GLOBAL',
      defined: section !== 'UND',
    });
  }
  return found;
}

/** `(TAG)` and value of each entry of the dynamic section, as readelf prints them. */
export function dynamicEntries(path: string): { tag: string; value: string }[] {
  return [...readelf('-d', path).matchAll(/^ 0x\w+ \((\w+)\) +(.*)$/gm)].map(([, tag, text]) => ({
    tag: tag!,
    value: /\[(.*)\]/.exec(text!)?.[1] ?? text!,
  }));
}

/** Whether a file is started and not loaded: it names a loader, and answers to no name. */
export function isStarted(path: string): boolean {
  return (
    readelf('-l', path).includes(' INTERP ') && !dynamicEntries(path).some(({ tag }) => tag === 'SONAME')
  );
}

/** A script around ld.so, which comes with it. */
const LDD = 'ldd';

/** Direct dependencies that ld.so finds unused, when it binds all references of the file alone. */
export function unusedDependencies(path: string): string[] {
  const { stdout } = spawnSync(LDD, ['-u', '-r', path], { encoding: 'utf8', env: ENVIRONMENT });
  return [...stdout.matchAll(/^\t(\/.*)$/gm)].map(([, library]) => library!);
}

function readelf(option: string, path: string): string {
  return execFileSync('readelf', ['-W', option, path], {
    encoding: 'utf8',
    env: ENVIRONMENT,
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}
