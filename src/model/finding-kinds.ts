/** How much a finding matters: `error` breaks a process, `warning` may, `note` is worth knowing. */
export type Severity = 'error' | 'warning' | 'note';

interface FindingKindEntry {
  readonly title: string;
  readonly severity: Severity;
}

/**
 * The one registry of finding kinds. Each kind has a page `docs/findings/KIND.md`; a test fails for a kind
 * without a page and for a page without a kind.
 */
export const FINDING_KINDS = {
  'conflict.function': { title: 'One function name, several definitions', severity: 'warning' },
  'conflict.variable': { title: 'One variable name, several definitions', severity: 'warning' },
  'conflict.class-static': { title: 'One static data member, several definitions', severity: 'error' },
  'conflict.tls': { title: 'One thread-local name, several definitions', severity: 'error' },
  'conflict.vtable': { title: 'One virtual table, several definitions', severity: 'warning' },
  'conflict.typeinfo': { title: 'One typeinfo, several definitions', severity: 'warning' },
  'conflict.guard': { title: 'One guard variable, several definitions', severity: 'warning' },
  'load.not-found': { title: 'Library not found', severity: 'error' },
  'load.wrong-format': { title: 'Library found, but not loadable', severity: 'error' },
  'load.undefined-symbol': { title: 'Undefined symbol', severity: 'error' },
  'load.missing-version': { title: 'Version not found', severity: 'error' },
  'load.no-version-information': { title: 'No version information', severity: 'warning' },
} as const satisfies Record<string, FindingKindEntry>;

export type FindingKind = keyof typeof FINDING_KINDS;
