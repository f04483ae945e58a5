import type { Finding } from '../../model/index.ts';
import { counted, nameEvidence, namesOf, shortList } from './finding-text.ts';
import type { ExportingObject } from './library.ts';

/**
 * Exports that come from a static runtime or a third-party archive: whoever loads the object may get them in
 * place of the real library's. Under a version of the object's own they are a wrapper's interface: a note.
 */
export function bundledFindings({ bundled, name, path, isProgram }: ExportingObject): Finding[] {
  return bundled.map(({ party, symbols }): Finding => {
    const names = namesOf(symbols);
    const isVersioned = symbols.every(({ version }) => version !== undefined);
    const archives = party.archives.join(':');
    return {
      kind: 'exports.bundled',
      severity: isVersioned ? 'note' : 'warning',
      message: `${name} exports ${counted(names.length, 'name')} of ${party.name}: ${shortList(names)}`,
      subject: party.name,
      object: path,
      evidence: nameEvidence(names),
      fix: isProgram
        ? `link with -Wl,--exclude-libs,${archives} -Wl,--dynamic-list=FILE in place of -rdynamic, or with the shared library`
        : `link with -Wl,--exclude-libs,${archives}, or with the shared library`,
    };
  });
}
