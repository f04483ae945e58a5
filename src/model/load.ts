import type { DlCall } from './dl-call.ts';

/** Where a symbol is looked up: a handle's name, RTLD_DEFAULT or RTLD_NEXT. */
export type LookupIn = Extract<DlCall, { call: 'dlsym' }>['handle'];

/** One thing that `solder load` does in the host process. */
export type LoadStep =
  | {
      readonly step: 'open';
      readonly text: string;
      readonly call: Extract<DlCall, { call: 'dlopen' }>;
    }
  | {
      /** Looks a symbol up; with a prototype calls the function, or reads or sets the variable. */
      readonly step: 'symbol';
      readonly text: string;
      readonly call: Extract<DlCall, { call: 'dlsym' }>;
      readonly use: 'find' | 'call' | 'read' | 'write';
      /** `int(int, const char *)` for a call, `int` for a variable. */
      readonly prototype?: string;
      readonly args: readonly string[];
    }
  | {
      /** Asks dladdr(3) for an address: of a symbol or as a number. */
      readonly step: 'info';
      readonly text: string;
      readonly address: Extract<DlCall, { call: 'dlsym' }> | bigint;
      /** Bytes behind it. */
      readonly offset: bigint;
    }
  | {
      readonly step: 'close';
      readonly text: string;
      readonly call: Extract<DlCall, { call: 'dlclose' }>;
    };

/** What a step comes to, predicted or observed. Objects by their paths, as the loader knows them. */
export interface StepResult {
  readonly result:
    | 'opened'
    | 'not-loaded'
    | 'found'
    | 'null'
    | 'called'
    | 'read'
    | 'written'
    | 'inside'
    | 'outside'
    | 'closed'
    | 'refused'
    | 'failed'
    | 'died'
    | 'skipped'
    | 'unknown';
  /** Refused: the text of dlerror(3). Failed and skipped: why. Died: how. */
  readonly message?: string;
  /** The library that was opened, the one that has the symbol or the address. */
  readonly object?: string;
  /** The symbol next to an address, and how many bytes behind it the address lies. */
  readonly symbol?: string;
  readonly offset?: string;
  /** The address as the object's file has it, and where in the file its byte stands, if there; hexadecimal. */
  readonly address?: string;
  readonly fileOffset?: string;
  /** What joins the link map, in its order; what leaves it. */
  readonly loaded: readonly string[];
  readonly unloaded: readonly string[];
  /** Whose constructors and destructors run, in this order; absent where the loader does not tell. */
  readonly initialised?: readonly string[];
  readonly finalised?: readonly string[];
}

/** A reference that was bound while foreign code ran. */
export interface LazyBinding {
  readonly from: string;
  readonly symbol: string;
  readonly to: string;
}

/** What foreign code asked of the loader itself, without being told to. */
export interface ForeignCall {
  readonly call: 'dlopen' | 'dlclose';
  readonly library: string;
  /** The object whose code asked, as far as the loader tells. */
  readonly by?: string;
}

/** An object that may make a step go otherwise than predicted, and how. */
export interface Doubt {
  readonly object: string;
  readonly because: string;
}

/** The end of the process, which no step is taken after. */
export interface StepDeath {
  /** Neither: it closed what was not its own, or its time was up. */
  readonly signal?: string;
  readonly status?: number;
  /** It was killed since its time was up. */
  readonly isLate: boolean;
  /** The thread that takes the steps, or one that foreign code started; absent where nobody could tell. */
  readonly thread?: 'own' | 'other';
  /** While the step was taken, or before it began or after it was done. */
  readonly moment: 'before' | 'during' | 'after';
}

/** A step with what came of it. */
export interface StepFacts {
  readonly step: string;
  /** Null: what the foreign code does is not to be told from its file. */
  readonly predicted: StepResult | null;
  /** Null: nobody took the step. */
  readonly observed: StepResult | null;
  readonly agrees: boolean;
  /** After a close: what stays of the handle's library and its needs, and by what. */
  readonly kept?: readonly { readonly object: string; readonly by: readonly string[] }[];
  /** What a function returned or a variable holds, as C would write it. */
  readonly value?: string;
  /** How the process ended, if it did. */
  readonly death?: StepDeath;
  /** Buffers that the function was to fill, by the position of the argument. */
  readonly buffers?: readonly { readonly argument: number; readonly value: string }[];
  readonly bound: readonly LazyBinding[];
  /** What the code that runs, or ran before, decides: of the outcomes that it leaves open `predicted` is one. */
  readonly doubts?: readonly Doubt[];
  /** What it opened and closed itself in this step: no prediction says so, and none is made from then on. */
  readonly foreignCalls?: readonly ForeignCall[];
  /** What the process wrote meanwhile. */
  readonly stdout: string;
  readonly stderr: string;
}

/** `solder load` */
export interface LoadFacts {
  readonly steps: readonly StepFacts[];
}
