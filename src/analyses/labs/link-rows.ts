import type { Ending, LinkStep } from '../../model/lab.ts';
import type { LinkedMembers } from '../archives/link-members.ts';
import { judgedRow } from './judged-row.ts';
import type { LabRow } from './lab-facts.ts';

/** What a linker that was told to trace said. */
interface TracedLink {
  readonly stdout: string;
  readonly stderr: string;
  readonly ending: Ending;
}

/** The members that a link takes and what it refuses, by solder beside the linker's own trace. */
export function linkRows(
  { takes, doubles = [] }: LinkStep,
  predicted: LinkedMembers,
  { stdout, stderr, ending }: TracedLink,
): LabRow[] {
  const refused = parseDoubles(stderr);
  const succeeded = ending.kind === 'status' && ending.status === 0;
  return [
    row('link: members taken', takes, predicted.taken, parseMembers(`${stdout}\n${stderr}`)),
    row('link: defined twice', doubles, predicted.doubles, refused),
    ...(succeeded === (refused.length === 0)
      ? []
      : [{ what: 'link', predicted: 'built', observed: stderr.trim(), agrees: false }]),
  ];
}

function row(
  what: string,
  stated: readonly string[],
  ours: readonly string[],
  theirs: readonly string[],
): LabRow {
  const [expected, predicted, observed] = [stated, ours, theirs].map(
    (list) => list.toSorted().join(' ') || 'none',
  );
  return judgedRow(what, expected!, predicted!, { text: observed! });
}

/** `(libfoo.a)bar.o` in ld.bfd, `libfoo.a(bar.o)` in others; those of other directories are the compiler's. */
function parseMembers(text: string): string[] {
  const members = text.split('\n').map((line) => {
    const [, bfdArchive, bfdMember] = /^\(([^/()]+\.a)\)([^()]+)$/.exec(line) ?? [];
    if (bfdArchive !== undefined) return `${bfdArchive}(${bfdMember})`;
    return /^[^/()]+\.a\([^()]+\)$/.test(line) ? line : undefined;
  });
  return [...new Set(members.filter((member) => member !== undefined))];
}

/** In the words of ld.bfd and ld.gold, and of ld.lld. */
function parseDoubles(text: string): string[] {
  const found = text.matchAll(/multiple definition of [`']([^`']+)'|duplicate symbol: (\S+)/g);
  return [...new Set([...found].map(([, gnu, lld]) => (gnu ?? lld)!))];
}
