import type { Report } from '../model/index.ts';

/** The exit statuses, a contract that scripts rely on. */
export const EXIT = {
  /** Nothing at or above the threshold. */
  success: 0,
  /** Findings at or above the threshold. */
  findings: 1,
  /** Wrong usage, a wrong configuration included. */
  usage: 2,
  /** An input could not be read, or the result not be written. */
  input: 3,
  /** A fault of solder itself. */
  internal: 4,
} as const;

export type ExitStatus = (typeof EXIT)[keyof typeof EXIT];

export const FAIL_ON = ['error', 'warning', 'never'] as const;
export type FailOn = (typeof FAIL_ON)[number];

/**
 * The status of a report. An input that could not be read wins over findings: the answer is incomplete, and
 * a script that knows only "findings" would take it for the whole.
 */
export function exitStatusOf(report: Pick<Report, 'summary' | 'diagnostics'>, failOn: FailOn): ExitStatus {
  if (report.diagnostics.some(({ level }) => level === 'error')) return EXIT.input;
  const { error, warning } = report.summary;
  const counted = { error, warning: error + warning, never: 0 }[failOn];
  return counted > 0 ? EXIT.findings : EXIT.success;
}
