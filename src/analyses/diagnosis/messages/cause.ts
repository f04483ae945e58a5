/**
 * What a loader's message tells of the cause, whichever loader wrote it:
 * - `not-opened`: no file that could be opened; `wrong-class`: one of the other word size was passed over
 * - `header`: what the file starts with is not what the loader loads; `read`: the system does not give its bytes
 * - `program`, `forbidden`: an executable, or a library that is not to be opened
 * - `no-dynamic`, `no-segments`: nothing that a process could use; `misaligned`: made for other pages
 * - `mapping`, `protection`, `stack`, `text`: the system refused memory with these rights
 * - `memory`: none left; `limit`: too many of something
 * - `version`, `version-table`, `relr`: what is wrong with the versions that a file needs
 * - `symbol`, `relocation`, `overflow`, `circular-ifunc`, `indirect-access`, `static-tls`: relocation failed
 * - `isa`: made for a better processor
 * - `mode`, `namespace`, `token`, `not-loaded`, `handle`, `caller`, `exiting`: the call itself
 * - `dependencies`: musl could not load what is needed, and has said so before
 * - `aborted`: the loader ends the process
 */
export type Cause =
  | 'not-opened'
  | 'wrong-class'
  | 'header'
  | 'read'
  | 'program'
  | 'forbidden'
  | 'no-dynamic'
  | 'no-segments'
  | 'misaligned'
  | 'mapping'
  | 'protection'
  | 'stack'
  | 'text'
  | 'memory'
  | 'limit'
  | 'version'
  | 'version-table'
  | 'relr'
  | 'symbol'
  | 'relocation'
  | 'overflow'
  | 'circular-ifunc'
  | 'indirect-access'
  | 'static-tls'
  | 'isa'
  | 'mode'
  | 'namespace'
  | 'token'
  | 'not-loaded'
  | 'handle'
  | 'caller'
  | 'exiting'
  | 'dependencies'
  | 'aborted';

/** One message of a loader. */
export interface MessageText {
  /** Names in braces stand for what differs: `{symbol}`, `{version}`, `{requester}`, `{type}`, `{file}`. */
  readonly text: string;
  readonly cause: Cause;
}

/** A message that was understood. */
export interface LoaderMessage {
  readonly cause: Cause;
  readonly loader: 'glibc' | 'musl' | 'ohos';
  /** The whole message. */
  readonly message: string;
  /** What the loader names: a path, a library's name; empty where it names none. */
  readonly object: string;
  /** The loader's fixed text. */
  readonly text: string;
  /** What the system said (strerror(3)), where that is part of the message. */
  readonly reason: string | undefined;
  readonly symbol: string | undefined;
  readonly version: string | undefined;
  /** The object that needs a version or a library. */
  readonly requester: string | undefined;
  /** A relocation's type: a number in hexadecimal, or its name. */
  readonly type: string | undefined;
}
