import type { Severity } from '../../model/index.ts';
import type { Prediction } from '../../model/lab.ts';
import { judgedRow } from './judged-row.ts';
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
    const seen = observe((expected ?? found)!, words);
    return judgedRow('fault', statedText, text, {
      text: seen.text,
      agrees: seen.said === (expected?.unsaid !== true) && isInTime(expected, words),
    });
  });
}

function isInTime(stated: StatedFault | undefined, { started }: LoaderWords): boolean {
  if (stated === undefined || stated.unsaid || stated.severity !== 'error') return true;
  return started === (stated.when === 'call');
}

function faultText(fault: PredictedFault | undefined): string {
  if (fault === undefined) return 'no fault';
  const { finding, severity, when, message } = fault;
  return `${finding.replace('load.', '')}, ${severity}${timeText(severity, when === 'call')}: ${message}`;
}

/** Only of what ends the process can be seen whether it was started. */
function timeText(severity: Severity, started: boolean): string {
  if (severity !== 'error') return '';
  return started ? ' at a call' : ' at the start';
}

function observe(fault: PredictedFault, { program, stderr, started }: LoaderWords) {
  const lines = stderr.split('\n').filter((line) => line !== '');
  const said = lines.some(
    (line) => line === `${program}: ${fault.message}` || isAssertion(line, fault.message),
  );
  if (said) return { said, text: `said${timeText(fault.severity, started)}` };
  return { said, text: lines.length === 0 ? 'nothing said' : `said: ${lines.join('; ')}` };
}

/** glibc elf/dl-minimal.c, __assert_fail: without the program's name, and with a line of the loader's source. */
const isAssertion = (line: string, message: string): boolean =>
  line.replace(/^(Inconsistency detected by ld\.so: [^ :]+: )\d+: /, '$1') === message;
