import type { BindingFacts } from '../../analyses/index.ts';

/** What `LD_DEBUG=bindings,scopes` told of one process (ld.so(8)). */
export interface BindingTrace {
  /** In the loader's order, each look-up as it was made. */
  readonly bindings: readonly BindingFacts[];
  /** The global lookup scope at the start, in lookup order. */
  readonly lookupOrder: readonly string[];
  /** The program's main was reached. */
  readonly started: boolean;
}

/** glibc elf/dl-lookup.c, _dl_debug_bindings: `binding file A [0] to B [0]: normal symbol `S' [V]`. */
const BINDING =
  /^ *\d+:\tbinding file (.+) \[-?\d+\] to (.+) \[-?\d+\]: (normal|protected) symbol `([^']*)'(?: \[(.+)\])?$/;
/** glibc elf/dl-object.c and elf/rtld.c, _dl_show_scope: paths with a blank before each. */
const SCOPE = /^ *\d+:\t scope 0: (.+)$/;
/** glibc csu/libc-start.c: said right before the program's main. */
const STARTED = /^ *\d+:\ttransferring control: /m;

/** Reads what the loader wrote to the file of LD_DEBUG_OUTPUT. Lines of other categories are passed over. */
export function parseBindingTrace(text: string): BindingTrace {
  const bindings: BindingFacts[] = [];
  let lookupOrder: readonly string[] = [];
  for (const line of text.split('\n')) {
    const binding = BINDING.exec(line);
    if (binding) {
      const [, from, to, kind, symbol, version] = binding as unknown as [
        string,
        string,
        string,
        string,
        string,
        string?,
      ];
      bindings.push({
        from,
        symbol,
        ...(version === undefined ? {} : { version }),
        to,
        kind: kind === 'protected' ? 'protected' : 'normal',
      });
    } else if (lookupOrder.length === 0) {
      // The first scope printed is the program's own.
      const scope = SCOPE.exec(line);
      if (scope) lookupOrder = scope[1]!.split(/ (?=\/)/);
    }
  }
  return { bindings, lookupOrder, started: STARTED.test(text) };
}
