import { LIBC_RULES, LIBCS, type UnloadFacts, type UnloadVerdict } from '../../analyses/unload/index.ts';
import type { Report } from '../../model/index.ts';
import { printable } from '../printable.ts';
import type { Paint, Style } from '../style.ts';

/** The verdict, for which C library, what goes and what stays, and the thread keys. Reasons are findings. */
export function renderUnload({ facts, verdict }: Report<UnloadFacts>, style: Style): string {
  const judged = verdict as UnloadVerdict;
  const lines = [
    `${printable(facts.path)}: ${verdictPaint(judged, style)(judged)}`,
    '',
    ...[...rows(facts)].map(([title, text]) => `  ${style.dim(title.padEnd(10))}  ${printable(text)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function verdictPaint(verdict: UnloadVerdict, style: Style): Paint {
  const paint = { unloads: style.green, pinned: style.red, unknown: style.yellow }[verdict];
  return (text) => paint(style.bold(text));
}

function* rows(facts: UnloadFacts): Generator<[string, string]> {
  const how = facts.libcFrom === 'given' ? 'as asked for' : facts.libcEvidence;
  yield [
    'C library',
    `${LIBC_RULES[facts.libc].title} (${facts.libcFrom === 'assumed' ? 'assumed: ' : ''}${how})`,
  ];
  yield ['host', facts.host ?? 'a process with nothing but the C library'];
  if (facts.unloaded !== null && facts.unloaded.length > 0) yield ['goes', facts.unloaded.join(', ')];
  if (facts.stays.length > 0) yield ['stays', facts.stays.join(', ')];
  for (const { name, evidence } of facts.staticRuntimes) yield ['linked in', `${name}: ${evidence}`];
  yield ['keys', keysText(facts)];
}

function keysText({ keysPerRound: { min, max }, exhaustedAtRound }: UnloadFacts): string {
  if (max === 0) return 'none lost';
  const count = max === null ? `${min} or more` : min === max ? `${max}` : `${min} to ${max}`;
  const rounds = LIBCS.flatMap((libc) => {
    const round = exhaustedAtRound[libc];
    return round === null ? [] : [`${round} (${LIBC_RULES[libc].title})`];
  });
  const when = min === max ? '' : max === null ? ' at the latest' : ' at the earliest';
  const end = rounds.length === 0 ? '' : `; none left in round ${rounds.join(', ')}${when}`;
  return `${count} lost each round${end}`;
}
