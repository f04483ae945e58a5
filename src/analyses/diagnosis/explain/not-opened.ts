import {
  baseName,
  type Evidence,
  type Finding,
  type LoadedObject,
  type MissingLibrary,
} from '../../../model/index.ts';
import { searchEvidence } from '../../load/missing-libraries.ts';
import type { PathState } from '../diagnosis-files.ts';
import { architectureText, describeFile } from '../file-description.ts';
import { needChain } from '../open-diagnosis.ts';
import { chainEvidence, failure, type Refusal } from '../refusal.ts';
import { directoryOf, type Elsewhere, elsewhereEvidence, lookElsewhere, openedAs } from '../where-else.ts';
import { explainHeader } from './header.ts';
import { explainMapping } from './mapping.ts';

/** musl says the same whether it opens a file or maps it. */
const MAP_ERRORS: ReadonlySet<string> = new Set([
  'Operation not permitted',
  'Out of memory',
  'Cannot allocate memory',
]);

/** No file could be opened, or only such as the loader passes over (glibc elf/dl-load.c, _dl_map_object). */
export function explainNotOpened(refusal: Refusal): Finding[] {
  const { diagnosis, message, process } = refusal;
  if (message.reason === 'Exec format error') return explainHeader(refusal);
  if (message.reason !== undefined && MAP_ERRORS.has(message.reason)) return explainMapping(refusal);
  const { file } = diagnosis;
  const name = message.object === '' ? file : message.object;
  const missing = process.linkMap.find(
    (entry): entry is MissingLibrary => entry.kind === 'missing' && entry.name === name,
  );
  const requesters = requestersOf(refusal, name, missing?.requester);
  const base = {
    refusal,
    name,
    evidence: [...chainEvidence(requesters, name), ...searchEvidence(missing?.tried ?? [])],
  };
  return [
    foreignFile(base, missing) ??
      badPath(base, missing) ??
      notFound(base, requesters, message.text === 'cannot open shared object file' ? missing : undefined),
  ];
}

interface Base {
  readonly refusal: Refusal;
  readonly name: string;
  readonly evidence: readonly Evidence[];
}

/** The objects from the opened library down to the one that needs the missing one; none for the library itself. */
function requestersOf(
  { diagnosis, message, process }: Refusal,
  name: string,
  requester: LoadedObject | undefined,
): LoadedObject[] {
  if (name === diagnosis.file) return [];
  const named = process.scope.find(({ path }) => path === message.requester);
  return needChain(requester ?? named);
}

/** The one file that there is was made for another machine or word size. */
function foreignFile(
  { refusal, name, evidence }: Base,
  missing: MissingLibrary | undefined,
): Finding | undefined {
  const { files, program } = refusal.diagnosis;
  const foreign = missing?.tried.find(
    ({ outcome }) => outcome === 'wrong ELF class' || outcome === 'another machine',
  );
  if (foreign === undefined) return undefined;
  const found = describeFile(files, foreign.path);
  const wanted = architectureText(program.object.architecture);
  return failure(refusal, 'load.wrong-format', {
    subject: name,
    object: foreign.path,
    evidence: [
      ...evidence,
      {
        text: `${found?.what ?? 'a file that cannot be read'}; this process is for ${wanted}`,
        object: foreign.path,
      },
    ],
    fix: `install ${baseName(name)} for ${wanted}, or take ${directoryOf(foreign.path)} out of the search path`,
  });
}

/** Something is at the path, or was: a link to nothing, a directory, a file without permission. */
function badPath(
  { refusal, name, evidence }: Base,
  missing: MissingLibrary | undefined,
): Finding | undefined {
  const { files } = refusal.diagnosis;
  const paths = name.includes('/') ? [name] : (missing?.tried ?? []).map(({ path }) => path);
  for (const path of paths) {
    const state = files.state(path);
    const finding = badState(refusal, { name, path, state, evidence });
    if (finding) return finding;
  }
  return undefined;
}

function badState(
  refusal: Refusal,
  {
    name,
    path,
    state,
    evidence,
  }: { name: string; path: string; state: PathState; evidence: readonly Evidence[] },
): Finding | undefined {
  const at = (kind: Finding['kind'], text: string, fix: string): Finding =>
    failure(refusal, kind, {
      subject: name,
      object: path,
      evidence: [...evidence, { text, object: path }],
      fix,
    });
  switch (state.kind) {
    case 'dangling':
      return at(
        'load.not-found',
        `${state.link} is a link to ${state.target}, which is not there`,
        `install what ${state.link} leads to, or let ldconfig or \`solder release --apply\` make the link anew`,
      );
    case 'loop':
      return at('load.not-found', 'symbolic links that lead in a circle', 'make the link anew');
    case 'denied':
      return at(
        'open.no-permission',
        `the directory ${state.directory} may not be searched`,
        `give the user of the process the right to search ${state.directory} (chmod +x)`,
      );
    case 'file': {
      const isDenied = !state.isReadable || refusal.message.reason === 'Permission denied';
      if (!isDenied) return undefined;
      return at(
        'open.no-permission',
        'is there, but the process may not read it',
        `give the user of the process the right to read ${path} (chmod +r), or ask what else forbids it: SELinux, AppArmor, a sandbox`,
      );
    }
    case 'directory':
      return at('open.not-a-library', 'a directory', 'name the library in the directory');
    case 'special':
      return at(
        'open.not-a-library',
        'no regular file but a device, a pipe or a socket: dlopen waits for what a pipe gives',
        'name a library',
      );
    case 'absent':
      return undefined;
  }
}

function notFound(
  { refusal, name, evidence }: Base,
  requesters: readonly LoadedObject[],
  missing: MissingLibrary | undefined,
): Finding {
  const { diagnosis } = refusal;
  const { files, context, program } = diagnosis;
  const requester = requesters.at(-1);
  const here = context.files.workingDirectory;
  const isSearched = !name.includes('/');
  const at = [requester?.path ?? program.path, ...requesters.map(({ path }) => path)].map(directoryOf);
  const directories = [...(isSearched ? [] : [directoryOf(name)]), here, ...at];
  const elsewhere = lookElsewhere(diagnosis, name, [...new Set(directories)]);
  const state = isSearched ? undefined : files.state(name);
  const gone: Evidence[] =
    state?.kind === 'absent' && state.missing !== name
      ? [{ text: `${state.missing} is not there, or is no directory` }]
      : [];
  const isHere = isSearched && requester === undefined && files.state(`${here}/${name}`).kind === 'file';
  return failure(refusal, 'load.not-found', {
    subject: name,
    object: requester?.path ?? (missing ? program.path : undefined),
    evidence: [
      ...evidence,
      ...gone,
      ...(isHere ? [{ text: 'a file of that name is in the working directory, which is not searched' }] : []),
      ...elsewhereEvidence(elsewhere),
    ],
    fix: isHere
      ? `write ./${name} or an absolute path: a name without a slash is searched for, and never in the working directory`
      : notFoundFix(name, requester, elsewhere, (path) => openedAs(diagnosis, path)),
  });
}

function notFoundFix(
  name: string,
  requester: LoadedObject | undefined,
  found: Elsewhere,
  asTyped: (path: string) => string,
): string {
  const base = baseName(name);
  const [same, other] = [found.same[0], found.otherVersions[0]];
  if (same !== undefined && requester !== undefined) {
    const isBeside = directoryOf(same) === directoryOf(requester.path);
    const runpath = isBeside ? '$ORIGIN' : directoryOf(same);
    return `link ${requester.name} with -Wl,-rpath,'${runpath}', or add ${directoryOf(same)} to LD_LIBRARY_PATH or with ldconfig`;
  }
  if (same !== undefined && name.includes('/')) return `open ${asTyped(same)}`;
  if (same !== undefined)
    return `open ${same}, or add ${directoryOf(same)} to LD_LIBRARY_PATH or with ldconfig`;
  if (found.decorated[0] !== undefined) {
    return `open ${asTyped(found.decorated[0])}: the loader adds neither prefix nor suffix to a name`;
  }
  if (other !== undefined && requester === undefined) {
    const why = base.endsWith('.so') ? '; the name without a version comes with the development package' : '';
    return `open ${asTyped(other)}, if that version will do${why}`;
  }
  if (other !== undefined) {
    return `install the version that ${requester!.name} was linked with, or link it anew with ${other}; a link from one version to the other hides the difference`;
  }
  if (found.similar[0] !== undefined)
    return `open ${asTyped(found.similar[0])}, if that is meant; otherwise install ${base}`;
  const where = requester ? `a RUNPATH in ${requester.name}` : 'a RUNPATH in the program';
  return `install the package that has ${base}, or lead the search to it: its path, ${where}, or LD_LIBRARY_PATH`;
}
