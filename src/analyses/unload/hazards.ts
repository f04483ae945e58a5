import type { ImportCall } from '../../elf/code/index.ts';
import type { FindingKind, Severity } from '../../model/index.ts';
import type { PluginCode } from './plugin-code.ts';
import { RESOURCES, type Resource, SETTERS, SIGNAL_HANDLERS, THREAD_KEYS } from './resources.ts';
import type { Site, Stage, Stages } from './stages.ts';

/** Whether what was made is undone: never, only when somebody calls for it, or not to be told. */
type Undone = 'never' | 'in-use' | 'unread';

/** Something that an object leaves behind, or may. */
export interface Hazard {
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly code: PluginCode;
  readonly noun: readonly [string, string];
  /** `unread`: the code was not read, imports alone tell. */
  readonly stage: Stage | 'unread';
  readonly undone: Undone;
  /** Calls that make it; empty when the code was not read. */
  readonly sites: readonly Site[];
  /** The imports that make it, and those that would undo it. */
  readonly made: readonly string[];
  readonly undoers: readonly string[];
  readonly fix: string;
}

const STAGES: readonly Stage[] = ['open', 'use', 'possible'];

/** All hazards of one object whose names are known beforehand. */
export function resourceHazards(code: PluginCode, stages: Stages | undefined): Hazard[] {
  return RESOURCES.flatMap((resource) =>
    stages === undefined ? unreadHazard(code, resource) : readHazards(code, stages, resource),
  );
}

function readHazards(code: PluginCode, stages: Stages, resource: Resource): Hazard[] {
  const made = stages
    .sites(new Set(resource.made))
    .filter(({ call, start }) => counts(code, resource, call, start));
  const undoers = undoersOf(resource);
  const closing = stages.closing(undoers);
  const left = made.filter(({ call }) => !isUndone(resource, call, closing));
  const undone: Undone = stages.inUse(new Set(resource.undone)) ? 'in-use' : 'never';
  return STAGES.flatMap((stage): Hazard[] => {
    const sites = left.filter((site) => site.stage === stage);
    const severity = (undone === 'never' ? resource.never : resource.inUse)[stage];
    if (sites.length === 0 || severity === undefined) return [];
    const { kind, noun, fix, undone: wouldUndo } = resource;
    const names = [...new Set(sites.map(({ call }) => call.name))].sort();
    return [{ kind, severity, code, noun, stage, undone, sites, made: names, undoers: wouldUndo, fix }];
  });
}

/** Of what libraries keep one of, putting the former one back undoes it. */
function undoersOf({ made, undone }: Resource): Set<string> {
  return new Set(undone.length === 0 ? made : undone);
}

/** A key is deleted by whoever reads the variable that it was stored in; other things by any call. */
function isUndone(resource: Resource, made: ImportCall, closing: readonly ImportCall[]): boolean {
  if (resource.undone.length === 0 && resource !== SIGNAL_HANDLERS && resource !== SETTERS) return false;
  if (resource !== THREAD_KEYS) return closing.length > 0;
  const [variable] = made.args;
  return closing.some(({ args: [key] }) => {
    if (variable?.kind !== 'address' || key?.kind !== 'content') return true;
    return key.of === variable.address;
  });
}

/** SIG_DFL and SIG_IGN are no code of the library; a query sets nothing. */
function counts({ map }: PluginCode, resource: Resource, { name, args }: ImportCall, start: number): boolean {
  if (resource !== SIGNAL_HANDLERS) return true;
  const handler = args[1];
  if (handler?.kind === 'number') return false;
  if (handler?.kind === 'address' && map?.functions.has(handler.address)) return true;
  // sigaction takes a structure, which the function fills before it calls.
  return name === 'sigaction' && (map?.functions.get(start)?.refers.size ?? 0) > 0;
}

function unreadHazard(code: PluginCode, resource: Resource): Hazard[] {
  const { kind, noun, fix, made, undone: undoers, unread, never } = resource;
  const imported = made.filter((name) => code.imports.has(name));
  if (imported.length === 0 || unread === undefined) return [];
  const hasUndoer = undoers.some((name) => code.imports.has(name));
  const severity = hasUndoer ? never.possible : unread;
  if (severity === undefined) return [];
  return [
    {
      kind,
      severity,
      code,
      noun,
      stage: 'unread',
      undone: 'unread',
      sites: [],
      made: imported,
      undoers,
      fix,
    },
  ];
}
