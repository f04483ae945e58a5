import type { Finding } from '../../../model/index.ts';
import { architectureText, describeFile, type FileDescription } from '../file-description.ts';
import { needChain } from '../open-diagnosis.ts';
import { chainEvidence, failure, pathOf, type Refusal } from '../refusal.ts';
import { directoryOf } from '../where-else.ts';

/** A file that is no library for this loader: by its first bytes, its type, or what it lacks. */
export function explainHeader(refusal: Refusal): Finding[] {
  const { diagnosis, process } = refusal;
  const path = pathOf(refusal);
  const state = diagnosis.files.state(path);
  const found: FileDescription | undefined =
    state.kind === 'directory' ? { kind: 'other', what: 'a directory' } : describeFile(diagnosis.files, path);
  const failed = process.failures.find((entry) => entry.path === path || entry.name === path);
  const names = found?.names ?? [];
  const kind: Finding['kind'] =
    state.kind === 'directory' || (found !== undefined && OTHERS.has(found.kind))
      ? 'open.not-a-library'
      : found?.kind === 'program'
        ? 'open.program'
        : 'load.wrong-format';
  return [
    failure(refusal, kind, {
      subject: failed?.name ?? diagnosis.file,
      object: path,
      evidence: [
        ...chainEvidence(needChain(failed?.requester), failed?.name ?? path),
        ...(found ? [{ text: found.what, object: path }] : []),
        ...(names.length > 0 ? [{ text: `it names ${names.join(' ')}`, object: path }] : []),
      ],
      fix: fixFor(found, refusal, path),
    }),
  ];
}

/** Whatever these are, no loader would take them for a library. */
const OTHERS: ReadonlySet<FileDescription['kind']> = new Set([
  'archive',
  'linker-script',
  'object',
  'core',
  'text',
  'debug',
]);

function fixFor(found: FileDescription | undefined, { diagnosis }: Refusal, path: string): string {
  switch (found?.kind) {
    case 'linker-script': {
      const library = found.names?.find((name) => /\.so(\.|$)/.test(name));
      return library === undefined
        ? 'open the library by its soname, which has a version: the name without one is for ld'
        : `open ${library}, which the script names for ld`;
    }
    case 'archive':
      return `link the archive into a library: gcc -shared -Wl,--whole-archive ${path} -Wl,--no-whole-archive (its code has to be compiled with -fPIC)`;
    case 'object':
      return `link it: gcc -shared -o NAME.so ${path} (compiled with -fPIC)`;
    case 'program':
      return 'build what is to be opened as a library (-shared), and let the program link with it; a program can only be run';
    case 'debug':
      return 'open the library itself: this file has its debug information alone';
    case 'core':
      return 'name the library; a core file is for a debugger';
    case 'empty':
    case 'text':
    case 'damaged':
      return `put the real file there: what is at ${path} was not copied, fetched or built whole`;
    case 'library': {
      const wanted = architectureText(diagnosis.program.object.architecture);
      return found.architecture && architectureText(found.architecture) === wanted
        ? `build the library anew for this system: its header says that it was made for another one`
        : `install the library for ${wanted}, or take ${directoryOf(path)} out of the search path`;
    }
    default:
      return 'name a library, or replace the file';
  }
}
