import type { Comment, NameEntry, Section, VersionNode, VersionScript } from '../../script/index.ts';

/** A node to write: names are sorted, and quoted where a linker would read something else in them. */
export interface NodeToWrite {
  /** Absent: the anonymous node. */
  readonly name?: string;
  readonly globals: Iterable<string>;
  /** Whether it hides the rest. */
  readonly hidesRest: boolean;
  readonly parents?: readonly string[];
}

const PLAIN = /^[A-Za-z_.$][A-Za-z0-9_.$]*$/;
const KEYWORDS = new Set(['global', 'local', 'extern']);
const PLACE = { at: 0, gap: false, comments: [] } as const;

const nameEntry = (text: string): NameEntry => ({
  kind: 'name',
  ...PLACE,
  text,
  quoted: !PLAIN.test(text) || KEYWORDS.has(text),
  touchesComment: false,
});

const section = (label: 'global' | 'local', names: readonly string[]): Section => ({
  ...PLACE,
  label,
  glued: false,
  apart: false,
  entries: names.map(nameEntry),
});

/** A script that ld.bfd, ld.gold and ld.lld read alike, for `printScript`. */
export function scriptOf(
  nodes: readonly NodeToWrite[],
  remarks: readonly string[] = [],
): Pick<VersionScript, 'nodes' | 'end'> {
  const written = nodes.map(({ name, globals, hidesRest, parents = [] }): VersionNode => {
    const names = [...new Set(globals)].sort();
    // ld.bfd and ld.gold know no empty sections.
    const sections = [
      ...(names.length > 0 ? [section('global', names)] : []),
      ...(hidesRest ? [{ ...section('local', []), entries: [{ ...nameEntry('*'), quoted: false }] }] : []),
    ];
    const tag = name === undefined ? {} : { name };
    return {
      ...PLACE,
      ...tag,
      sections,
      parents: parents.map((parent) => ({ name: parent, at: 0 })),
      end: [],
    };
  });
  const end = remarks.map((text, index): Comment => ({ text, trailing: false, gap: index === 0 }));
  return { nodes: written, end };
}

/** A first version name from a soname: `libfoo.so.1` gives `LIBFOO_1`. */
export function versionFromSoname(soname: string): string {
  const [stem = '', version = ''] = soname.split('.so');
  const name = `${stem}${version.replace('.', '_')}`.toUpperCase().replace(/[^A-Z0-9_.]/g, '_');
  return /^[A-Z_]/.test(name) ? name : `V_${name}`;
}

/** The version after one: its last number plus one, or `.1` behind a name without numbers. */
export function nextVersion(name: string): string {
  if (!/\d/.test(name)) return `${name}.1`;
  return name.replace(/\d+(?=\D*$)/, (digits) => String(BigInt(digits) + 1n));
}
