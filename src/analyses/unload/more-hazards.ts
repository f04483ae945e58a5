import { type Evidence, type FindingKind, REFERENCE_STATIC_TLS, type Severity } from '../../model/index.ts';
import type { LibcRules } from './libc.ts';
import { siteEvidence } from './pins.ts';
import type { PluginCode } from './plugin-code.ts';
import type { Stages } from './stages.ts';

/** Something to know of a library that is opened and closed, told by its file as a whole. */
export interface Trait {
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly code: PluginCode;
  readonly message: string;
  readonly evidence: readonly Evidence[];
  readonly fix: string;
}

/** All traits of one object. */
export function traitsOf(code: PluginCode, stages: Stages | undefined, rules: LibcRules): Trait[] {
  return [
    ...staticTls(code, rules),
    ...emulatedTls(code),
    ...exceptionReserve(code),
    ...strayExitHandlers(code, stages),
    ...constructorsOnly(code, stages),
  ];
}

function staticTls(code: PluginCode, { title, staticTls: fate }: LibcRules): Trait[] {
  const sign = staticTlsSign(code);
  if (sign === undefined) return [];
  const refused = fate === 'refused';
  return [
    {
      kind: 'unload.static-tls',
      severity: refused ? 'error' : 'warning',
      code,
      message: refused
        ? `${code.name}: ${title} does not open a library that wants room in the static thread-local storage`
        : `${code.name}: wants room in the static thread-local storage, where little is left after the start`,
      evidence: [{ text: sign, object: code.path }],
      fix: 'compile with -ftls-model=global-dynamic, or -mtls-dialect=gnu2 for speed',
    },
  ];
}

/** The linker's flag; some set none, and only the relocations tell. */
function staticTlsSign({ object }: PluginCode): string | undefined {
  if (object.staticTls) return 'DT_FLAGS has DF_STATIC_TLS: compiled with -ftls-model=initial-exec';
  const own = object.threadLocals?.ownTraits ?? 0;
  const asks =
    (own & REFERENCE_STATIC_TLS) !== 0 ||
    object.references.traits.some((traits) => (traits & REFERENCE_STATIC_TLS) !== 0);
  return asks
    ? 'a relocation asks for an offset from the thread pointer: -ftls-model=initial-exec'
    : undefined;
}

const EMULATED = '__emutls_get_address';

function emulatedTls(code: PluginCode): Trait[] {
  const own = code.runtimes.find(({ name }) => name === 'emulated thread-local storage');
  if (own === undefined && !code.imports.has(EMULATED)) return [];
  const where = own === undefined ? `it imports ${EMULATED}` : own.evidence;
  return [
    {
      kind: 'unload.emulated-tls',
      severity: 'note',
      code,
      message: `${code.name}: uses emulated thread-local storage, whose memory stays until each thread ends`,
      evidence: [{ text: where, object: code.path }],
      fix: 'build for a system with thread-local storage of its own (Android: API level 29), or with -fno-emulated-tls',
    },
  ];
}

/**
 * libsupc++ sets memory aside for exceptions that are thrown when there is none (eh_alloc.cc), in a constructor.
 * Only a leak checker asks for it back (__gnu_cxx::__freeres).
 */
function exceptionReserve(code: PluginCode): Trait[] {
  const own = code.runtimes.find(({ name }) => name === 'libstdc++');
  if (own === undefined) return [];
  const isRuntime = code.name.startsWith('libstdc++.so');
  const whose = isRuntime ? 'its' : 'has libstdc++ linked in, whose';
  const keep = 'keep the library loaded: RTLD_NODELETE, -Wl,-z,nodelete, one dlopen for the whole run';
  return [
    {
      kind: 'unload.memory',
      severity: 'warning',
      code,
      message: `${code.name}: ${whose} reserve for exceptions, some 70 KB, stays whenever it is loaded`,
      evidence: [{ text: own.evidence, object: code.path }],
      fix: isRuntime ? keep : `link the shared libstdc++, or ${keep}`,
    },
  ];
}

const REGISTRATIONS: ReadonlySet<string> = new Set(['__cxa_atexit', 'atexit']);
const FINALIZE: ReadonlySet<string> = new Set(['__cxa_finalize']);

/** Handlers are run at dlclose because the object's own code asks for it (Itanium C++ ABI, 3.3.6.3). */
function strayExitHandlers(code: PluginCode, stages: Stages | undefined): Trait[] {
  if (stages === undefined || stages.closing(FINALIZE).length > 0) return [];
  const sites = stages.sites(REGISTRATIONS).filter(({ stage }) => stage !== 'possible');
  if (sites.length === 0) return [];
  return [
    {
      kind: 'unload.exit-handler',
      severity: sites.some(({ stage }) => stage === 'open') ? 'error' : 'warning',
      code,
      message: `${code.name}: registers exit handlers, and nothing in it runs them when it is unloaded`,
      evidence: [
        ...sites.map((site) => siteEvidence(code, site)),
        { text: 'no destructor of it calls __cxa_finalize', object: code.path },
      ],
      fix: 'link with the compiler driver and without -nostartfiles, which leaves out crtbeginS.o',
    },
  ];
}

function constructorsOnly(code: PluginCode, stages: Stages | undefined): Trait[] {
  if (stages === undefined || code.constructors === 0 || code.destructors > 0) return [];
  if (stages.sites(REGISTRATIONS).some(({ stage }) => stage === 'open')) return [];
  return [
    {
      kind: 'unload.constructor-only',
      severity: 'note',
      code,
      message: `${code.name}: runs code when it is loaded, and none of its own when it is unloaded`,
      evidence: [
        {
          text: `${code.constructors} in DT_INIT_ARRAY, none in DT_FINI_ARRAY, no exit handler`,
          object: code.path,
        },
      ],
      fix: 'undo in a destructor what the constructors do, if it needs to be undone',
    },
  ];
}
