import type { Ending, LabRun } from '../../model/lab.ts';
import type { LabRow } from './lab-facts.ts';

/** The program's output line by line, what it says on stderr, and its end. */
export function outcomeRows(
  { observes: { stdout, stderr, ends } }: LabRun,
  observed: { readonly stdout: string; readonly stderr: string; readonly ending: Ending },
): LabRow[] {
  const lines = observed.stdout.split('\n');
  if (lines.at(-1) === '') lines.pop();
  const count = Math.max(stdout.length, lines.length);
  const rows = Array.from({ length: count }, (_, index): LabRow => {
    const [expected, printed] = [stdout[index], lines[index]];
    return {
      what: `output, line ${index + 1}`,
      predicted: expected ?? '(no such line)',
      observed: printed ?? '(no such line)',
      agrees: expected === printed,
    };
  });
  if (stderr !== undefined) {
    const said = observed.stderr.includes(stderr);
    rows.push(compared('on stderr', stderr, said ? stderr : observed.stderr.trim() || 'nothing'));
  }
  const end = endingText(ends ?? { kind: 'status', status: 0 });
  rows.push(compared('end', end, endingText(observed.ending)));
  return rows;
}

const compared = (what: string, predicted: string, observed: string): LabRow => {
  return { what, predicted, observed, agrees: predicted === observed };
};

/** How a process ended, for people. */
export function endingText(ending: Ending): string {
  switch (ending.kind) {
    case 'status':
      return `exit status ${ending.status}`;
    case 'signal':
      return `killed by ${ending.signal}`;
    case 'time-limit':
      return `still running after ${ending.seconds} s`;
    case 'not-started':
      return `not started: ${ending.message}`;
  }
}
