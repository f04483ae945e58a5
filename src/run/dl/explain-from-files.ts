import type { SymbolDiagnosis } from '../../analyses/index.ts';
import { diagnosisFiles, loadContext, type SystemTargets } from '../../host/index.ts';
import { loadProcess } from '../../loader/index.ts';
import type { DlCall, LoadedObject } from '../../model/index.ts';
import type { DlFailure, Explain } from './explain.ts';
import { openMode } from './open-mode.ts';

/** The process that calls the dlopen API. */
export interface Caller {
  /** The path of its program. */
  readonly program: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Explains a failure by what the files on this machine say. The analyses are loaded when something failed. */
export function explainFromFiles({ program: path, environment }: Caller): Explain {
  return async (failure) => {
    const { diagnoseOpen, diagnoseSymbol } = await import('../../analyses/index.ts');
    const { LD_LIBRARY_PATH: libraryPath, LD_PRELOAD: preload } = environment;
    const context = loadContext({ libraryPath, preload });
    const target = context.openTarget(path);
    if (target.kind !== 'dynamic') return [];
    const { object } = target;
    const common = { context, files: diagnosisFiles(), program: { path, object }, message: failure.message };
    if (failure.call === 'dlsym')
      return diagnoseSymbol({ ...common, ...lookUpOf(failure, context, common.program) });
    const { file, flags, before } = failure;
    return file === null ? [] : diagnoseOpen({ ...common, file, mode: openMode(flags), before });
  };
}

type LookUp = Pick<SymbolDiagnosis, 'place' | 'scope' | 'loaded' | 'name' | 'version'>;

/** Where the symbol was looked up, in the simulation of what was opened before. */
function lookUpOf(
  { handle, symbol: name, version, before }: Extract<DlFailure, { call: 'dlsym' }>,
  context: SystemTargets,
  program: SymbolDiagnosis['program'],
): LookUp {
  const opens = before.filter(isLibrary);
  const requests = opens.map(({ file, mode: { deepBind = false, global = false } }) => ({
    name: file,
    deepBind,
    global,
  }));
  const process = loadProcess(context, program.object, program.path, requests);
  const opened = process.opened.map((library) => (library.kind === 'opened' ? library.list : []));
  const atStart = process.linkMap.filter((entry) => entry.kind === 'loaded');
  const loaded = [...new Set<LoadedObject>([...atStart, ...opened.flat()])];
  const global = [...new Set([...process.scope, ...opened.filter((_, at) => requests[at]!.global).flat()])];
  const base = { loaded, name, version };
  if (typeof handle !== 'string') return { ...base, place: handle, scope: global };
  const list = opened[opens.findIndex((open) => open.handle === handle)];
  return { ...base, place: { library: list?.[0] ?? process.root }, scope: list ?? global };
}

/** Not the program itself, which is there anyway. */
const isLibrary = (call: DlCall): call is Extract<DlCall, { call: 'dlopen' }> & { readonly file: string } =>
  call.call === 'dlopen' && call.file !== null;
