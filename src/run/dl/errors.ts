import type { Finding } from '../../model/index.ts';

/** A function of the dlopen API failed; `message` is the text of dlerror(3). */
export class DlError extends Error {
  override readonly name = 'DlError';
  /** The cause in plain words and what to do about it, as far as the files tell. */
  readonly findings: readonly Finding[];
  constructor(message: string, findings: readonly Finding[] = [], options?: ErrorOptions) {
    super(message, options);
    this.findings = findings;
  }
}

/** RTLD_NOLOAD found nothing: dlopen(3) returned NULL, and dlerror(3) has nothing to say. */
export class NotLoaded extends DlError {}

/** A place in code: the object's path, and the function with the offset in it where the file has its symbol. */
export interface CodePlace {
  readonly object: string;
  readonly symbol?: string;
  readonly offset?: bigint;
}

/** What is known of the foreign code's end. */
export interface Death {
  /** `SIGSEGV`…, a real-time signal as `signal 34`; undefined when it ended by exit(3). */
  readonly signal: string | undefined;
  readonly status: number | undefined;
  /** Where it was, for a fatal signal: object, nearest symbol and the offset in it, as far as they are known. */
  readonly object: string | undefined;
  readonly symbol: string | undefined;
  readonly offset: bigint | undefined;
  /** The address that could not be accessed (si_addr), for SIGSEGV and SIGBUS. */
  readonly faultAddress: bigint | undefined;
  /** Another thread than the one that does what is asked; undefined: not known. */
  readonly isOtherThread?: boolean | undefined;
  /** Whose call led there, when the place itself is in the C library or the like; read off the stack. */
  readonly calledFrom?: CodePlace;
}

/** The foreign code took its process with it; the message says how and when in one line. */
export class ProcessDied extends Error {
  override readonly name = 'ProcessDied';
  readonly death: Death;
  /** The message without its end, which says when. */
  readonly how: string;
  /** It had been asked for nothing. */
  readonly isIdle: boolean;
  constructor(how: string, death: Death, when?: { readonly text: string; readonly isIdle: boolean }) {
    super(when === undefined ? how : `${how} ${when.text}`);
    this.how = how;
    this.death = death;
    this.isIdle = when?.isIdle ?? false;
  }
}

/** A call was still running when its time was up; its process was killed. */
export class CallLimit extends Error {
  override readonly name = 'CallLimit';
}

/** Memory that cannot be read or written. */
export class BadAddress extends Error {
  override readonly name = 'BadAddress';
}

/** A library, or the process that it was loaded into, is used after it was closed. */
export class Closed extends Error {
  override readonly name = 'Closed';
}
