import { DF_1, SHN, STB, symbolBinding, symbolName } from '../../elf/index.ts';
import { baseName, type Evidence, type FindingKind, type KeptBy, type Severity } from '../../model/index.ts';
import type { Fate } from './fate.ts';
import type { LibcRules } from './libc.ts';
import type { PluginCode } from './plugin-code.ts';
import type { Site, Stages } from './stages.ts';

/** A reason for which an object is not unloaded, or may not be. */
export interface Pin {
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** `use`: only after certain calls. */
  readonly certainty: 'certain' | 'use' | 'possible';
  readonly message: string;
  readonly symbol?: string;
  readonly evidence: readonly Evidence[];
  readonly fix: string;
}

/** All that keeps the plugin; `fate` is undefined where the loader is not simulated. */
export function pinsOf(
  code: PluginCode,
  stages: Stages | undefined,
  rules: LibcRules,
  fate: Fate | undefined,
): Pin[] {
  const pins: Pin[] = [];
  if (!rules.unloads) pins.push(neverUnloads(code, rules));
  if ((code.object.flags1 & DF_1.NODELETE) !== 0) pins.push(noDelete(code));
  if (fate === undefined) {
    if (rules.uniquePins) pins.push(...uniquePins(code));
  } else {
    for (const by of fate.kept.get(fate.plugin) ?? []) pins.push(...keptPin(code, by));
  }
  pins.push(...threadDestructorPins(code, stages, rules));
  return pins;
}

function neverUnloads({ name }: PluginCode, { title }: LibcRules): Pin {
  return {
    kind: 'unload.never',
    severity: 'note',
    certainty: 'certain',
    message: `${name}: ${title} never unloads a library, dlclose only counts`,
    evidence: [{ text: 'constructors run once, at the first dlopen; destructors run when the process ends' }],
    fix: 'count on nothing that happens at dlclose; offer functions that start and stop the plugin',
  };
}

function noDelete({ name, path }: PluginCode): Pin {
  return {
    kind: 'unload.pinned-nodelete',
    severity: 'note',
    certainty: 'certain',
    message: `${name}: was linked to stay (DF_1_NODELETE)`,
    evidence: [{ text: 'DT_FLAGS_1 has DF_1_NODELETE: linked with -Wl,-z,nodelete', object: path }],
    fix: 'link without -Wl,-z,nodelete, unless it is meant to stay',
  };
}

const UNIQUE_FIX =
  'compile with -fno-gnu-unique, or hide the symbol: -fvisibility=hidden, a version script with local: *';

function uniquePin(code: PluginCode, symbol: string, evidence: string): Pin {
  return {
    kind: 'unload.pinned-unique',
    severity: 'warning',
    certainty: 'certain',
    message: `${code.name}: ${symbol} is unique in the process and keeps the library`,
    symbol,
    evidence: [{ text: evidence, object: code.path }],
    fix: UNIQUE_FIX,
  };
}

/** Without the loader: a unique definition that the object's own relocations look up (glibc, do_lookup_unique). */
function uniquePins(code: PluginCode): Pin[] {
  const { symbols, references } = code.object;
  const names = new Set<string>();
  for (const index of references.symbol) {
    const isUnique =
      symbolBinding(symbols.info[index]!) === STB.GNU_UNIQUE && symbols.section[index] !== SHN.UNDEF;
    if (isUnique) names.add(symbolName(symbols, index));
  }
  return [...names]
    .sort()
    .slice(0, 1)
    .map((name) =>
      uniquePin(
        code,
        name,
        `${names.size} of its references ask for a definition with binding STB_GNU_UNIQUE of its own`,
      ),
    );
}

function keptPin(code: PluginCode, by: KeptBy): Pin[] {
  switch (by.kind) {
    case 'nodelete':
      if (by.cause === 'unique') {
        return [
          uniquePin(
            code,
            by.symbol,
            'the first reference to it made the loader mark the library as not to be deleted',
          ),
        ];
      }
      // DF_1_NODELETE is told by the file itself.
      return [];
    case 'bound':
      return [boundPin(code, by)];
    case 'needed':
      return [neededPin(code, by.by)];
    case 'start':
      return [startPin(code)];
    case 'opened':
    // The machine code tells of those.
    case 'thread-destructors':
      return [];
  }
}

function boundPin({ name, path }: PluginCode, { by, symbol }: Extract<KeptBy, { kind: 'bound' }>): Pin {
  const user = baseName(by.path);
  return {
    kind: 'unload.pinned-bound',
    severity: 'warning',
    certainty: 'certain',
    message: `${name}: ${user}, which stays, uses its ${symbol}`,
    symbol,
    evidence: [{ text: `a reference of ${user} to ${symbol} is bound to ${name}`, object: path }],
    fix: 'hide the symbol: -fvisibility=hidden, a version script, -Wl,--exclude-libs,ALL for what static archives bring',
  };
}

function neededPin({ name, path }: PluginCode, by: { readonly path: string }): Pin {
  return {
    kind: 'unload.pinned-bound',
    severity: 'warning',
    certainty: 'certain',
    message: `${name}: ${baseName(by.path)}, which stays, needs it`,
    evidence: [{ text: `${baseName(by.path)} names ${name} as needed`, object: path }],
    fix: 'break the cycle of needs, or let the other library go',
  };
}

function startPin({ name, path }: PluginCode): Pin {
  return {
    kind: 'unload.pinned-bound',
    severity: 'note',
    certainty: 'certain',
    message: `${name}: the host has loaded it at its start`,
    evidence: [{ text: 'dlopen finds the library that is there, dlclose leaves it', object: path }],
    fix: 'open only what the host is not linked against',
  };
}

const THREAD_ATEXIT: ReadonlySet<string> = new Set(['__cxa_thread_atexit', '__cxa_thread_atexit_impl']);

/**
 * Thread-local objects with destructors: each keeps its library until its thread has ended (glibc
 * stdlib/cxa_thread_atexit_impl.c, l_tls_dtor_count), in the main thread for good.
 */
function threadDestructorPins(code: PluginCode, stages: Stages | undefined, rules: LibcRules): Pin[] {
  if (rules.threadDestructorsPin === 'no' || !rules.unloads) return [];
  const pin = (certainty: Pin['certainty'], severity: Severity, what: string, evidence: Evidence[]): Pin => ({
    kind: 'unload.pinned-thread-local',
    severity,
    certainty,
    message: `${code.name}: ${what}`,
    evidence,
    fix: 'keep a pointer in the thread-local variable and free it in a function that the host calls, or use a thread of your own and join it',
  });
  if (stages === undefined) {
    const imported = [...THREAD_ATEXIT].filter((name) => code.imports.has(name));
    return imported.length === 0
      ? []
      : [
          pin('use', 'warning', 'may register destructors of thread-local objects', [
            { text: `it imports ${imported.join(' and ')}`, object: code.path },
          ]),
        ];
  }
  const sites = stages.sites(THREAD_ATEXIT);
  const at = (stage: Site['stage']) => sites.filter((site) => site.stage === stage);
  const evidence = (some: readonly Site[]) => some.map((site) => siteEvidence(code, site));
  const [open, use, possible] = [at('open'), at('use'), at('possible')];
  const isCertain = rules.threadDestructorsPin === 'yes';
  if (open.length > 0) {
    const text =
      'a thread-local object is made when it is loaded, and keeps it until the thread ends that loaded it';
    return [pin(isCertain ? 'certain' : 'use', 'warning', text, evidence(open))];
  }
  if (use.length > 0) {
    const text = 'a thread-local object is made when it is used, and keeps it until that thread ends';
    return [pin('use', 'warning', text, evidence(use))];
  }
  if (possible.length === 0) return [];
  return [
    pin(
      'possible',
      'note',
      'holds code that makes thread-local objects, which would keep it',
      evidence(possible),
    ),
  ];
}

/** Where a call stands, and the way to it. */
export function siteEvidence({ path, nameOf }: PluginCode, { call, start, way, stage }: Site): Evidence {
  const entry = { open: 'when it is loaded', use: 'when it is used', possible: 'by a table of addresses' }[
    stage
  ];
  const through = way.length > 1 ? `, by way of ${way.slice(0, -1).join(' → ')}` : '';
  return {
    text: `${nameOf(start)} ${call.isTaken ? 'takes the address of' : 'calls'} ${call.name} at 0x${call.at.toString(16)}: reached ${entry}${through}`,
    object: path,
  };
}

/** The verdict of solder unload. */
export function verdictOf(pins: readonly Pin[], isUnderstood: boolean): 'unloads' | 'pinned' | 'unknown' {
  if (pins.some(({ certainty }) => certainty === 'certain')) return 'pinned';
  return !isUnderstood || pins.some(({ certainty }) => certainty === 'use') ? 'unknown' : 'unloads';
}
