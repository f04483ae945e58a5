import { baseName, type Evidence, type Finding } from '../../../model/index.ts';
import { type DeathInfo, type OpenDiagnosis, simulateOpen } from '../open-diagnosis.ts';
import { readableName } from '../symbol-names.ts';

/** Initialisers are run by dlopen(3) itself, of what is needed first (glibc elf/dl-init.c, _dl_init). */
export function explainDeath(diagnosis: OpenDiagnosis, death: DeathInfo): Finding {
  const { file } = diagnosis;
  const { signal, status, object, symbol, offset, faultAddress } = death;
  const ending = signal === undefined ? `exit(${status ?? '?'})` : signal;
  const where = [
    ...(symbol === undefined
      ? []
      : [`in ${readableName(symbol)}${offset ? ` + 0x${offset.toString(16)}` : ''}`]),
    ...(object === undefined ? [] : [`of ${object}`]),
  ].join(' ');
  const simulated = simulateOpen(diagnosis);
  const constructors = simulated.added.filter((entry) => entry.object.hasConstructors);
  const at = constructors.find(({ path }) => path === object);
  const evidence: Evidence[] = [
    ...(faultAddress === undefined ? [] : [{ text: `accessed ${addressText(faultAddress)}` }]),
    ...(simulated.message === undefined ? [] : [{ text: `was to be refused: ${simulated.message}` }]),
    ...constructors.map((entry) => ({
      text: entry === at ? 'has constructors, and is where it ended' : 'has constructors, which dlopen runs',
      object: entry.path,
    })),
  ];
  return {
    kind: 'open.constructor',
    severity: 'error',
    message: `the process ended by ${ending} while it opened ${file}${where === '' ? '' : `, ${where}`}`,
    subject: file,
    ...(object === undefined ? {} : { object }),
    evidence,
    fix: fixFor(death, object === undefined ? baseName(file) : baseName(object)),
  };
}

const NULL_PAGE = 4096n;

const addressText = (address: bigint): string =>
  address < NULL_PAGE
    ? `address 0x${address.toString(16)}: a NULL pointer`
    : `address 0x${address.toString(16)}`;

function fixFor({ signal, faultAddress, symbol }: DeathInfo, library: string): string {
  if (signal === undefined) {
    return `let the constructors of ${library} not call exit: set a breakpoint on exit to see which does`;
  }
  if (signal === 'SIGILL') {
    return `build ${library} for the processor of this machine (-march), or find __builtin_trap and its like`;
  }
  if (signal === 'SIGABRT') {
    return `read what the process wrote to stderr: an assertion, or an exception that left a constructor of ${library}`;
  }
  const isNull = faultAddress !== undefined && faultAddress < NULL_PAGE;
  const hint = isNull
    ? ', what it uses before it is set: a variable of another file whose constructor runs later'
    : '';
  return `look into the constructors of ${library}${symbol === undefined ? '' : `, ${symbol} first`} (__attribute__((constructor)), objects of C++ at namespace scope, DT_INIT)${hint}`;
}
