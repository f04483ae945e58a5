import { type Binding, checkVersions } from '../../loader/index.ts';
import type { Finding, Process } from '../../model/index.ts';
import { missingLibraries } from './missing-libraries.ts';
import { undefinedSymbols } from './undefined-symbols.ts';
import { versionFindings } from './versions.ts';

/**
 * All that goes wrong while a process starts: libraries, versions, symbols. With a library missing, its symbols
 * are missing too; then the missing library is the finding, and the symbols are not judged.
 */
export function loadFindings(process: Process, unresolved: readonly Binding[]): Finding[] {
  const isComplete = process.linkMap.every(({ kind }) => kind === 'loaded');
  return [
    ...missingLibraries(process),
    ...versionFindings(checkVersions(process)),
    ...(isComplete ? undefinedSymbols(process, unresolved) : []),
  ];
}
