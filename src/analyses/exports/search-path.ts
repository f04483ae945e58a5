import {
  baseName,
  type DynamicObject,
  type Evidence,
  type Finding,
  type Severity,
} from '../../model/index.ts';
import { counted } from './finding-text.ts';

/** What the file system says of a directory. */
interface DirectoryState {
  readonly exists: boolean;
  /** Everybody may put files into it, or make it where it is missing. */
  readonly isOpen: boolean;
}

export type DirectoryStates = (path: string) => DirectoryState;

/** Where installed libraries stand (Filesystem Hierarchy Standard; the stores of Nix and Guix, Flatpak, Snap). */
const INSTALLED =
  /^\/(usr(?!\/(local\/)?src(\/|$))|lib|lib32|lib64|libx32|opt|nix\/store|gnu\/store|app|snap)(\/|$)/;

interface Verdict {
  readonly severity: Severity;
  readonly text: string;
}

/** Elements of RPATH or RUNPATH that lead to where the object was built, nowhere, or to what others control. */
export function searchPathFindings(
  { rpath, runpath, soname }: DynamicObject,
  path: string,
  directories: DirectoryStates,
): Finding[] {
  // With both, ld.so obeys RUNPATH only (ld.so(8)); an empty string is no path at all.
  const value = runpath ?? rpath;
  if (value === undefined || value === '') return [];
  const tag = runpath === undefined ? 'RPATH' : 'RUNPATH';
  const judged = [...new Set(value.split(':'))].flatMap((element) => {
    const verdict = judgeElement(element, directories);
    return verdict === undefined ? [] : [{ element, ...verdict }];
  });
  if (judged.length === 0) return [];
  const isRisky = judged.some(({ severity }) => severity === 'warning');
  const shown = judged.map(({ element }) => (element === '' ? 'an empty element' : element)).join(', ');
  return [
    {
      kind: 'hygiene.search-path',
      severity: isRisky ? 'warning' : 'note',
      message: `${baseName(path)}: ${tag} has ${counted(judged.length, 'doubtful element')}: ${shown}`,
      subject: soname ?? baseName(path),
      object: path,
      evidence: judged.map(({ element, text }): Evidence => ({ text: `'${element}': ${text}` })),
      fix: 'link without -rpath for installed files, or with $ORIGIN; chrpath -d or patchelf --remove-rpath mends the file',
    },
  ];
}

function judgeElement(element: string, directories: DirectoryStates): Verdict | undefined {
  if (element === '')
    return { severity: 'warning', text: 'stands for the working directory, whatever it is' };
  if (/^\$(ORIGIN\b|\{ORIGIN\})/.test(element)) return undefined;
  if (!element.startsWith('/')) {
    const eaten = /^\{?ORIGIN\b/.test(element) ? '; a shell has taken the $ away' : '';
    return { severity: 'warning', text: `relative to the working directory, whatever it is${eaten}` };
  }
  const directory = normalized(element);
  const { exists, isOpen } = directories(directory);
  if (isOpen) {
    const how = exists ? 'may put a library there' : 'may make it and put a library there';
    return { severity: 'warning', text: `everybody ${how}` };
  }
  if (!INSTALLED.test(directory)) {
    const gone = exists ? '' : ', and it does not exist here';
    return { severity: 'warning', text: `no place for installed libraries, but for a build${gone}` };
  }
  if (exists || directory.includes('$')) return undefined;
  return { severity: 'note', text: 'no such directory' };
}

/** An absolute path without `.`, `..` and empty parts. */
function normalized(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
