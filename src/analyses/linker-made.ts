/** Symbols that the linker or the start-up files put into every object; nobody means a particular one. */
export const LINKER_MADE: ReadonlySet<string> = new Set([
  '_init',
  '_fini',
  '_start',
  '_edata',
  'edata',
  '_end',
  'end',
  '_etext',
  'etext',
  '__bss_start',
  '__data_start',
  'data_start',
  '__dso_handle',
  '_IO_stdin_used',
  '__odr_asan',
]);
