import { describe, parse } from '../../demangle/index.ts';
import { givesBack, keepsCallbacks } from './callbacks.ts';
import type { Hazard } from './hazards.ts';
import type { PluginCode } from './plugin-code.ts';
import { RESOURCES } from './resources.ts';
import type { Site, Stages } from './stages.ts';

/** glibc and bionic forget these when the object goes, by the handle that is handed in (__cxa_finalize). */
const TIED_TO_THE_OBJECT = /^(__register_atfork|__cxa_|atexit$|_ITM_|__register_frame|__deregister_frame)/;

/** Undoes nothing that a host keeps. */
const SYSTEM = /^(pthread|thrd|tss|mtx|cnd|sem|_ITM|__deregister)_/;

const NAMED = new Set(RESOURCES.flatMap(({ made, undone }) => [...made, ...undone]));

/**
 * Functions that an object hands to somebody who stays, by a function whose name says that it keeps them.
 * `isGone` tells of an import whether whoever defines it is unloaded too.
 */
export function callbackHazards(
  code: PluginCode,
  stages: Stages | undefined,
  isGone: (name: string) => boolean,
): Hazard[] {
  if (stages === undefined) return [];
  const handed = stages.all().filter((site) => handsOver(code, site) && !isGone(site.call.name));
  const closing = stages
    .allClosing()
    .flatMap(({ name }) => (NAMED.has(name) || SYSTEM.test(name) ? [] : [name]));
  const left = handed.filter(
    ({ call }) => !closing.some((name) => name === call.name || givesBack(ownName(name))),
  );
  return (['open', 'use', 'possible'] as const).flatMap((stage): Hazard[] => {
    const sites = left.filter((site) => site.stage === stage);
    if (sites.length === 0) return [];
    const made = [...new Set(sites.map(({ call }) => call.name))].sort();
    return [
      {
        kind: 'unload.callback',
        severity: stage === 'possible' ? 'note' : 'warning',
        code,
        noun: ['callback', 'callbacks'],
        stage,
        undone: 'never',
        sites: sites.map((site) => ({ ...site, left: [], eachTime: 0 })),
        certain:
          stage === 'open'
            ? sites.filter(({ call, start }) => call.isAlways && stages.isCertain(start)).length
            : 0,
        made,
        undoers: [],
        closesOthers: false,
        fix: 'take the callback back in a destructor of the library, before its code goes',
      },
    ];
  });
}

function handsOver({ map }: PluginCode, { call }: Site): boolean {
  if (call.isTaken || NAMED.has(call.name) || TIED_TO_THE_OBJECT.test(call.name)) return false;
  if (!keepsCallbacks(ownName(call.name))) return false;
  return call.args.some((value) => value?.kind === 'address' && map?.functions.has(value.address));
}

/** The function's own name, without scope and parameters. */
function ownName(name: string): string {
  const parsed = name.startsWith('_Z') || name.startsWith('_R') ? parse(name) : undefined;
  return parsed !== undefined && 'ast' in parsed ? describe(parsed.ast).name : name;
}
