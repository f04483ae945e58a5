import type {
  ImageTrace,
  ProcessTrace,
  TraceFacts,
  TraceStep,
  VerifiedImage,
} from '../../analyses/trace/index.ts';
import { printable } from '../printable.ts';
import type { Style } from '../style.ts';
import type { ShowNames } from '../symbol-names.ts';
import { count } from '../text.ts';
import { likeness, type StepPaper, stepLines } from './step-text.ts';

/** Symbols and providers that are told of an image. */
const TOP = 5;
/** Errors that are told at the head. */
const ERRORS = 20;

export interface TracePaper {
  readonly style: Style;
  readonly show: ShowNames;
  /** Every step of every process. */
  readonly all: boolean;
}

/** What went wrong, then a timeline of each process; of children that had no trouble a line. */
export function writeTrace(facts: TraceFacts, write: (text: string) => void, paper: TracePaper): void {
  const { style } = paper;
  write(`${headline(facts, style)}\n`);
  for (const line of troubles(facts, style)) write(`${line}\n`);
  for (const [position, process] of facts.processes.entries()) {
    const isBrief = position > 0 && !paper.all && !process.images.some(hasTrouble);
    const lines = isBrief ? briefLines(process, style) : processLines(process, paper);
    const wasBrief = position > 0 && isBrief;
    write(`${wasBrief && isBriefBefore(facts, position, paper) ? '' : '\n'}${lines.join('\n')}\n`);
  }
  if (facts.omittedProcesses > 0) write(`\n… and ${facts.omittedProcesses} more of them\n`);
  if (facts.unused.length > 0) {
    write(`\n${style.bold('needed and not used:')} ${facts.unused.map(printable).join(' ')}\n`);
  }
  if (facts.verified !== undefined) write(`\n${verifiedLines(facts.verified, paper).join('\n')}\n`);
}

function isBriefBefore({ processes }: TraceFacts, position: number, { all }: TracePaper): boolean {
  return position > 1 && !all && !processes[position - 1]!.images.some(hasTrouble);
}

function headline(facts: TraceFacts, style: Style): string {
  const { command, ending, processes, omittedProcesses, events, lines } = facts;
  const what = command === null ? 'log' : command.map(printable).join(' ');
  const parts = [
    ...(ending === null ? [] : [endingText(ending)]),
    processText(processes.length + omittedProcesses),
    count(events, 'event'),
    count(lines, 'line'),
  ];
  return `${style.bold(what)}: ${parts.join(', ')}`;
}

const processText = (size: number): string => (size === 1 ? '1 process' : `${size} processes`);

function endingText(ending: NonNullable<TraceFacts['ending']>): string {
  switch (ending.kind) {
    case 'status':
      return `exit status ${ending.status}`;
    case 'signal':
      return `ended by ${ending.signal}`;
    case 'time-limit':
      return `stopped after ${ending.seconds} s`;
    case 'not-started':
      return ending.message;
  }
}

const hasTrouble = ({ steps }: ImageTrace): boolean =>
  steps.some(({ step }) => step === 'error' || step === 'notice');

/** Errors and what nobody understood: whoever traces a loader looks for these first. */
function troubles({ processes, unknown }: TraceFacts, style: Style): string[] {
  const errors = processes.flatMap(({ pid, images }) =>
    images.flatMap((image) =>
      troublesOf(image).map(({ first: { subject, message, isFatal, step }, more }) => {
        const text = step === 'notice' ? subject : `${subject === '' ? '' : `${subject}: `}${message}`;
        const others = more === 0 ? '' : ` and ${more} more`;
        const caught = step === 'notice' || isFatal ? '' : ' (caught)';
        const where = `${others}${caught}, in ${printable(image.program ?? '?')} ${pid}`;
        return `  ${style.red(printable(text))}${style.dim(where)}`;
      }),
    ),
  );
  const lines = errors.slice(0, ERRORS);
  if (errors.length > ERRORS) lines.push(style.dim(`  … and ${count(errors.length - ERRORS, 'more error')}`));
  if (unknown.count > 0) {
    lines.push(`  ${style.yellow(`${count(unknown.count, 'line')} not understood`)}`);
    lines.push(...unknown.examples.map((text) => style.dim(`    ${printable(text)}`)));
  }
  return lines;
}

interface Trouble {
  readonly first: TraceStep;
  /** Others like it. */
  more: number;
}

/** Symbols that an object is asked for in vain share a line: there may be many, and no harm in them. */
function troublesOf({ steps }: ImageTrace): Trouble[] {
  const troubles = new Map<string, Trouble>();
  for (const step of steps) {
    if (step.step !== 'error' && step.step !== 'notice') continue;
    const key = likeness(step);
    const known = troubles.get(key);
    if (known === undefined) troubles.set(key, { first: step, more: 0 });
    else known.more++;
  }
  return [...troubles.values()];
}

/** `sh 4711 (child of 4710)` */
function title({ pid, parent }: ProcessTrace, program: string, style: Style): string {
  const origin = parent === null ? '' : style.dim(` (child of ${parent})`);
  return `${style.bold(printable(program))} ${pid}${origin}`;
}

const programOf = ({ images }: ProcessTrace): string => images.at(-1)!.program ?? 'copy of its parent';

function briefLines(process: ProcessTrace, style: Style): string[] {
  const sizes = process.images.map((image) => {
    const loads = image.steps.filter(({ step }) => step === 'load').length;
    const opens = image.steps.filter(({ step }) => step === 'dlopen').length;
    const name = image.program === null ? '' : `${printable(image.program)}: `;
    const opened = opens === 0 ? '' : `, ${opens} opened`;
    const time = image.ms === null ? '' : `, ${image.ms.toFixed(1)} ms`;
    return `${name}${count(loads, 'load')}${opened}, ${count(image.counts.bind ?? 0, 'binding')}${time}`;
  });
  return [`${title(process, programOf(process), style)} ${style.dim(sizes.join('; '))}`];
}

function processLines(process: ProcessTrace, paper: TracePaper): string[] {
  return process.images.flatMap((image, position) => {
    const name = image.program ?? (image.begins === 'fork' ? 'copy of its parent' : 'a program');
    const head = position === 0 ? title(process, name, paper.style) : executed(name, paper.style);
    const isLast = position === process.images.length - 1 && process.omittedImages > 0;
    const left = isLast ? [`… ${count(process.omittedImages, 'more program')} between`] : [];
    const unit = position === 0 && image.at !== null ? paper.style.dim(', ms since the start') : '';
    return [...left, head + unit, ...imageLines(image, paper)];
  });
}

const executed = (program: string, style: Style): string =>
  `${style.dim('executes')} ${style.bold(printable(program))}`;

function imageLines(image: ImageTrace, { style, show, all }: TracePaper): string[] {
  const paper: StepPaper = {
    style,
    show,
    all,
    isTimed: image.at !== null,
    told: image.counts,
  };
  const lines = stepLines(image.steps, paper);
  if (image.omittedSteps > 0) lines.push(style.dim(`  … and ${count(image.omittedSteps, 'more step')}`));
  if (!image.isStarted) lines.push(`  ${style.red('main was not reached')}`);
  if (image.statistics.length > 0) lines.push(...statisticLines(image, style));
  if (image.providers.length > 0) {
    const most = image.providers
      .slice(0, TOP)
      .map(({ object, bindings }) => `${printable(object)} ${bindings}`);
    lines.push(`  ${style.dim(`bound to  ${most.join(', ')}${more(image.providers.length)}`)}`);
    const symbols = image.symbols
      .slice(0, TOP)
      .map(({ symbol, bindings }) => `${printable(show(symbol))} ${bindings}`);
    lines.push(`  ${style.dim(`most      ${symbols.join(', ')}`)}`);
  }
  return lines;
}

const more = (size: number): string => (size > TOP ? ` and ${size - TOP} more` : '');

function statisticLines({ statistics }: ImageTrace, style: Style): string[] {
  const width = Math.max(...statistics.map(({ value }) => grouped(value).length));
  return statistics.map(({ name, value, unit, percent }) => {
    const share = percent === null ? '' : ` (${percent} %)`;
    return style.dim(`  ${grouped(value).padStart(width)}${unit === null ? '' : ` ${unit}`} ${name}${share}`);
  });
}

const grouped = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

/** Programs that are told one by one where all is as predicted. */
const VERIFIED = 8;

/** Where many went as predicted they share a line. */
function verifiedLines(verified: readonly VerifiedImage[], { style, all }: TracePaper): string[] {
  const isPlain = ({ skipped, differences }: VerifiedImage) => skipped === undefined && differences === 0;
  const plain = verified.filter(isPlain);
  if (all || plain.length <= VERIFIED) return verified.map((image) => verifiedLine(image, style));
  const [first, ...rest] = plain;
  const sum = rest.reduce(addImages, first!);
  const name = `${plain.length} programs`;
  const others = verified.filter((image) => !isPlain(image));
  return [
    ...others.map((image) => verifiedLine(image, style)),
    verifiedLine({ ...sum, program: name, pid: 0 }, style),
  ];
}

const addImages = (sum: VerifiedImage, image: VerifiedImage): VerifiedImage => ({
  ...sum,
  loads: sum.loads + image.loads,
  bindings: sum.bindings + image.bindings,
  versions: sum.versions + image.versions,
  initialisers: sum.initialisers + image.initialisers,
  dlopens: sum.dlopens + image.dlopens,
  notPredicted: sum.notPredicted + image.notPredicted,
});

function verifiedLine(
  { pid, program, skipped, differences, notPredicted, ...sizes }: VerifiedImage,
  style: Style,
): string {
  const name = `${style.bold(`verified ${printable(program || 'a program')}`)}${pid === 0 ? '' : ` ${pid}`}`;
  if (skipped !== undefined) return `${name}: ${style.yellow(`not predicted: ${printable(skipped)}`)}`;
  const parts = [
    count(sizes.loads, 'load'),
    count(sizes.bindings, 'binding'),
    count(sizes.versions, 'version'),
    count(sizes.initialisers, 'initialiser'),
    count(sizes.dlopens, 'dlopen'),
  ];
  const outcome =
    differences === 0 ? style.green('as predicted') : style.red(count(differences, 'difference'));
  const rest = notPredicted === 0 ? '' : style.dim(`, ${notPredicted} of which the files say nothing`);
  return `${name}: ${outcome} ${style.dim(`(${parts.join(', ')})`)}${rest}`;
}
