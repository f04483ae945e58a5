import type { Ending, Prediction, UnloadStatement } from '../../model/lab.ts';
import type { Finding } from '../../model/report.ts';
import type { UnloadAnalysis } from '../unload/index.ts';
import { judgedRow } from './judged-row.ts';
import type { LabRow } from './lab-facts.ts';
import { endingText } from './outcome-rows.ts';

type StatedUnload = Extract<Prediction, { kind: 'unload' }>;

/** What was seen of the process that opened and closed the library. */
interface Seen {
  readonly stdout: string;
  readonly ending: Ending;
}

/**
 * What `solder unload` says of a library beside what the program saw: whether it is unloaded, what it leaves
 * behind or what keeps it, and what that costs in thread keys.
 */
export function unloadRows(
  stated: readonly StatedUnload[],
  predicted: ReadonlyMap<string, UnloadAnalysis>,
  seen: Seen,
): LabRow[] {
  const lines = seen.stdout.split('\n');
  return stated.flatMap((one): LabRow[] => {
    const analysis = predicted.get(one.plugin);
    if (analysis === undefined) {
      return [judgedRow(`unload ${one.plugin}`, one.verdict, 'cannot be read', { text: 'nothing' })];
    }
    return [
      verdictRow(one, analysis, lines),
      ...findingRows(one, analysis, [...lines, endingText(seen.ending)]),
      ...keyRow(one, analysis, lines),
      ...exhaustionRow(one, analysis, lines),
    ];
  });
}

function verdictRow({ plugin, verdict }: StatedUnload, analysis: UnloadAnalysis, lines: string[]): LabRow {
  const text = lines.find((line) => line.startsWith('unloaded: '));
  const predicted = { unloads: ['yes'], pinned: ['no'], unknown: ['yes', 'no'] }[analysis.verdict];
  return judgedRow(`unload ${plugin}`, verdict, analysis.verdict, {
    text: text ?? 'nothing printed',
    agrees: predicted.some((answer) => text === `unloaded: ${answer}`),
  });
}

function findingRows(
  { plugin, finds }: StatedUnload,
  { findings }: UnloadAnalysis,
  signs: readonly string[],
): LabRow[] {
  const alarming = findings.filter(({ severity }) => severity !== 'note');
  const messages = new Set([...finds, ...alarming].map(({ message }) => message));
  return [...messages].map((message) => {
    const statement = finds.find((one) => one.message === message);
    const found = findings.find((one) => one.message === message);
    return judgedRow(
      `found in ${plugin}`,
      statement === undefined ? NOTHING : findingText(statement.finding, statement, statement.because),
      found === undefined ? NOTHING : findingText(found.kind, found, reasonFor(found, statement?.because)),
      signOf(statement, signs),
    );
  });
}

const NOTHING = 'nothing';

function findingText(
  kind: Finding['kind'],
  { message, severity }: Pick<Finding, 'message' | 'severity'>,
  because: string | undefined,
): string {
  const reason = because === undefined ? '' : `; ${because}`;
  return `${kind.replace('unload.', '')}, ${severity}: ${message}${reason}`;
}

/** The reason that the lab states, when the finding gives it. */
function reasonFor({ evidence }: Finding, because: string | undefined): string | undefined {
  if (because === undefined) return undefined;
  return evidence.some(({ text }) => text.includes(because)) ? because : 'for another reason';
}

function signOf(statement: UnloadStatement | undefined, signs: readonly string[]) {
  if (statement === undefined) return { text: 'not asked' };
  const isSeen = signs.includes(statement.seen);
  return { text: isSeen ? statement.seen : `not seen: ${statement.seen}`, agrees: isSeen };
}

const LOST_KEYS = /^keys lost in round \d+: (\d+)$/;

function keyRow(
  { keysPerRound: stated }: StatedUnload,
  { facts }: UnloadAnalysis,
  lines: string[],
): LabRow[] {
  if (stated === undefined) return [];
  const { min, max } = facts.keysPerRound;
  const text = lines.findLast((line) => LOST_KEYS.test(line));
  const lost = Number(LOST_KEYS.exec(text ?? '')?.[1] ?? Number.NaN);
  return [
    judgedRow('keys lost a round', rangeText(stated.min, stated.max), rangeText(min, max), {
      text: text ?? 'nothing printed',
      agrees: lost >= min && (max === null || lost <= max),
    }),
  ];
}

const rangeText = (min: number, max: number | null): string =>
  min === max ? `${min}` : max === null ? `${min} or more` : `${min} to ${max}`;

/** Rounds: what opens the library may have some keys of its own, and leave fewer for it. */
const TOLERANCE = 2;

function exhaustionRow(stated: StatedUnload, { facts }: UnloadAnalysis, lines: string[]): LabRow[] {
  if (stated.exhaustedAtRound === undefined) return [];
  const round = facts.exhaustedAtRound[facts.libc];
  const text = lines.find((line) => /^(died in|survived) /.test(line));
  const died = /^died in round (\d+)/.exec(text ?? '')?.[1];
  return [
    judgedRow('no key left', roundText(stated.exhaustedAtRound), roundText(round), {
      text: text ?? 'nothing printed',
      agrees:
        round === null
          ? text !== undefined && died === undefined
          : died !== undefined && Math.abs(Number(died) - round) <= TOLERANCE,
    }),
  ];
}

const roundText = (round: number | null): string => (round === null ? 'never' : `in round ${round}`);
