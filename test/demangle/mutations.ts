/** Characters that mean something in mangled names. */
export const ALPHABET = [...'IJKLNSTXEZ_0123456789abcdefghijlmnoprstvyzPROFADMCBQUWHGV.$'];

/** Changes, drops, doubles and moves parts of a name as the numbers of a tape say. */
export function mutate(name: string, tape: readonly number[]): string {
  let text = name;
  for (let at = 0; at + 1 < tape.length; at += 2) {
    const place = 2 + (tape[at]! % Math.max(1, text.length - 2));
    const kind = tape[at + 1]!;
    const letter = ALPHABET[kind % ALPHABET.length]!;
    switch (kind % 4) {
      case 0:
        text = text.substring(0, place) + letter + text.substring(place + 1);
        break;
      case 1:
        text = text.substring(0, place) + text.substring(place + 1);
        break;
      case 2:
        text = text.substring(0, place) + letter + text.substring(place);
        break;
      default:
        text += text.substring(place, place + 12);
    }
  }
  return text;
}

function substitution(index: number): string {
  return index === 0 ? 'S_' : `S${(index - 1).toString(36).toUpperCase()}_`;
}

/** Each argument doubles the one before through a substitution. */
function doubling(open: string, rounds: number): string {
  let name = '_Z1f1A';
  for (let round = 0; round < rounds; round++) {
    const last = substitution(round * (open === 'F' ? 1 : 2));
    name += open === 'F' ? `F${last}${last}E` : `1B${'I'}${last}${last}E`;
  }
  return name;
}

/** Each parameter is built on the one before: `PS_`, `PS0_`… goes deep where nothing nests. */
function chain(open: string, close: string, rounds: number, prefix = '_Z1fIJiEEvPT_'): string {
  let name = prefix;
  // The function is the first candidate, the parameter the second, the pointer to it the third.
  let last = 2;
  for (let round = 0; round < rounds; round++) {
    name += `${open}${substitution(last)}${close}`;
    last++;
  }
  return name;
}

/** A chain in the base of an inherited constructor, which is not printed, and an expansion of its end. */
function hidden(open: string, close: string): string {
  let name = '_ZN1ACI1Fv';
  for (let round = 0; round < 6000; round++) {
    name += `${open}${round === 0 ? 'i' : substitution(round)}${close}`;
  }
  return `${name}EEDp${substitution(6000)}P${substitution(5990)}`;
}

/** Small names that a careless demangler spends gigabytes, minutes or its whole stack on. */
export const BOMBS: readonly (readonly [title: string, name: string])[] = [
  ['doubling function types', doubling('F', 60)],
  ['doubling template arguments', doubling('I', 60)],
  ['pointers', `_Z1f${'P'.repeat(20_000)}i`],
  ['function types', `_Z1f${'F'.repeat(20_000)}v`],
  ['nested names', `_Z${'N'.repeat(20_000)}1aE`],
  ['local names', `_Z${'Z'.repeat(20_000)}1fvE1a`],
  ['template arguments', `_Z1f${'I'.repeat(20_000)}i`],
  ['expressions', `_Z1fIX${'ng'.repeat(20_000)}Li1EEEvv`],
  ['long scopes', `_ZN${'1a'.repeat(15_000)}Ev`],
  ['many parameters', `_Z1f${'1A'.repeat(15_000)}`],
  ['many substitutions', `_Z1f${'P'.repeat(150)}i${'S10_'.repeat(10_000)}`],
  ['packs in packs', `_Z1fIJ${'iiiiiiiiii'.repeat(20)}EEvDpFvDpFvDpFvDpT_T_ET_ET_E`],
  ['empty packs', `_Z1fIJEEv${'DpFvDpT_E'.repeat(2000)}`],
  ['a huge number', `_Z${'9'.repeat(60_000)}a`],
  ['a huge substitution', `_Z1fS${'Z'.repeat(60_000)}_`],
  ['references to references', `_Z1fIiEv${'RT_'.repeat(5000)}`],
  ['a chain of pointers', chain('P', '', 3000)],
  ['a chain of references', chain('R', '', 3000)],
  ['a chain of qualifiers', chain('VK', '', 3000)],
  ['a chain of function types', chain('F', 'vE', 3000)],
  ['a chain of arrays', chain('A_', '', 3000)],
  ['a chain of vectors', chain('Dv2_', '', 3000)],
  ['a chain of expansions', chain('Dp', '', 3000)],
  ['a hidden chain of pointers', hidden('P', '')],
  ['a hidden chain of qualifiers', hidden('VK', '')],
  ['a hidden chain of function types', hidden('F', 'vE')],
  ['a chain in a constraint', `${chain('P', '', 3000)}Q1CIS1_E`],
  [
    'one large type in many constraints',
    `_Z1fIiEvPF${'vi'.repeat(2000)}T_E${'i'.repeat(10)}Q1CI${'S1_'.repeat(9000)}E`,
  ],
  ['many constraints on one large type', `_Z1fIPF${'vi'.repeat(2000)}E${'Tk1CIS0_Ei'.repeat(4000)}Evv`],
  ['Rust: doubling tuples', rustDoubling(40)],
  ['Rust: references', `_RMC1a${'R'.repeat(20_000)}u`],
  ['Rust: binders', `_RMC1aF${'GZZ_'.repeat(1)}${'FGZ_'.repeat(200)}EuEu`],
  ['Rust: Punycode', `_RNvC1au60000_${'z'.repeat(60_000)}`],
  ['Rust: back references', `_RMC1a${'TB5_'.repeat(2000)}E`],
  ['longer than any name', `_Z70000${'a'.repeat(70_000)}v`],
];

/** Tuples of two references to the tuple before. */
function rustDoubling(rounds: number): string {
  let name = '_RIC1a';
  let last = 'u';
  for (let round = 0; round < rounds; round++) {
    const start = name.length - 2;
    name += `T${last}${last}E`;
    last = `B${base62(start)}`;
  }
  return `${name}E`;
}

function base62(value: number): string {
  if (value === 0) return '_';
  const digits = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
  let rest = value - 1;
  let text = '';
  do {
    text = digits[rest % 62]! + text;
    rest = Math.floor(rest / 62);
  } while (rest > 0);
  return `${text}_`;
}
