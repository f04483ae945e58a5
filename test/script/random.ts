/** A reproducible stream of choices (xorshift32). */
export class Choices {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 1;
  }

  below(limit: number): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return (this.state >>> 0) % limit;
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

const NAMES = [
  'foo',
  'foo_x',
  'bar',
  'baz',
  'wk',
  'fab',
  'f',
  'data',
  '_Z3fooi',
  '_ZN1N1fESs',
  '_ZN1N3barEv',
  'nosuch',
];
const CXX = [
  'foo(int)',
  'N::f(std::string)',
  'N::bar()',
  'N::*',
  'foo*',
  '*(int)',
  'N::?(*)',
  'bar',
  '*',
  'f*',
  '*::bar*',
];

function glob(choices: Choices): string {
  const name = choices.of(NAMES);
  const at = choices.below(name.length);
  const [head, tail] = [name.slice(0, at), name.slice(at + 1)];
  const wild = choices.of([
    '*',
    '?',
    '**',
    `[${name[at]}]`,
    '[a-f]',
    '[^b]',
    '[!f]',
    '[',
    `\\${name[at]}`,
    '*?',
    '[]a]',
  ]);
  return choices.chance(20) ? '*' : choices.chance(50) ? head + wild : head + wild + tail;
}

function entry(choices: Choices, depth = 0): string {
  if (depth === 0 && choices.chance(15)) {
    const count = choices.below(3) + (choices.chance(90) ? 1 : 0);
    const inner = Array.from({ length: count }, () =>
      choices.chance(40) ? `"${choices.of(CXX)}"` : choices.of(CXX.filter((text) => !/[() ]/.test(text))),
    );
    return `extern "${choices.of(['C++', 'C++', 'C', 'Java'])}" { ${inner.join('; ')}${choices.chance(50) && count > 0 ? ';' : ''} }`;
  }
  if (choices.chance(10)) return `"${choices.chance(50) ? glob(choices) : choices.of(NAMES)}"`;
  return choices.chance(50) ? choices.of(NAMES) : glob(choices);
}

const list = (choices: Choices, count: number): string =>
  Array.from({ length: count }, () => `${entry(choices)}; `).join('');

function node(choices: Choices, name: string, parents: readonly string[]): string {
  const space = choices.chance(97) ? ' ' : '';
  const globals = choices.below(4);
  const locals = choices.below(3) + (choices.chance(40) ? 1 : 0);
  const body =
    locals === 0 && choices.chance(40)
      ? list(choices, globals)
      : `${globals > 0 || choices.chance(5) ? `global:${space}${list(choices, globals)}` : ''}${locals > 0 ? `local:${space}${list(choices, locals)}` : ''}`;
  return `${name} { ${body}}${parents.map((parent) => ` ${parent}`).join('')};`;
}

/** A version script that linkers take more often than not. */
export function randomScript(choices: Choices): string {
  if (choices.chance(25)) return node(choices, '', []);
  const count = choices.below(3) + 1;
  const names = ['V1', 'V2', 'V3'].slice(0, count);
  return names
    .map((name, index) => node(choices, name, index > 0 && choices.chance(50) ? [names[index - 1]!] : []))
    .join('\n');
}

/** The set of symbols that the names of the scripts are about. */
export const RANDOM_SET = `.text
.globl foo, foo_x, bar, baz, fab, f, _Z3fooi, _ZN1N1fESs, _ZN1N3barEv, other, hid
.hidden hid
.weak wk
foo: nop
foo_x: nop
bar: nop
baz: nop
fab: nop
f: nop
_Z3fooi: nop
_ZN1N1fESs: nop
_ZN1N3barEv: nop
other: nop
hid: nop
wk: nop
.data
.globl data
data: .long 0
`;
export const RANDOM_VERSIONED = `${RANDOM_SET}.text
.globl impl1, impl2, impl3
impl1: nop
impl2: nop
impl3: nop
.symver impl1, old@V1
.symver impl2, old@@V2
.symver impl3, foo@V1
`;
