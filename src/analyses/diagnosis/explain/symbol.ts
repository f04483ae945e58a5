import { symbolName } from '../../../elf/index.ts';
import type { Finding, LoadedObject } from '../../../model/index.ts';
import { referenceVersion } from '../../symbol-text.ts';
import { type LostCall, needChain, type OpenDiagnosis } from '../open-diagnosis.ts';
import { chainEvidence, failure, type Refusal } from '../refusal.ts';
import { readableName } from '../symbol-names.ts';
import { directoryOf } from '../where-else.ts';
import { type Whereabouts, whereaboutsEvidence, whereaboutsOf } from '../who-has.ts';

/** A reference has no definition (glibc elf/dl-lookup.c, _dl_lookup_symbol_x). */
export function explainSymbol(refusal: Refusal): Finding[] {
  const { message, process } = refusal;
  const name = message.symbol!;
  const from =
    process.scope.find(({ path }) => path === message.object) ??
    process.scope.find((entry) => entry.object.soname === message.object || entry.name === message.object);
  return [undefinedSymbol(refusal, { name, version: message.version, from })];
}

/** A reference that finds nothing. */
interface Lost {
  readonly name: string;
  readonly version: string | undefined;
  /** Undefined: the message names an object that is not known. */
  readonly from: LoadedObject | undefined;
}

function undefinedSymbol(refusal: Refusal, { name, version, from }: Lost): Finding {
  const { diagnosis, process } = refusal;
  const { context, files, program } = diagnosis;
  const own = from === undefined ? [] : (process.dependencies.get(from) ?? []);
  const needed = own.filter((entry) => entry.kind === 'loaded');
  const inProcess = distinct([...(from ? [from] : []), ...needed, ...process.scope]);
  const near = [...(from ? [from] : []), program];
  const found = whereaboutsOf({ context, files, name, version, inProcess, near });
  return failure(refusal, 'load.undefined-symbol', {
    subject: name,
    object: from?.path ?? refusal.message.object,
    evidence: [
      ...chainEvidence(needChain(from), readableName(name)),
      // Others that need it too do not help.
      ...whereaboutsEvidence(name, {
        ...found,
        traces: found.traces.filter(({ kind }) => kind !== 'imported'),
      }),
    ],
    fix: undefinedFix(name, from?.path ?? refusal.message.object, found, diagnosis),
  });
}

const distinct = (objects: readonly LoadedObject[]): LoadedObject[] => [...new Set(objects)];

function undefinedFix(
  name: string,
  from: string,
  found: Whereabouts,
  { program, isApart }: OpenDiagnosis,
): string {
  const trace = found.traces.find(({ kind }) => kind !== 'imported');
  const alike = found.alike[0];
  switch (trace?.kind) {
    case 'not-exported':
      return trace.object.path === program.path
        ? `link the program with -rdynamic, or with a --dynamic-list that names ${name}`
        : `link ${trace.object.path} so that it exports ${name}`;
    case 'hidden':
      return `declare ${name} in ${trace.object.path} with __attribute__((visibility("default")))`;
    case 'local':
      return trace.localBy?.by === 'source'
        ? `take away static from ${name} in ${trace.localBy.file}, or name it in the version script`
        : trace.object.object.versions.definitions.length > 0
          ? `name ${name} under global: in the version script of ${trace.object.path}`
          : `give ${name} default visibility in ${trace.object.path}, or name it under global: in its version script`;
    case 'other-version':
      return `install the ${trace.object.path} that ${from} was linked with, or link ${from} with the one that is here`;
    case 'exported':
      if (isApart) {
        return `link ${from} with ${trace.object.path}: a namespace of its own finds nothing that is loaded in others`;
      }
      return `link ${from} with ${trace.object.path}, or open that first with RTLD_GLOBAL: it is in the process, but not where ${from} looks`;
  }
  if (found.elsewhere[0] !== undefined) {
    if (isApart) return `link ${from} with ${found.elsewhere[0]} (-Wl,-z,defs makes the linker insist)`;
    return `link ${from} with ${found.elsewhere[0]} (-Wl,-z,defs makes the linker insist), or open that before with RTLD_GLOBAL`;
  }
  switch (alike?.how) {
    case 'parameters':
    case 'scope':
      return `build ${from} with the header that belongs to ${alike.object.path}: ${readableName(alike.name)} is what it has`;
    case 'c++':
      return `declare the function extern "C" where ${alike.object.path} defines it`;
    case 'c':
      return `declare the function extern "C" where ${from} uses it`;
    case 'spelling':
      return `use ${alike.name}, if that is meant`;
  }
  return `link ${from} with the library that defines ${name}: -Wl,-z,defs makes the linker insist; ${directoryOf(from)} and ld.so.cache have none`;
}

/**
 * Functions that nobody defines, in a library that dlopen(3) opens all the same because it binds them lazily: each
 * ends the process when it is first called.
 */
export function lostLater(
  lost: readonly LostCall[],
  explain: (message: string) => Refusal | undefined,
): Finding[] {
  return lost.flatMap(({ from, reference }) => {
    const name = symbolName(from.object.symbols, reference);
    const asked = referenceVersion(from.object, reference);
    const message = `symbol lookup error: ${from.path}: undefined symbol: ${name}${asked ? `, version ${asked}` : ''}`;
    const refusal = explain(message);
    if (refusal === undefined) return [];
    const [finding] = explainSymbol(refusal);
    const when = {
      text: 'bound lazily: dlopen succeeds, and the process ends at the first call',
      object: from.path,
    };
    return [{ ...finding!, severity: 'warning' as const, evidence: [when, ...finding!.evidence] }];
  });
}
