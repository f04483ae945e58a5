import type { TraceEvent } from './event.ts';

/** What the loader writes to standard error or output without a tag (glibc elf/rtld.c, elf/dl-minimal.c). */
const NOTICES: readonly RegExp[] = [
  /: error while loading shared libraries: /,
  /: (symbol lookup|relocation|version lookup) error: /,
  /^ERROR: ld\.so: object '.*' .* ignored\.$/,
  /^warning: debug option `.*' unknown; try LD_DEBUG=help$/,
  /^Inconsistency detected by ld\.so: /,
];

const HELP = 'Valid options for the LD_DEBUG environment variable are:';
const HELP_LINES: readonly RegExp[] = [
  /^ {2}(libs|reloc|files|symbols|bindings|versions|scopes|all|statistics|unused|security|tls|help) +\S/,
  /^To direct the debugging output into a file instead of standard output$/,
  /^a filename can be specified using the LD_DEBUG_OUTPUT environment variable\.$/,
];

/** A line without a tag that is the loader's all the same. `before` is the event before it. */
export function parseUntagged(text: string, before: TraceEvent | undefined): TraceEvent | undefined {
  if (text === 'Unused direct dependencies:') return { kind: 'unused-list', pid: 0 };
  const isListed = before?.kind === 'unused-list' || before?.kind === 'unused';
  if (isListed && text.startsWith('\t')) return { kind: 'unused', pid: 0, object: text.slice(1) };
  const isHelp = text === HELP || (before?.kind === 'help' && HELP_LINES.some((line) => line.test(text)));
  if (isHelp) return { kind: 'help', pid: 0, text };
  return NOTICES.some((notice) => notice.test(text)) ? { kind: 'notice', pid: 0, text } : undefined;
}
