import type { Prediction } from '../../model/lab.ts';
import type { LabRow } from './lab-facts.ts';
import type { PredictedFault } from './predict-run.ts';

type StatedFault = Extract<Prediction, { kind: 'load' }>;

/** What the loader said and did; files of the build go by their names. */
interface LoaderWords {
  /** The name of the program, which stands in front of what the loader says. */
  readonly program: string;
  readonly stderr: string;
  /** The program's main was reached. */
  readonly started: boolean;
}

/**
 * One row for each fault that the lab states and for each other one that solder finds and that is more than a
 * note. The loader must say the same, word for word.
 */
export function loadRows(
  stated: readonly StatedFault[],
  predicted: readonly PredictedFault[],
  words: LoaderWords,
): LabRow[] {
  const alarming = predicted.filter(({ severity }) => severity !== 'note');
  const messages = new Set([...stated, ...alarming].map(({ message }) => message));
  return [...messages].map((message) => {
    const expected = stated.find((fault) => fault.message === message);
    const found = alarming.find((fault) => fault.message === message);
    const [statedText, text] = [faultText(expected), faultText(found)];
    const seen = observe(message, words);
    const asStated = statedText === text;
    return {
      what: `fault: ${shortKind((expected ?? found)!.finding)}`,
      predicted: text,
      observed: seen.text,
      agrees: asStated && seen.said === (expected?.unsaid !== true) && isInTime(expected, words),
      ...(asStated ? {} : { stated: statedText }),
    };
  });
}

/** A warning does not keep the program from starting, so only the time of what ends it can be seen. */
function isInTime(stated: StatedFault | undefined, { started }: LoaderWords): boolean {
  if (stated === undefined || stated.unsaid || stated.severity !== 'error') return true;
  return started === (stated.when === 'call');
}

const shortKind = (kind: string): string => kind.replace('load.', '');

function faultText(fault: PredictedFault | undefined): string {
  return fault ? `${fault.severity} ${whenText(fault.when === 'call')}: ${fault.message}` : 'no fault';
}

const whenText = (started: boolean): string => (started ? 'at a call' : 'at the start');

function observe(message: string, { program, stderr, started }: LoaderWords) {
  const lines = stderr.split('\n').filter((line) => line !== '');
  if (lines.includes(`${program}: ${message}`))
    return { said: true, text: `${whenText(started)}: ${message}` };
  return { said: false, text: lines.length === 0 ? 'nothing said' : `said: ${lines.join('; ')}` };
}
