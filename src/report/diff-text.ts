import type { AbiChangeFacts, DiffFacts } from '../analyses/index.ts';
import type { Report, Verdict } from '../model/index.ts';
import { printable } from './printable.ts';
import type { Paint, Style } from './style.ts';
import { count } from './text.ts';

/** The verdict, what it asks for, what differs by kind, and what to do. The changes themselves are findings. */
export function renderDiff({ facts, verdict }: Report<DiffFacts>, style: Style): string {
  const judged = verdict as Verdict;
  const lines = [
    `${printable(facts.old.path)} → ${printable(facts.new.path)}: ${verdictPaint(judged, style)(judged)}`,
    '',
    ...rows(facts).map(([title, text]) => `  ${style.dim(title.padEnd(8))}  ${printable(text)}`),
    ...changeLines(facts.changes, style),
    ...programLines(facts, style),
    '',
    ...facts.next.map((step) => `  ${style.green('→')} ${printable(step)}`),
  ];
  return `${lines.join('\n')}\n`;
}

function verdictPaint(verdict: Verdict, style: Style): Paint {
  const paint = {
    identical: style.green,
    compatible: style.green,
    incompatible: style.red,
    forbidden: style.red,
  };
  return (text) => paint[verdict](style.bold(text));
}

function rows({ old, new: recent, bump, soname, version }: DiffFacts): [string, string][] {
  return [
    ['bump', bump],
    ['soname', sonameText(soname)],
    ['version', versionText(version)],
    ['exports', `${old.exports} before, ${recent.exports} now`],
    ['evidence', `${old.evidence} before, ${recent.evidence} now`],
  ];
}

function sonameText({ status, old = 'none', new: now = 'none' }: DiffFacts['soname']): string {
  switch (status) {
    case 'none':
      return 'none on either side: programs ask for the file name';
    case 'right':
      return `${now}: right`;
    case 'must-change':
      return `${now}: wrong, it has to change`;
    case 'changed-as-it-must':
      return `${old} before, ${now} now: right, it had to change`;
    case 'changed-without-cause':
      return `${old} before, ${now} now: wrong`;
  }
}

function versionText({ status, old, new: now, least }: DiffFacts['version']): string {
  const found = `${old ?? 'unknown'} before, ${now ?? 'unknown'} now`;
  if (status === 'unknown') return `${found}: cannot be judged`;
  return status === 'right' ? `${found}: right` : `${found}: too low, ${least} at least`;
}

/** One line for each kind and what follows from it, however many changes there are. */
function changeLines(changes: readonly AbiChangeFacts[], style: Style): string[] {
  const groups = [
    ...Map.groupBy(changes, ({ kind, effect, consequence }) => `${kind}\0${effect}\0${consequence}`).values(),
  ];
  if (groups.length === 0) return [];
  const width = Math.max(...groups.map((group) => String(group.length).length));
  const lines = groups.map((group) => {
    const { kind, consequence } = group[0]!;
    return `  ${String(group.length).padStart(width)} ${kind}: ${style.dim(printable(consequence))}`;
  });
  return ['', style.bold('what programs linked against the old one experience:'), ...lines];
}

function programLines({ programs = [] }: DiffFacts, style: Style): string[] {
  if (programs.length === 0) return [];
  const lines = programs.map(({ path, uses, breaks, because }) => {
    const fate = breaks
      ? style.red(`breaks (${count(because.length, 'change')})`)
      : style.green('goes on working');
    return `  ${printable(path)}: uses ${count(uses, 'export')}, ${fate}`;
  });
  return ['', style.bold('programs:'), ...lines];
}
