import { ElfFile, SHN, STV, symbolVisibility } from '../../elf/index.ts';
import { type LoadContext, sameArchitecture } from '../../loader/index.ts';
import { type Architecture, type Evidence, isProgram } from '../../model/index.ts';
import type { DiagnosisFiles } from './diagnosis-files.ts';
import type { NamedObject } from './open-diagnosis.ts';
import { type AlikeName, alikeNames, namesOf, readableName, symbolsNamed } from './symbol-names.ts';
import { isExported, sectionSymbols, type Trace, traceSymbol } from './symbol-traces.ts';
import { unlessDamaged } from './unless-damaged.ts';
import { directoryOf } from './where-else.ts';

/** Where a symbol is looked for that nobody had. */
export interface WhoHas {
  readonly context: LoadContext;
  readonly files: DiagnosisFiles;
  readonly name: string;
  readonly version: string | undefined;
  /** What is in the process and should have been asked: the likeliest first. */
  readonly inProcess: readonly NamedObject[];
  /** The objects in whose directories, and by whose architecture, libraries are looked for. */
  readonly near: readonly NamedObject[];
}

/** A name that may have been meant, and where it is. */
export interface AlikeTrace extends AlikeName {
  readonly object: NamedObject;
}

/** All that is known of a symbol that was not found. */
export interface Whereabouts {
  readonly traces: readonly Trace[];
  /** Libraries that define it and are not in the process. */
  readonly elsewhere: readonly string[];
  /** Only where no object has the name itself. */
  readonly alike: readonly AlikeTrace[];
}

export function whereaboutsOf(question: WhoHas): Whereabouts {
  const { files, name, version, inProcess } = question;
  const traces = inProcess.flatMap((object) => traceSymbol(files, object, name, version) ?? []);
  const hasDefinition = traces.some(({ kind }) => kind !== 'imported');
  const elsewhere = hasDefinition ? [] : definedElsewhere(question);
  const isKnown = hasDefinition || elsewhere.length > 0;
  return { traces, elsewhere, alike: isKnown ? [] : alikeIn(question) };
}

/** No more of them help. */
const SHOWN = 4;

/** Files of the objects' directories, and of ld.so.cache, that export the name. */
function definedElsewhere({ context, files, name, inProcess, near }: WhoHas): string[] {
  const architecture = near[0]?.object.architecture;
  if (architecture === undefined) return [];
  const known = new Set(inProcess.map(({ path }) => context.files.realPath(path)));
  const found: string[] = [];
  for (const path of candidateFiles(context, files, near)) {
    // The bloom filters of a system's libraries are read faster than where their links lead.
    if (!exportsName(files, path, name, architecture)) continue;
    const real = context.files.realPath(path);
    if (known.has(real)) continue;
    known.add(real);
    found.push(path);
    if (found.length === SHOWN) break;
  }
  return found;
}

function* candidateFiles(
  context: LoadContext,
  files: DiagnosisFiles,
  near: readonly NamedObject[],
): Generator<string> {
  for (const directory of new Set(near.map(({ path }) => directoryOf(path)))) {
    for (const entry of files.list(directory)) if (/\.so(\.|$)/.test(entry)) yield `${directory}/${entry}`;
  }
  for (const entries of context.settingsFor(near[0]!.object).cache.values()) {
    for (const { path } of entries) yield path;
  }
}

function exportsName(files: DiagnosisFiles, path: string, name: string, architecture: Architecture): boolean {
  return (
    unlessDamaged(() =>
      files.read(path, (source) => {
        const file = new ElfFile(source);
        if (file.dynamic === undefined || !sameArchitecture(file.header, architecture)) return false;
        if (!file.dynamic.mayDefine(name)) return false;
        const { symbols } = file.dynamic;
        return symbolsNamed(symbols, name).some(
          (index) =>
            symbols.section[index] !== SHN.UNDEF && symbolVisibility(symbols.other[index]!) !== STV.HIDDEN,
        );
      }),
    ) ?? false
  );
}

/** The likeliest sort of resemblance among the objects, the first object that has it. */
function alikeIn({ files, name, inProcess }: WhoHas): AlikeTrace[] {
  const found = inProcess.map((object) => unlessDamaged(() => alikeInObject(files, name, object)) ?? []);
  const exact = found.find((list) => list.some(({ how }) => how !== 'spelling'));
  return exact ?? found.find((list) => list.length > 0) ?? [];
}

function alikeInObject(files: DiagnosisFiles, name: string, object: NamedObject): AlikeTrace[] {
  const exported = namesOf(object.object.symbols, (index) => isExported(object.object, index));
  const own = alikeNames(name, exported);
  if (own.length > 0 || !isProgram(object.object)) return own.map((alike) => ({ ...alike, object }));
  // What a program does not export has been meant, too, and has its own remedy.
  const section = sectionSymbols(files, object.path);
  const inner = section && namesOf(section, (index) => section.section[index] !== SHN.UNDEF);
  return alikeNames(name, inner ?? [])
    .filter(({ how }) => how !== 'spelling')
    .map((alike) => ({ ...alike, object }));
}

/** One line for each object that has something of the name. */
export function whereaboutsEvidence(name: string, { traces, elsewhere, alike }: Whereabouts): Evidence[] {
  return [
    ...traces.map((trace): Evidence => ({ text: traceText(name, trace), object: trace.object.path })),
    ...elsewhere.map((object): Evidence => ({ text: `exports ${name}, and is not loaded`, object })),
    ...alike.map(
      (one): Evidence => ({
        text: `has ${readableName(one.name)}: ${ALIKE_TEXT[one.how]}`,
        object: one.object.path,
      }),
    ),
  ];
}

const ALIKE_TEXT: Readonly<Record<AlikeName['how'], string>> = {
  parameters: 'the same function with other parameters',
  'c++': 'compiled as C++, and so under another name',
  c: 'a C name, where the name of a C++ function is asked for',
  scope: 'the same name in another namespace or class',
  spelling: 'a name that is spelt nearly so',
};

function traceText(name: string, { kind, object, versions, localBy }: Trace): string {
  const written = versions.map((version) => `${name}${version}`).join(', ');
  switch (kind) {
    case 'exported':
      return `exports ${written || name}`;
    case 'other-version':
      return `exports ${written} and no other version of it`;
    case 'hidden':
      return `defines ${name} with hidden visibility (-fvisibility=hidden, or an attribute)`;
    case 'local':
      if (localBy?.by === 'source')
        return `defines ${name} for itself alone: static in ${localBy.file}, it seems`;
      return `defines ${name}, which was global until the linker made it local: ${object.object.versions.definitions.length > 0 ? 'by a version script' : 'hidden visibility, a version script without versions, or --exclude-libs'}`;
    case 'not-exported':
      return isProgram(object.object)
        ? `defines ${name}, but not among its dynamic symbols: it was linked without -rdynamic`
        : `defines ${name}, but not among its dynamic symbols`;
    case 'imported':
      return `needs ${versions[0] === undefined ? name : `${name}@${versions[0]}`} itself`;
  }
}
