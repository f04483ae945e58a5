import { baseName, type Finding, type LoadedObject, type Process } from '../../model/index.ts';
import { counted, nameEvidence, shortList } from './finding-text.ts';
import { type LinkUse, neededLibraries } from './link-use.ts';

/** What is wrong with the DT_NEEDED entries of a process's root. */
export function neededFindings(process: Process, use: LinkUse): Finding[] {
  return [
    ...use.borrowed.map(({ from, names }) => missingEntry(process, from, names)),
    ...use.unused.map((library) => unusedEntry(process, library)),
    ...fullVersions(process),
  ];
}

const nameOf = ({ object, path }: LoadedObject): string => object.soname ?? baseName(path);

/** Underlinking: it works as long as somebody else happens to need the library. */
function missingEntry({ root }: Process, from: LoadedObject, names: readonly string[]): Finding {
  const via =
    from.requester === undefined || from.requester === root ? '' : ` (${nameOf(from.requester)} brings it)`;
  return {
    kind: 'needed.missing',
    severity: 'warning',
    message: `${baseName(root.path)} uses ${counted(names.length, 'name')} of ${nameOf(from)} without needing it${via}: ${shortList(names)}`,
    subject: nameOf(from),
    object: root.path,
    evidence: nameEvidence(names),
    fix: `link it with ${nameOf(from)} itself (-Wl,-z,defs tells when an entry is missing)`,
  };
}

/** Overlinking: the entry costs a search and a mapping at every start, and ties releases together. */
function unusedEntry({ root }: Process, library: LoadedObject): Finding {
  return {
    kind: 'needed.unused',
    severity: 'note',
    message: `${baseName(root.path)} needs ${nameOf(library)}, but takes no symbol from it`,
    subject: nameOf(library),
    object: root.path,
    evidence: [{ text: 'none of its own references binds there', object: library.path }],
    fix: 'link with -Wl,--as-needed in front of the libraries, unless it is loaded for what its initialisers do',
  };
}

const FULL_VERSION = /\.so\.\d+\.\d[\w.]*$/;

/** Entries that name a release in place of the major version: the next release is not found by that name. */
function fullVersions(process: Process): Finding[] {
  const { root } = process;
  const libraries = neededLibraries(process);
  return [...new Set(root.object.needed)]
    .filter((name) => FULL_VERSION.test(name))
    .map((name): Finding => {
      const library = libraries.find(
        (entry) => entry.name === name || entry.object.soname === baseName(name),
      );
      const soname = library?.object.soname;
      const isSoname = soname === baseName(name);
      return {
        kind: 'needed.full-version',
        severity: isSoname ? 'note' : 'warning',
        message: `${baseName(root.path)} needs ${name}, a full version`,
        subject: name,
        object: root.path,
        evidence: [
          {
            text: isSoname
              ? 'that is its soname: every release of the library asks for a new link'
              : `the library calls itself ${soname ?? 'nothing: it has no soname'}`,
            ...(library === undefined ? {} : { object: library.path }),
          },
        ],
        fix: isSoname
          ? 'give the library a soname with its major version only, when its releases are compatible'
          : 'link with -lNAME against a library whose soname has the major version only',
      };
    });
}
