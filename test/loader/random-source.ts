import type { Random } from './random.ts';

/** Sources made up by chance: assembler and version scripts over one small set of names. */

const FUNCTIONS = ['f0', 'f1', 'f2', 'f3', 'f4', 'f5', 'f6'];
const VARIABLES = ['v0', 'v1', 'v2', 'v3', 'v4'];
const THREAD_LOCALS = ['t0', 't1'];
const NAMES = [...FUNCTIONS, ...VARIABLES, ...THREAD_LOCALS];
const VERSIONS = ['V1', 'V2', 'V3'];

/** What a library is made from. */
export interface Contents {
  readonly source: string;
  readonly script: string | undefined;
}

/** Definitions and references in assembler, and the version script that goes with them. */
export function randomContents(random: Random, isVersioned: boolean): Contents {
  const defined = random.sample(NAMES, random.pick([0.15, 0.3, 0.6]));
  const twice = isVersioned
    ? defined.filter((symbol) => FUNCTIONS.includes(symbol) && random.chance(0.3))
    : [];
  const lines = defined.flatMap((symbol) => {
    if (!twice.includes(symbol)) return [definition(random, symbol, symbol)];
    const [older, newer] = random.pick([
      ['V1', 'V2'],
      ['V1', 'V3'],
      ['V2', 'V3'],
    ]) as [string, string];
    return [
      definition(random, `old_${symbol}`, symbol),
      definition(random, `new_${symbol}`, symbol),
      `.symver old_${symbol}, ${symbol}@${older}`,
      `.symver new_${symbol}, ${symbol}@${random.chance(0.8) ? '@' : ''}${newer}`,
    ];
  });
  const referred = random.sample(NAMES, random.pick([0.3, 0.6, 0.9]));
  const isOwn = (symbol: string) => defined.includes(symbol);
  for (const symbol of referred) {
    if (twice.includes(symbol)) continue;
    if (!isOwn(symbol) && random.chance(0.25)) lines.push(`.weak ${symbol}`);
    lines.push(...references(random, symbol));
  }
  const chosen = defined.filter((symbol) => !twice.includes(symbol) && random.chance(0.8));
  return { source: `${lines.join('\n')}\n`, script: isVersioned ? randomScript(random, chosen) : undefined };
}

function randomScript(random: Random, symbols: readonly string[]): string {
  const byVersion = Map.groupBy(symbols, () => random.pick(VERSIONS));
  return VERSIONS.map((version, index) => {
    const global = (byVersion.get(version) ?? []).map((symbol) => `${symbol};`).join(' ');
    return `${version} { ${global === '' ? 'local: none;' : `global: ${global}`} }${index > 0 ? ` ${VERSIONS[index - 1]}` : ''};`;
  }).join('\n');
}

function definition(random: Random, label: string, symbol: string): string {
  // GNU ld 2.40 writes version indexes that do not exist for other definitions with two versions than these.
  const isPlain = label !== symbol;
  const binding = !isPlain && random.chance(0.25) ? '.weak' : '.globl';
  const visibility = isPlain ? '' : random.pick(['', '', '', '', '', '.protected', '.hidden']);
  const isThreadLocal = THREAD_LOCALS.includes(symbol);
  const isVariable = VARIABLES.includes(symbol);
  const unique = isVariable && visibility === '' && random.chance(0.3);
  const type = unique
    ? 'gnu_unique_object'
    : isThreadLocal
      ? 'tls_object'
      : isVariable
        ? 'object'
        : 'function';
  const section = isThreadLocal ? '.section .tdata,"awT",@progbits' : isVariable ? '.data' : '.text';
  return [
    section,
    ...(unique ? [] : [`${binding} ${label}`]),
    ...(visibility === '' ? [] : [`${visibility} ${label}`]),
    `.type ${label}, @${type}`,
    `.size ${label}, 8`,
    `${label}: .quad 0`,
  ].join('\n');
}

function references(random: Random, symbol: string): string[] {
  if (THREAD_LOCALS.includes(symbol)) {
    return random.pick([
      ['.text', `data16 leaq ${symbol}@tlsgd(%rip), %rdi`, '.value 0x6666', 'rex64 call __tls_get_addr@PLT'],
      ['.text', `movq ${symbol}@gottpoff(%rip), %rax`],
      ['.text', `leaq ${symbol}@tlsdesc(%rip), %rax`, `call *${symbol}@tlscall(%rax)`],
    ]);
  }
  const kinds = [
    ['.text', `movq ${symbol}@GOTPCREL(%rip), %rax`],
    ['.data', `.quad ${symbol}`],
    ...(FUNCTIONS.includes(symbol) ? [['.text', `call ${symbol}@PLT`]] : []),
  ];
  return random.sample(kinds, 0.6).flat();
}

/** A program's source; at a fixed address it may have no idea that a symbol is not its own. */
export function randomProgramSource(random: Random, isFixed: boolean): string {
  const defined = random.sample(NAMES, 0.1);
  const lines = defined.map((symbol) => definition(random, symbol, symbol));
  lines.push('.text', '.globl _start', '_start:');
  for (const symbol of random.sample(NAMES, 0.6)) {
    const isTaken = isFixed && !THREAD_LOCALS.includes(symbol) && random.chance(0.6);
    lines.push(...(isTaken ? ['.text', `movq $${symbol}, %rax`] : references(random, symbol)));
    if (!defined.includes(symbol)) lines.push(`.weak ${symbol}`);
  }
  return `${lines.join('\n')}\n`;
}
