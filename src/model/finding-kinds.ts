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
  'exports.undeclared': { title: 'Exported, but in no public header', severity: 'warning' },
  'exports.unprefixed': { title: 'C names without the prefix', severity: 'note' },
  'exports.global-namespace': { title: 'C++ names in the global namespace', severity: 'note' },
  'exports.bundled': { title: 'Exports of an archive that was linked in', severity: 'warning' },
  'exports.variable': { title: 'Exported variables', severity: 'note' },
  'exports.unversioned': { title: 'Exports without a version beside versioned ones', severity: 'warning' },
  'exports.no-default-version': { title: 'Exports under hidden versions only', severity: 'note' },
  'exports.implementation-name': { title: 'Implementation names that escape', severity: 'warning' },
  'hygiene.search-path': { title: 'Search path to a doubtful place', severity: 'warning' },
  'hygiene.text-relocations': { title: 'Text relocations', severity: 'warning' },
  'needed.missing': { title: 'Library used, but not named as needed', severity: 'warning' },
  'needed.unused': { title: 'Library needed, but not used', severity: 'note' },
  'needed.full-version': { title: 'Needed by its full version', severity: 'note' },
  'abi.function-removed': { title: 'Exported function removed', severity: 'error' },
  'abi.variable-removed': { title: 'Exported variable removed', severity: 'error' },
  'abi.class-removed': { title: 'Exported class removed', severity: 'error' },
  'abi.signature-changed': { title: 'Function changed its signature', severity: 'error' },
  'abi.version-removed': { title: 'Version node removed', severity: 'error' },
  'abi.version-moved': { title: 'Export moved to another version', severity: 'error' },
  'abi.kind-changed': { title: 'Export became something else', severity: 'error' },
  'abi.variable-size': { title: 'Variable changed its size', severity: 'error' },
  'abi.class-layout': { title: 'Class changed its layout', severity: 'error' },
  'abi.soname': { title: 'Soname changed', severity: 'error' },
  'abi.architecture': { title: 'Other architecture', severity: 'error' },
  'abi.visibility': { title: 'Export became protected, or is no longer', severity: 'warning' },
  'abi.linkage': { title: 'Export is bound in another way', severity: 'note' },
  'abi.default-version': { title: 'Default version changed', severity: 'note' },
  'abi.dependency': { title: 'Dependencies changed', severity: 'warning' },
  'abi.glibc-floor': { title: 'Newer C library needed', severity: 'warning' },
  'abi.hardening': { title: 'Weaker hardening', severity: 'warning' },
  'abi.static-tls': { title: 'Static thread-local storage', severity: 'warning' },
  'abi.instantiation': { title: 'Instantiation of the standard library', severity: 'warning' },
  'abi.added': { title: 'Export added', severity: 'note' },
  'release.link-missing': { title: 'No link for a soname', severity: 'warning' },
  'release.link-dangling': { title: 'Link to nothing', severity: 'warning' },
  'release.link-outdated': { title: 'Link to an older library', severity: 'warning' },
  'release.link-crosses-major': { title: 'Link to another major version', severity: 'error' },
  'release.link-stale': { title: 'Link to a library of another name', severity: 'warning' },
  'release.link-blocked': { title: 'Link that cannot be made', severity: 'error' },
  'release.soname-shared': { title: 'One soname, several files', severity: 'note' },
  'release.no-soname': { title: 'Library without soname', severity: 'warning' },
  'release.file-name': { title: 'File name that does not fit', severity: 'warning' },
  'release.files-swapped': { title: 'Older library in the place of a newer one', severity: 'warning' },
  'release.full-version-needed': { title: 'Library needed by its full version', severity: 'warning' },
  'release.need-unsatisfied': { title: 'No library of the needed version', severity: 'error' },
  'release.soname-kept': { title: 'Incompatible, under the same soname', severity: 'error' },
  'release.soname-changed': { title: 'New soname without cause', severity: 'warning' },
  'release.version-too-low': { title: 'Version number too low', severity: 'warning' },
  'release.program-breaks': { title: 'Program that would break', severity: 'error' },
} as const satisfies Record<string, FindingKindEntry>;

export type FindingKind = keyof typeof FINDING_KINDS;
