import type { ImageTrace, TraceStep } from '../../analyses/trace/index.ts';
import { printable } from '../printable.ts';
import type { Paint, Style } from '../style.ts';
import type { ShowNames } from '../symbol-names.ts';
import { count } from '../text.ts';

/** How steps are written. */
export interface StepPaper {
  readonly style: Style;
  readonly show: ShowNames;
  /** Whether the trace has times. */
  readonly isTimed: boolean;
  /** Events of the image: what there is none of the loader may not have been asked for. */
  readonly told: ImageTrace['counts'];
  /** Every step by itself, every file that was tried. */
  readonly all: boolean;
}

const TIME_WIDTH = 9;
const WORD_WIDTH = 10;
/** Steps of one kind in a row that are told in one line. */
const ALIKE = 4;

/** What a step is called in front of a user, where it is another word. */
const WORDS: Readonly<Partial<Record<TraceStep['step'], string>>> = {
  initialize: 'program',
  transfer: 'main',
};

/** The steps of an image, a line each; many of one kind in a row share one. */
export function stepLines(steps: readonly TraceStep[], paper: StepPaper): string[] {
  const lines: string[] = [];
  for (let at = 0; at < steps.length; ) {
    const step = steps[at]!;
    const row = paper.all ? 1 : alike(steps, at);
    if (row > ALIKE) {
      lines.push(line(step, rowText(steps, at, row, paper), paper));
    } else for (const one of steps.slice(at, at + row)) lines.push(...stepText(one, paper));
    at += Math.max(row, 1);
  }
  return lines;
}

function rowText(steps: readonly TraceStep[], at: number, row: number, paper: StepPaper): string {
  const [first, last] = [steps[at]!, steps[at + row - 1]!];
  if (first.step === 'error') return `${errorText(first, paper)} ${paper.style.dim(`and ${row - 1} more`)}`;
  return `${count(row, 'object')}, ${printable(first.subject)} to ${printable(last.subject)}`;
}

function errorText({ subject, message, isFatal }: TraceStep, { style }: StepPaper): string {
  const object = subject === '' ? '' : `${printable(subject)}: `;
  return `${object}${printable(message ?? '')}${isFatal ? '' : style.dim(' (caught)')}`;
}

const GROUPED: ReadonlySet<string> = new Set(['fini', 'unload', 'global', 'error']);

/** Errors are alike that say the same of one object, but for the symbol that it does not define. */
export function likeness({ step, subject, message = '', isFatal }: TraceStep): string {
  const told = message.replace(/(undefined symbol: ).*/s, '$1');
  return step === 'error' ? JSON.stringify([step, subject, told, isFatal]) : `${step} ${subject}`;
}

/** How many steps of the same kind follow each other. */
function alike(steps: readonly TraceStep[], from: number): number {
  const first = steps[from]!;
  if (!GROUPED.has(first.step)) return 1;
  const same = first.step === 'error' ? likeness(first) : undefined;
  let to = from;
  for (; steps[to]?.step === first.step && steps[to]?.depth === first.depth; to++) {
    if (same !== undefined && likeness(steps[to]!) !== same) break;
  }
  return to - from;
}

function stepText(step: TraceStep, paper: StepPaper): string[] {
  const { style, all } = paper;
  switch (step.step) {
    case 'load':
      return [line(step, loadText(step, paper), paper), ...triedLines(step, paper)];
    case 'versions':
      return [line(step, `${count(step.count ?? 0, 'comparison')} of needed with defined ones`, paper)];
    case 'scope':
      return [line(step, (step.objects ?? []).map(printable).join(' '), paper)];
    case 'relocate': {
      const found = lookupsText(step, paper);
      const lazily = step.isLazy ? `lazily${found === '' ? '' : ','}` : '';
      return [line(step, `${printable(step.subject)} ${style.dim(`${lazily} ${found}`.trim())}`, paper)];
    }
    case 'bind': {
      const first = printable(paper.show(step.subject));
      return [line(step, style.dim(`${lookupsText(step, paper)}, the first for ${first}`), paper)];
    }
    case 'dlopen':
      return [line(step, openText(step, paper), paper)];
    case 'dlclose': {
      const left = step.count === undefined ? '' : style.dim(` (${count(step.count, 'open handle')} left)`);
      return [line(step, `${printable(step.subject)}${left}`, paper)];
    }
    case 'error':
      return [line(step, errorText(step, paper), paper)];
    case 'nodelete': {
      const reason = step.message === undefined ? '' : ` ${style.dim(printable(step.message))}`;
      return [line(step, `${printable(step.subject)}${reason}`, paper)];
    }
    default:
      return [
        line(step, `${printable(step.subject)}${all || slow(step) ? duration(step, paper) : ''}`, paper),
      ];
  }
}

/** Milliseconds from which a constructor is worth a word. */
const SLOW = 1;
const slow = ({ ms = 0 }: TraceStep): boolean => ms >= SLOW;

const duration = ({ ms }: TraceStep, { style }: StepPaper): string =>
  ms === undefined ? '' : style.dim(` ${ms.toFixed(1)} ms`);

function lookupsText({ count: found = 0, lookups = 0 }: TraceStep, { told }: StepPaper): string {
  return [
    ...(told.bind === undefined ? [] : [count(found, 'binding')]),
    ...(lookups === 0 ? [] : [count(lookups, 'look-up')]),
  ].join(', ');
}

function loadText(step: TraceStep, { style }: StepPaper): string {
  const { subject, by, path, base, through, triedCount = 0 } = step;
  const asked = by === undefined ? '' : style.dim(` for ${printable(by)}`);
  if (path === undefined) {
    // Who tells who asks tells of mapping too.
    const end =
      base === undefined ? ` ${style.yellow(by === undefined ? 'not seen again' : 'not mapped')}` : '';
    return `${printable(subject)}${asked}${end}`;
  }
  if (path === subject) return `${printable(subject)}${asked}`;
  const how =
    through === undefined ? '' : ` (${printable(through)}${triedCount > 1 ? `, file ${triedCount}` : ''})`;
  return `${printable(subject)} ${style.dim('=>')} ${printable(path)}${style.dim(how)}${asked}`;
}

function triedLines({ path, tried = [], triedCount = 0, depth }: TraceStep, paper: StepPaper): string[] {
  if (!paper.all && path !== undefined) return [];
  const missed = path === undefined ? tried : tried.slice(0, -1);
  const more = triedCount - tried.length;
  const lines = missed.map((file) => indented(paper, depth, `tried ${printable(file)}`));
  return more > 0 ? [...lines, indented(paper, depth, `… and ${more} more`)] : lines;
}

const indented = ({ isTimed, style }: StepPaper, depth: number, text: string): string =>
  `${' '.repeat((isTimed ? TIME_WIDTH : 0) + WORD_WIDTH + 4 + 2 * depth)}${style.dim(text)}`;

function openText(step: TraceStep, paper: StepPaper): string {
  const { style } = paper;
  const { subject, path, by, count: handles, message } = step;
  const asked = by === undefined ? '' : style.dim(` by ${printable(by)}`);
  const name = subject === '' ? 'the program itself' : printable(subject);
  if (message !== undefined) return `${name}${asked} ${style.red('failed')}`;
  const reached = path === undefined || path === subject ? '' : ` ${style.dim('=>')} ${printable(path)}`;
  const times = (handles ?? 0) > 1 ? style.dim(` (handle ${handles})`) : '';
  return `${name}${reached}${times}${asked}${duration(step, paper)}`;
}

function line(step: TraceStep, text: string, { style, isTimed }: StepPaper): string {
  const time = isTimed ? `${style.dim((step.at?.toFixed(1) ?? '').padStart(TIME_WIDTH - 2))}  ` : '';
  const word = WORDS[step.step] ?? step.step;
  const paint = painted(step, style);
  return `  ${time}${'  '.repeat(step.depth)}${paint(word.padEnd(WORD_WIDTH))}${text}`.trimEnd();
}

function painted({ step, message }: TraceStep, style: Style): Paint {
  if (step === 'error' || (step === 'dlopen' && message !== undefined)) return style.red;
  if (step === 'notice') return style.yellow;
  return step === 'transfer' || step === 'dlopen' || step === 'dlclose' ? style.bold : style.cyan;
}
