import { execFileSync } from 'node:child_process';
import { hasTools } from '../support/tools.ts';

export type Style = 'gnu' | 'llvm';

/** The tool that decides what a style is. */
export const TOOLS: Readonly<Record<Style, string>> = { gnu: 'c++filt', llvm: 'llvm-cxxfilt' };

/** Tests of a style are skipped by name where its tool is missing. */
export const hasTool = (style: Style): boolean => hasTools(TOOLS[style]);

/** What the tool prints for each name, through one process. */
export function filter(style: Style, names: readonly string[], args: readonly string[] = []): string[] {
  if (names.length === 0) return [];
  const output = execFileSync(TOOLS[style], [...args], {
    input: `${names.join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  return output.split('\n').slice(0, names.length);
}

/** The distinct C++ and Rust names in the symbol tables of a file, without their versions. */
export function namesIn(path: string): string[] {
  const names = new Set<string>();
  for (const args of [['-D', '--without-symbol-versions'], []]) {
    for (const line of nm([...args, '-j', path]).split('\n')) {
      const name = line.replace(/@.*/, '');
      if (/^(_Z|_R|___Z|_GLOBAL_)[\w$.]*$/.test(name)) names.add(name);
    }
  }
  return [...names];
}

function nm(args: readonly string[]): string {
  const stdio = ['ignore', 'pipe', 'ignore'] as ['ignore', 'pipe', 'ignore'];
  try {
    return execFileSync('nm', [...args], { encoding: 'utf8', maxBuffer: 1 << 30, stdio });
  } catch {
    // nm fails on files without symbols.
    return '';
  }
}
