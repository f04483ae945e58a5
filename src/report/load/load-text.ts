import { NOTHING_MOVES, stepDifferences } from '../../analyses/loading/step-result.ts';
import { baseName, type LoadFacts, type StepFacts, type StepResult } from '../../model/index.ts';
import { printable } from '../printable.ts';
import type { Paint, Style } from '../style.ts';
import type { ShowNames } from '../symbol-names.ts';

const YES = '✓';
const NO = '✗';

/** Most paths, bindings and lines of output shown for a step; JSON has them all. */
const LIMIT = 12;

/** What the result of a step is called; what it is about stands behind it. */
const RESULTS: Readonly<Record<StepResult['result'], string>> = {
  opened: 'opened',
  'not-loaded': 'not loaded',
  found: 'found in',
  null: 'NULL',
  called: 'called in',
  read: 'read in',
  written: 'written in',
  inside: 'lies in',
  outside: 'lies in',
  closed: 'closed',
  refused: 'refused',
  failed: 'failed',
  died: 'died',
  skipped: 'skipped',
  unknown: 'not to be told',
};

/** What is done somewhere. */
const WITH_PLACE: ReadonlySet<StepResult['result']> = new Set(['found', 'called', 'read', 'written']);

/** A line under a step: what it tells, and the lines of it. */
type Entry = readonly [label: string, lines: readonly string[]];

/** Step by step what the loader did, with predicted beside observed where they differ. */
export function renderLoad({ steps }: LoadFacts, style: Style, showNames: ShowNames): string {
  const blocks = steps.map((step, at) => renderStep(step, at + 1, style, showNames));
  return `${blocks.join('')}\n${closingLine(steps, style)}\n`;
}

function closingLine(steps: readonly StepFacts[], style: Style): string {
  if (steps.every(({ observed }) => observed === null)) return style.dim('predicted; nothing was run');
  const predicted = steps.filter(({ predicted: said }) => said !== null).length;
  const missed = steps.filter(({ agrees }) => !agrees).length;
  if (missed > 0) return style.red(`${missed} of ${predicted} predictions missed`);
  return style.green(`${predicted} of ${steps.length} steps predicted, all of them right`);
}

function renderStep(facts: StepFacts, number: number, style: Style, showNames: ShowNames): string {
  const { observed, agrees, predicted } = facts;
  const isFailure = ['refused', 'failed', 'died'].includes(shownResult(facts).result);
  const mark = predicted === null || observed === null ? ' ' : agrees ? style.green(YES) : style.red(NO);
  const heading = `${style.dim(`${number}`)} ${mark} ${style.bold(printable(facts.step))}\n`;
  const entries = [...stepEntries(facts, showNames), ...missedEntries(facts)];
  const width = Math.max(...entries.map(([label]) => label.length), LABEL_WIDTH);
  const lines = entries.flatMap((entry, at) =>
    entryLines(entry, width, at === 0 && isFailure ? style.red : style.dim),
  );
  return `${heading}${lines.map((line) => `    ${line}\n`).join('')}`;
}

/** What happened, or what will, or that nobody can tell. */
const shownResult = ({ observed, predicted }: StepFacts): StepResult => observed ?? predicted ?? UNKNOWN;

const UNKNOWN: StepResult = { ...NOTHING_MOVES, result: 'unknown' };

/** As wide as the usual labels, so that the steps stand in line. */
const LABEL_WIDTH = 'called in'.length;

function entryLines([label, lines]: Entry, width: number, paint: Paint): string[] {
  const texts = lines.length === 0 ? [''] : lines;
  return texts.map((line, index) => {
    const start = index === 0 ? paint(label) + ' '.repeat(width - label.length) : ' '.repeat(width);
    return line === '' ? start.trimEnd() : `${start}  ${printable(line)}`;
  });
}

function stepEntries(facts: StepFacts, showNames: ShowNames): Entry[] {
  const { bound, kept, value, buffers = [], foreignCalls, doubts, stdout, stderr } = facts;
  const shown = shownResult(facts);
  const entries: Entry[] = [
    [RESULTS[shown.result], resultLines(shown, showNames)],
    ['in file', placeLines(shown)],
    ...(value === undefined ? [] : [['value', [value]] as const]),
    ...buffers.map(({ argument, value: text }): Entry => [`argument ${argument + 1}`, [text]]),
    ['loaded', limited(shown.loaded)],
    ['init', limited(shown.initialised ?? [])],
    [
      'bound',
      limited(
        bound.map(({ from, symbol, to }) => `${showNames(symbol)}: ${baseName(from)} → ${baseName(to)}`),
      ),
    ],
    ['fini', limited(shown.finalised ?? [])],
    ['unloaded', limited(shown.unloaded)],
    ...(kept ?? []).map(({ object, by }): Entry => ['stays', [`${object}: ${by.join(', ')}`]]),
    ...(foreignCalls ?? []).map(
      ({ call, library, by }): Entry => [
        'by itself',
        [`${call} ${library}${by === undefined ? '' : `, called by ${by}`}`],
      ],
    ),
    ...(doubts ?? []).map(({ object, because }): Entry => ['in doubt', [`${object}: ${showNames(because)}`]]),
    ['stdout', outputLines(stdout)],
    ['stderr', outputLines(stderr)],
  ];
  return entries.filter(([, lines], at) => at === 0 || lines.length > 0);
}

function resultLines(
  { result, message, object, symbol, offset }: StepResult,
  showNames: ShowNames,
): string[] {
  if (message !== undefined) return [showNames(message)];
  if (result === 'null') return ['the symbol is there, and that is its value'];
  if (result === 'outside') return ['no object'];
  const place = symbol === undefined ? '' : `: ${showNames(symbol)}${offset === '0' ? '' : `+${offset}`}`;
  if (object !== undefined) return [object + place];
  return WITH_PLACE.has(result) ? ['memory that belongs to no object'] : [];
}

function placeLines({ address, fileOffset }: StepResult): string[] {
  if (address === undefined) return [];
  return [`address ${address}${fileOffset === undefined ? '' : `, offset ${fileOffset}`}`];
}

/** What was predicted and is not so. */
function missedEntries(facts: StepFacts): Entry[] {
  return stepDifferences(facts).map((key) => [`predicted ${key}`, [listed(facts.predicted![key])]]);
}

const listed = (value: StepResult[keyof StepResult]): string =>
  Array.isArray(value) ? value.join(', ') || 'nothing' : String(value);

function limited(lines: readonly string[]): string[] {
  if (lines.length <= LIMIT) return [...lines];
  return [...lines.slice(0, LIMIT - 1), `… and ${lines.length - LIMIT + 1} more`];
}

const outputLines = (text: string): string[] =>
  text === '' ? [] : limited(text.replace(/\n$/, '').split('\n'));
