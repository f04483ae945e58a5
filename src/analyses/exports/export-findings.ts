import type { Finding, Process } from '../../model/index.ts';
import { bundledFindings } from './bundled.ts';
import type { DeclaredNames } from './declared-names.ts';
import { globalNamespaceFindings } from './global-namespace.ts';
import { implementationNameFindings } from './implementation-names.ts';
import { exportingObject } from './library.ts';
import type { LinkUse } from './link-use.ts';
import { neededFindings } from './needed.ts';
import { type DirectoryStates, searchPathFindings } from './search-path.ts';
import { textRelocationFindings } from './text-relocations.ts';
import { undeclaredFindings } from './undeclared.ts';
import { unprefixedFindings } from './unprefixed.ts';
import { variableFindings } from './variables.ts';
import { noDefaultVersionFindings, unversionedFindings } from './versions.ts';

/** What the user states about a library, and what its surroundings look like. */
export interface ExportRules {
  /** What C names have to begin with; derived where the list is empty. */
  readonly prefixes: readonly string[];
  /** The public headers, when they are known. */
  readonly headers: DeclaredNames | undefined;
  readonly directories: DirectoryStates;
}

/** How the root of a process presents itself: one finding a rule, the names as its evidence. */
export function exportFindings(process: Process, use: LinkUse, rules: ExportRules): Finding[] {
  const { object, path } = process.root;
  const exporting = exportingObject(object, path);
  const { prefixes, headers, directories } = rules;
  return [
    ...bundledFindings(exporting),
    ...(headers === undefined ? [] : undeclaredFindings(exporting, headers)),
    ...unprefixedFindings(exporting, prefixes),
    ...globalNamespaceFindings(exporting, prefixes),
    ...variableFindings(exporting),
    ...unversionedFindings(exporting),
    ...noDefaultVersionFindings(exporting),
    ...implementationNameFindings(exporting),
    ...searchPathFindings(object, path, directories),
    ...textRelocationFindings(object, path),
    ...neededFindings(process, use),
  ];
}
