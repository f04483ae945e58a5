import { SHN, STT, symbolType } from '../../elf/index.ts';
import type { LoadContext } from '../../loader/index.ts';
import type { Evidence, Finding } from '../../model/index.ts';
import type { DiagnosisFiles } from './diagnosis-files.ts';
import { readMessage } from './messages/read-message.ts';
import type { NamedObject } from './open-diagnosis.ts';
import { readableName } from './symbol-names.ts';
import { type Trace, traceSymbol } from './symbol-traces.ts';
import { type AlikeTrace, type Whereabouts, whereaboutsEvidence, whereaboutsOf } from './who-has.ts';

/** A look-up by dlsym(3) or dlvsym(3) that is to be made, or that failed. */
export interface SymbolDiagnosis {
  readonly context: LoadContext;
  readonly files: DiagnosisFiles;
  /** What the handle stands for, or the pseudo-handle. */
  readonly place: { readonly library: NamedObject } | { readonly pseudo: 'default' | 'next' };
  /** Where it is looked up, in this order: the library and what it needs, or the global scope. */
  readonly scope: readonly NamedObject[];
  /** All that is in the process. */
  readonly loaded: readonly NamedObject[];
  /** The program, which has its own ways of not exporting a symbol. */
  readonly program: NamedObject;
  readonly name: string;
  /** dlvsym(3). */
  readonly version?: string | undefined;
  /** dlerror's text of the look-up that failed. */
  readonly message?: string | undefined;
  /** dlsym returned NULL, and dlerror had nothing to say. */
  readonly returnedNull?: boolean;
}

/**
 * Why dlsym(3) fails, or what is special about the symbol that it finds, and what to do. With `message` or
 * `returnedNull` what happened is explained, otherwise what would happen. No findings: an ordinary symbol is found.
 */
export function diagnoseSymbol(diagnosis: SymbolDiagnosis): Finding[] {
  const { files, scope, name, version, message } = diagnosis;
  const read = message === undefined ? undefined : readMessage(message);
  if (read?.cause === 'caller' || read?.cause === 'handle') return [invalidCall(diagnosis, read.cause)];
  const found = message === undefined ? firstExported(files, scope, name, version) : undefined;
  return found === undefined ? [missing(diagnosis)] : special(diagnosis, found);
}

function firstExported(
  files: DiagnosisFiles,
  scope: readonly NamedObject[],
  name: string,
  version: string | undefined,
): Trace | undefined {
  for (const object of scope) {
    const trace = traceSymbol(files, object, name, version);
    if (trace?.kind === 'exported') return trace;
  }
  return undefined;
}

/** The words of dlerror(3), where it was not asked. */
function messageOf({ message, place, program, name, version }: SymbolDiagnosis): string {
  const object = 'library' in place ? place.library.path : program.path;
  return (
    message ?? `${object}: undefined symbol: ${name}${version === undefined ? '' : `, version ${version}`}`
  );
}

const whereText = ({ place }: SymbolDiagnosis): string =>
  'library' in place
    ? place.library.path
    : place.pseudo === 'default'
      ? 'the global scope'
      : 'what comes next';

function missing(diagnosis: SymbolDiagnosis): Finding {
  const { context, files, scope, loaded, program, name, version, place } = diagnosis;
  const own = 'library' in place ? [place.library] : [];
  const inProcess = byPath([...own, ...scope, ...loaded, program]);
  const found = whereaboutsOf({ context, files, name, version, inProcess, near: [...own, program] });
  const { kind, object, fix } = judge(diagnosis, found);
  return {
    kind,
    severity: 'error',
    message: messageOf(diagnosis),
    subject: name,
    ...(object === undefined ? {} : { object }),
    evidence: [
      {
        text: `looked up in ${whereText(diagnosis)}: ${scope.map(({ path }) => path).join(', ') || 'nothing'}`,
      },
      ...whereaboutsEvidence(name, found),
    ],
    fix,
  };
}

/** Each object once, the first of its path. */
const byPath = (objects: readonly NamedObject[]): NamedObject[] =>
  objects.filter(({ path }, at) => objects.findIndex((other) => other.path === path) === at);

interface Judgement {
  readonly kind: Finding['kind'];
  readonly object?: string;
  readonly fix: string;
}

/** The likeliest cause: what the searched objects have of the name, then others, then what is not loaded. */
function judge(diagnosis: SymbolDiagnosis, found: Whereabouts): Judgement {
  const { scope, name } = diagnosis;
  const searched = new Set(scope.map(({ path }) => path));
  const inScope = found.traces.filter(({ object }) => searched.has(object.path));
  const outside = found.traces.filter(({ object }) => !searched.has(object.path));
  const own = inScope.find(({ kind }) => kind !== 'imported' && kind !== 'exported');
  if (own) return keptTo(own, name);
  const visible = outside.find(({ kind }) => kind === 'exported' || kind === 'other-version');
  if (visible) return notSearched(diagnosis, visible);
  const kept = outside.find(({ kind }) => kind !== 'imported');
  if (kept) return keptTo(kept, name);
  const imported = inScope.find(({ kind }) => kind === 'imported');
  if (found.elsewhere[0] !== undefined) return notLoaded(name, found.elsewhere[0], imported);
  if (imported) {
    return {
      kind: 'symbol.imported',
      object: imported.object.path,
      fix: `open the library that defines ${name}, and ask that; ${imported.object.path} only calls it`,
    };
  }
  return found.alike[0] ? alike(name, found.alike[0]) : unknownSymbol(diagnosis);
}

/** The object has it, and does not give it to others. */
function keptTo({ kind, object, localBy, versions }: Trace, name: string): Judgement {
  const { path } = object;
  switch (kind) {
    case 'hidden':
      return {
        kind: 'symbol.hidden',
        object: path,
        fix: `declare ${name} with __attribute__((visibility("default"))) in ${path}`,
      };
    case 'local':
      return {
        kind: 'symbol.local',
        object: path,
        fix:
          localBy?.by === 'source'
            ? `take away static from ${name} in ${localBy.file}; if it has none, name it under global: in the version script`
            : object.object.versions.definitions.length > 0
              ? `name ${name} under global: in the version script of ${path}`
              : `give ${name} default visibility in ${path}, or name it under global: in its version script`,
      };
    case 'not-exported':
      return {
        kind: 'symbol.not-exported',
        object: path,
        fix: `link the program with -rdynamic, or with -Wl,--export-dynamic-symbol=${name}`,
      };
    case 'other-version':
      return {
        kind: 'symbol.other-version',
        object: path,
        fix: `ask for one that is there: dlvsym(handle, "${name}", "${(versions[0] ?? '').replace(/^@+/, '')}")`,
      };
    case 'exported':
    case 'imported':
      return { kind: 'symbol.not-found', object: path, fix: `ask ${path} for it` };
  }
}

function notSearched({ place }: SymbolDiagnosis, { object }: Trace): Judgement {
  const base = { kind: 'symbol.not-searched', object: object.path } as const;
  if (object.isApart) {
    return {
      ...base,
      fix: `ask with the handle of ${object.path}: it is in a namespace of its own, and nothing outside finds it otherwise`,
    };
  }
  if ('library' in place) {
    return {
      ...base,
      fix: `ask ${object.path} with a handle of its own, or link ${place.library.path} with it`,
    };
  }
  return {
    ...base,
    fix: `open ${object.path} with RTLD_GLOBAL (it was opened with RTLD_LOCAL, the default), or ask with its handle in the place of ${place.pseudo === 'default' ? 'RTLD_DEFAULT' : 'RTLD_NEXT'}`,
  };
}

function notLoaded(name: string, path: string, imported: Trace | undefined): Judgement {
  const isNeeded = imported !== undefined;
  return {
    kind: 'symbol.elsewhere',
    object: path,
    fix: isNeeded
      ? `link ${imported.object.path}, which uses ${name}, with ${path}; or open ${path} and ask that`
      : `open ${path}, and ask that for ${name}`,
  };
}

function alike(name: string, { name: other, how, object }: AlikeTrace): Judgement {
  if (how === 'spelling') {
    const fix = `ask for ${readableName(other)}, if that is meant`;
    return { kind: 'symbol.misspelt', object: object.path, fix };
  }
  const declare = `declare the function extern "C" in ${object.path}`;
  return {
    kind: 'symbol.mangled',
    object: object.path,
    fix:
      how === 'c'
        ? `ask for ${other}: it is compiled as C`
        : how === 'c++'
          ? `${declare}, or ask for ${readableName(other)}`
          : `ask for ${readableName(other)}; ${name} is another one to the loader`,
  };
}

const unknownSymbol = ({ name, place }: SymbolDiagnosis): Judgement => ({
  kind: 'symbol.not-found',
  ...('library' in place ? { object: place.library.path } : {}),
  fix: `look at what it exports (solder inspect${'library' in place ? ` ${place.library.path}` : ' FILE'}): nothing at hand is called ${name}, or nearly so; it may be of an older or newer release`,
});

/** What is special about a symbol that is found. */
function special({ name, message, returnedNull }: SymbolDiagnosis, { object, symbol }: Trace): Finding[] {
  const { symbols } = object.object;
  const type = symbolType(symbols.info[symbol!]!);
  const isAbsoluteNull = symbols.value[symbol!] === 0n && symbols.section[symbol!] === SHN.ABS;
  const isNull = returnedNull || (message === undefined && isAbsoluteNull && type !== STT.TLS);
  const base = { subject: name, object: object.path };
  if (isNull) {
    return [
      {
        ...base,
        kind: 'symbol.null',
        severity: 'warning',
        message: `${object.path}: the address of ${name} is NULL, which is no failure`,
        evidence: [{ text: nullText(type, isAbsoluteNull), object: object.path }],
        fix: 'call dlerror() before and after dlsym: only a text tells a failure from an address that is NULL',
      },
    ];
  }
  if (type !== STT.TLS) return [];
  return [
    {
      ...base,
      kind: 'symbol.thread-local',
      severity: 'note',
      message: `${object.path}: ${name} is thread-local: dlsym gives the address for the calling thread`,
      evidence: threadEvidence(object),
      fix: 'call dlsym in each thread that uses it, and do not keep the address longer than the thread lives',
    },
  ];
}

function nullText(type: number, isAbsoluteNull: boolean): string {
  if (type === STT.GNU_IFUNC) return 'an IFUNC whose resolver returned NULL: no version for this processor';
  return isAbsoluteNull ? 'an absolute symbol of the value 0' : 'its value is 0';
}

const threadEvidence = ({ path, object: { threadLocals } }: NamedObject): Evidence[] =>
  threadLocals === undefined
    ? []
    : [{ text: `has ${threadLocals.size} bytes of thread-local storage for each thread`, object: path }];

function invalidCall(diagnosis: SymbolDiagnosis, cause: 'caller' | 'handle'): Finding {
  return {
    kind: 'symbol.invalid-call',
    severity: 'error',
    message: messageOf(diagnosis),
    subject: diagnosis.name,
    evidence: [
      {
        text:
          cause === 'caller'
            ? 'RTLD_NEXT is seen from the object that makes the call, and this call came from none: generated code, or a static program'
            : 'the handle is closed already, or is none that dlopen returned',
      },
    ],
    fix:
      cause === 'caller'
        ? 'make the call from code of a library, or ask with a handle'
        : 'check what dlopen returns, and keep the library open while its symbols are looked up',
  };
}
