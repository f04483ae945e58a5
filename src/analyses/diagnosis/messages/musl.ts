import type { MessageText } from './cause.ts';

/** What musl leaves for dlerror(3) (ldso/dynlink.c), whole: the object stands within the text. */
export const MUSL_MESSAGES: readonly MessageText[] = [
  { text: 'Error relocating {object}: {symbol}: symbol not found', cause: 'symbol' },
  {
    text: 'Error relocating {object}: {symbol}: initial-exec TLS resolves to dynamic definition in {file}',
    cause: 'static-tls',
  },
  { text: 'Error relocating {object}: cannot allocate TLSDESC for {symbol}', cause: 'memory' },
  { text: 'Error relocating {object}: unsupported relocation type {type}', cause: 'relocation' },
  { text: 'Error relocating {object}: RELRO protection failed: {reason}', cause: 'protection' },
  { text: 'Error loading shared library {object}: {reason} (needed by {requester})', cause: 'not-opened' },
  { text: 'Error loading shared library {object}: {reason}', cause: 'not-opened' },
  { text: 'Error loading dependencies for {object}', cause: 'dependencies' },
  { text: 'Error recording dependencies for {object}', cause: 'memory' },
  { text: 'Error allocating constructor queue: {reason}', cause: 'memory' },
  { text: 'Error preparing lazy relocation for {object}: {reason}', cause: 'memory' },
  { text: '{object}: Error getting {file} bytes thread-local storage: {reason}', cause: 'memory' },
  { text: 'Library {object} is not already loaded', cause: 'not-loaded' },
  { text: 'Cannot dlopen while program is exiting.', cause: 'exiting' },
  { text: 'Symbol not found: {symbol}', cause: 'symbol' },
  { text: 'Invalid library handle {file}', cause: 'handle' },
  { text: 'Dynamic linker failed to allocate memory for error message', cause: 'memory' },
];

/** What OpenHarmony's musl says besides: to dlerror(3), and more to its log. */
export const OHOS_MESSAGES: readonly MessageText[] = [
  {
    text: 'relocating failed: symbol not found. dso={object} s={symbol} use_vna_hash={file} van_hash={type}',
    cause: 'symbol',
  },
  { text: 'relocating failed: symbol not found. dso={object} s={symbol}', cause: 'symbol' },
  { text: 'Symbol not found: {symbol}, version: {version} so={object}', cause: 'symbol' },
  { text: 'Symbol not found: {symbol}, version: {version}', cause: 'symbol' },
];
