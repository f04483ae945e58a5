import { type Diagnostic, type Finding, makeReport, type Report, type ReportParts } from '../model/index.ts';
import { writeJson } from '../report/json.ts';
import { renderMarkdown } from '../report/markdown.ts';
import { printable } from '../report/printable.ts';
import { toSarif } from '../report/sarif.ts';
import { PLAIN, type Style } from '../report/style.ts';
import { MANGLED, type ShowNames } from '../report/symbol-names.ts';
import { renderFindings } from '../report/text.ts';
import { unnamedObject } from '../report/unnamed-object.ts';
import type { DemangleFlags, ReportFlags } from './common-flags.ts';
import { type Config, loadConfig } from './config.ts';
import type { Context } from './context.ts';
import { ClosedOutput } from './errors.ts';
import { type ExitStatus, exitStatusOf } from './exit-status.ts';
import { LineWriter } from './line-writer.ts';
import { keepWhenDone, type Output, openOutput } from './output.ts';
import { VERSION } from './version.ts';
import { writeError } from './write-descriptor.ts';

/** Notes shown without `--all`. */
const NOTE_LIMIT = 10;

/** Pieces of evidence shown for one finding without `--all`. */
const EVIDENCE_LIMIT = 12;

/** What an analysis hands in; the frame adds the rest of the report. */
export type ReportContent<Facts> = Omit<ReportParts<Facts>, 'command' | 'suppressions' | 'version'>;

/** How a command shows its facts; the findings are shown by the frame. */
export interface FactRenderers<Facts> {
  /** Whole lines, or nothing; stands above the findings, with a blank line between. */
  text(report: Report<Facts>, write: (text: string) => void, style: Style, showNames: ShowNames): void;
  /** One record a line; needed when the command declares the format `tsv`. */
  tsv?(report: Report<Facts>, lines: LineWriter): void;
  /** What follows the lines that went out as they came; needed when the command declares the format `jsonl`. */
  jsonl?(report: Report<Facts>, write: (text: string) => void): void;
}

/**
 * Turns what an analysis found into output and exit status: reads the configuration, lets `produce` work,
 * applies suppressions, sorts, writes in the format that was asked for, prints diagnostics on stderr.
 * A wrong configuration is told before the work begins.
 */
export async function runReport<Facts>(
  context: Context,
  flags: ReportFlags & Partial<DemangleFlags>,
  produce: () => ReportContent<Facts> | Promise<ReportContent<Facts>>,
  renderers: FactRenderers<Facts>,
): Promise<ExitStatus> {
  const config = await loadConfig(flags.config);
  const write = (page?: Output) => writeAll(context, flags, config, page, produce, renderers);
  if (flags.html === undefined) return write();
  return keepWhenDone(openOutput(flags.html, '--html'), write);
}

async function writeAll<Facts>(
  context: Context,
  flags: ReportFlags & Partial<DemangleFlags>,
  config: Config,
  page: Output | undefined,
  produce: () => ReportContent<Facts> | Promise<ReportContent<Facts>>,
  renderers: FactRenderers<Facts>,
): Promise<ExitStatus> {
  const content = await produce();
  const report = makeReport({
    ...content,
    command: context.command,
    suppressions: config.suppress,
    version: VERSION,
  });
  printDiagnostics(report.diagnostics, context.quiet);
  const showNames = await namesFor(flags);
  if (page !== undefined) {
    const { renderHtml } = await import('../report/html/page.ts');
    page.write(renderHtml(withNames(report, showNames)));
  }
  try {
    writeReport(context, flags, report, renderers, content.looksFor.length > 0, showNames);
  } catch (error) {
    // Whoever reads the first lines only still gets the status of the whole.
    if (!(error instanceof ClosedOutput)) throw error;
  }
  return exitStatusOf(report, flags.failOn ?? config.failOn ?? 'error');
}

function writeReport<Facts>(
  { format, output, style }: Context,
  { all }: ReportFlags,
  report: Report<Facts>,
  renderers: FactRenderers<Facts>,
  judges: boolean,
  showNames: ShowNames,
): void {
  switch (format) {
    case 'text': {
      let hasFacts = false;
      const write = (text: string): void => {
        hasFacts ||= text !== '';
        output.write(text);
      };
      renderers.text(report, write, style, showNames);
      // A command that judges nothing has no findings to be without.
      if (!judges) return;
      if (hasFacts) output.write('\n');
      output.write(
        renderFindings(report, {
          style,
          showNames,
          briefNotes: !all,
          ...(all ? {} : { noteLimit: NOTE_LIMIT, evidenceLimit: EVIDENCE_LIMIT }),
          showSuppressed: all,
        }),
      );
      return;
    }
    case 'json':
      writeJson(withNames(report, showNames), (chunk) => output.write(chunk));
      return;
    case 'tsv': {
      const lines = new LineWriter(output);
      renderers.tsv?.(report, lines);
      lines.end();
      return;
    }
    case 'jsonl':
      renderers.jsonl?.(report, (text) => output.write(text));
      return;
    case 'sarif':
      writeJson(toSarif(withNames(report, showNames)), (chunk) => output.write(chunk));
      return;
    case 'markdown': {
      let facts = '';
      renderers.text(report, (text) => (facts += text), PLAIN, showNames);
      output.write(renderMarkdown(report, { facts, showNames, showSuppressed: all }));
      return;
    }
  }
}

/** The demangler is loaded by whoever prints symbols. */
export async function namesFor({ demangle }: Partial<DemangleFlags>): Promise<ShowNames> {
  if (!demangle) return MANGLED;
  const { demangleSentence } = await import('../report/demangle-text.ts');
  return demangleSentence;
}

/** The report with names in its sentences as `show` spells them. Subjects stay as they are: they are keys. */
function withNames<Facts>(report: Report<Facts>, show: ShowNames): Report<Facts> {
  if (show === MANGLED) return report;
  const spell = (finding: Finding): Finding => ({
    ...finding,
    message: show(finding.message),
    evidence: finding.evidence.map(({ text, ...rest }) => ({ ...rest, text: show(text) })),
    ...(finding.fix === undefined ? {} : { fix: show(finding.fix) }),
  });
  return {
    ...report,
    findings: report.findings.map(spell),
    suppressed: report.suppressed.map(({ finding, reason }) => ({ finding: spell(finding), reason })),
  };
}

/** Errors, and unless `quiet` warnings, as one line each on stderr. */
export function printDiagnostics(diagnostics: readonly Diagnostic[], quiet: boolean): void {
  for (const diagnostic of diagnostics) {
    const { level, message } = diagnostic;
    if (level === 'warning' && quiet) continue;
    const prefix = level === 'warning' ? 'warning: ' : '';
    const unnamed = unnamedObject(diagnostic);
    const place = unnamed === undefined ? '' : `${unnamed}: `;
    writeError(`solder: ${prefix}${printable(place + message)}`);
  }
}
