/**
 * The class that a symbol belongs to, told from the spelling alone (Itanium C++ ABI, Name Mangling): nothing
 * is parsed, so that every export of a library can be asked. The class is given as it stands inside of its
 * members' names, `3Foo` or `2ns3Foo`.
 */

/** The special objects of a class: virtual table, VTT, typeinfo and its name. */
const OF_CLASS = /^_ZT[VTIS](?:N(.+)E|(\d.*))$/;
/** What stands before the name proper: thunks, guards, thread-local wrappers, and entities inside of functions. */
const HEAD = /^_Z(?:T[hv](?:n?\d+_)+|T[WH]|GV|GR|Z)*N[rVK]*[RO]?/;

/** Undefined for what is no special object of a class, or of one with template arguments. */
export function classOfSpecial(name: string): string | undefined {
  const match = OF_CLASS.exec(name);
  const found = match?.[1] ?? match?.[2];
  return found !== undefined && afterIdentifiers(found, 0) === found.length ? found : undefined;
}

/** The class whose constructor or destructor this is. */
export function classOfStructor(name: string): string | undefined {
  const start = HEAD.exec(name)?.[0].length;
  if (start === undefined) return undefined;
  const end = afterIdentifiers(name, start);
  return end > start && /^(?:C[1-3]|D[0-2])/.test(name.slice(end, end + 2))
    ? name.slice(start, end)
    : undefined;
}

/** Whether a symbol is a member of the class, a special object of it, or something inside of one of these. */
export function isOfClass(name: string, owner: string): boolean {
  if (classOfSpecial(name) === owner) return true;
  const start = HEAD.exec(name)?.[0].length;
  return start !== undefined && name.startsWith(owner, start);
}

/** The beginnings that the names of a class's own symbols can have. */
export function prefixesOf(owner: string): readonly string[] {
  const types = isNested(owner) ? [`N${owner}E`] : [owner];
  return [`_ZN${owner}`, `_ZNK${owner}`, ...types.flatMap((type) => [`_ZTV${type}`, `_ZTI${type}`])];
}

const isNested = (owner: string): boolean => afterIdentifier(owner, 0) < owner.length;

/** Where the identifiers (each its length and its characters) end that start at `at`. */
function afterIdentifiers(text: string, at: number): number {
  for (;;) {
    const next = afterIdentifier(text, at);
    if (next === at) return at;
    at = next;
  }
}

function afterIdentifier(text: string, at: number): number {
  const digits = /^[1-9]\d{0,5}/.exec(text.slice(at, at + 6))?.[0];
  if (digits === undefined) return at;
  const end = at + digits.length + Number(digits);
  return end <= text.length ? end : at;
}
