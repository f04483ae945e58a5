import type { FindingKind, Severity } from '../../model/index.ts';
import type { KeyLosses } from './key-losses.ts';
import type { DerivedLibc, Libc } from './libc.ts';
import type { Stage } from './stages.ts';

export const UNLOAD_VERDICTS = ['unloads', 'pinned', 'unknown'] as const;
export type UnloadVerdict = (typeof UNLOAD_VERDICTS)[number];

/** One reason for which the plugin stays. */
export interface PinFacts {
  readonly kind: FindingKind;
  readonly certainty: 'certain' | 'use' | 'possible';
  readonly symbol?: string;
}

/** A place in the code that makes what stays. */
export interface SiteFacts {
  readonly function: string;
  /** Of the call instruction, as hexadecimal number with 0x. */
  readonly address: string;
  readonly calls: string;
  /** Functions from an entry of the object to this one. */
  readonly way: readonly string[];
}

/** Something that an object leaves behind, or may. */
export interface HazardFacts {
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly object: string;
  readonly when: Stage | 'unread';
  readonly undone: 'never' | 'in-use' | 'unread';
  /** Things that are left, where no loop makes them: several places may fill one variable. */
  readonly count: number;
  readonly sites: readonly SiteFacts[];
}

/** What `facts` of the command holds. */
export interface UnloadFacts {
  readonly path: string;
  readonly host: string | null;
  readonly libc: Libc;
  /** How the C library was told; `given` by the option. */
  readonly libcFrom: DerivedLibc['certainty'] | 'given';
  readonly libcEvidence: string;
  /** Whether dlclose unmaps the plugin; null: it depends on what is called, or is not known. */
  readonly unloads: boolean | null;
  readonly pins: readonly PinFacts[];
  /** Objects that come and go with the plugin, itself included; null where the loader is not simulated. */
  readonly unloaded: readonly string[] | null;
  /** What the plugin brings along and leaves. */
  readonly stays: readonly string[];
  readonly staticRuntimes: readonly { readonly name: string; readonly evidence: string }[];
  readonly hazards: readonly HazardFacts[];
  readonly keysPerRound: KeyLosses;
  readonly keysMax: Readonly<Record<Libc, number>>;
  /** The first round in which no key is left: at the earliest, at the latest when `max` is null; null: never. */
  readonly exhaustedAtRound: Readonly<Record<Libc, number | null>>;
}
