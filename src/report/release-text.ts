import type {
  ChangeFacts,
  FarmFacts,
  LinkState,
  ProgramFacts,
  Reason,
  ReleaseCheckFacts,
} from '../analyses/release/index.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';
import { renderTable } from './table.ts';
import { count } from './text.ts';

const WHY: Readonly<Record<Reason, string>> = {
  only: 'the only file',
  newest: 'the newest',
  'file-before-link': 'a file goes before a link',
  'directory-order': 'first of equal versions',
};

const STATES: Readonly<Record<LinkState, string>> = {
  right: 'right',
  itself: 'the file itself',
  missing: 'missing',
  wrong: 'wrong',
  blocked: 'blocked',
};

/** Each directory: who should win each soname, and with `changes` what is done to links. */
export function renderFarms(farms: readonly FarmFacts[], changes: boolean, style: Style): string {
  return farms.map((farm) => renderFarm(farm, changes, style)).join('\n');
}

function renderFarm({ path, sonames, changes }: FarmFacts, withChanges: boolean, style: Style): string {
  const lines = [`${style.bold(printable(path))}: ${count(sonames.length, 'soname')}\n`];
  if (sonames.length > 0) {
    const paint = (text: string) =>
      /^(right|the file itself) *$/.test(text) ? style.green(text) : style.red(text);
    const columns = [{ title: 'SONAME' }, { title: 'LINK', paint }, { title: 'FILE' }, { title: 'WHY' }];
    const rows = sonames.map(({ soname, link, file, through, why }) => [
      soname,
      STATES[link],
      through === undefined ? file : `${file} (through ${through})`,
      WHY[why],
    ]);
    lines.push(renderTable(columns, rows, style));
  }
  if (withChanges) lines.push(...changes.map((change) => `${changeLine(change, style)}\n`));
  if (withChanges && changes.length === 0) lines.push('no link changes\n');
  return lines.join('');
}

function changeLine(change: ChangeFacts, style: Style): string {
  const { action, name, was, outcome, problem } = change;
  const verb =
    outcome === 'planned' ? `would ${action}` : outcome === 'made' ? DONE[action] : `cannot ${action}`;
  const target = action === 'link' ? ` -> ${printable(change.target)}` : '';
  const old = was === undefined ? '' : style.dim(` (was ${printable(was)})`);
  const reason = problem === undefined ? '' : `: ${printable(problem)}`;
  return `${outcome === 'failed' ? style.red(verb) : verb} ${printable(name)}${target}${old}${reason}`;
}

const DONE = { link: 'linked', remove: 'removed' } as const;

/** A release: what it is, and what it has to be. */
export function renderRelease(facts: ReleaseCheckFacts, style: Style): string {
  const { from, to, verdict, bump, soname, version, fileName, links, programs } = facts;
  const line = (title: string, text: string) => `  ${title.padEnd(10)} ${printable(text)}\n`;
  const paint = verdict === 'identical' || verdict === 'compatible' ? style.green : style.red;
  const lines = [
    `${style.bold(printable(from))} -> ${style.bold(printable(to))}: ${paint(verdict)}\n`,
    line('bump', bump),
    line('version', versionText(version)),
    line('soname', wantedText(soname.new, soname.wanted)),
    line('file name', wantedText(fileName.found, fileName.wanted)),
    ...links.map(({ name, target, state, use }) =>
      line('link', `${name} -> ${target} (${STATES[state]}${use === 'linker' ? ', for -l' : ''})`),
    ),
    ...programs.map((program) => line('used by', programText(program, soname.status === 'must-change'))),
  ];
  return lines.join('');
}

function versionText({ old, new: now, least }: ReleaseCheckFacts['version']): string {
  const range = `${old ?? 'none'} before, ${now ?? 'none'} now`;
  return least === undefined ? range : `${range}, at least ${least}`;
}

function wantedText(found: string | undefined, wanted: string | undefined): string {
  if (wanted === undefined || wanted === found) return found ?? 'none';
  return `${found ?? 'none'}, wanted ${wanted}`;
}

function programText({ path, needs, uses, breaks }: ProgramFacts, kept: boolean): string {
  if (!needs) return `${path}: does not need it`;
  const used = `${path}: ${count(uses, 'symbol')}`;
  if (breaks.length === 0) return `${used}, all as before`;
  return `${used}, ${breaks.length} changed${kept ? '' : ': goes on with the old file'}`;
}
