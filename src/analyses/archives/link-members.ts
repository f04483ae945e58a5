/** What a static linker sees of one object file: its symbols that are not local. */
export interface ObjectSymbols {
  /** `main.o`, `libfoo.a(bar.o)`. */
  readonly name: string;
  /** Definitions that no other object may repeat. */
  readonly strong: readonly string[];
  /** Weak and common definitions, which give way. */
  readonly yielding: readonly string[];
  /** References that a definition has to be found for; weak ones are none. */
  readonly needed: readonly string[];
}

/** A file of the linker's command line. */
export type LinkInput =
  | { readonly kind: 'object'; readonly object: ObjectSymbols }
  | { readonly kind: 'archive'; readonly members: readonly ObjectSymbols[] };

export interface LinkedMembers {
  /** The members that become part of the program, in the order in which they are taken. */
  readonly taken: readonly string[];
  /** Names with more than one strong definition: the linker refuses. */
  readonly doubles: readonly string[];
}

/**
 * Which members a link takes from its archives, with the inputs in the order of the command line. An archive
 * gives what is missing when its turn comes and nothing later: a member is taken for one undefined name and
 * brings along everything else it defines (gABI, chapter 4, and ld(1), -l). ld.lld also looks back.
 */
export function linkMembers(inputs: readonly LinkInput[]): LinkedMembers {
  const strong = new Set<string>();
  const defined = new Set<string>();
  const missing = new Set<string>();
  const taken: string[] = [];
  const doubles = new Set<string>();
  const add = (object: ObjectSymbols): void => {
    for (const name of object.strong) {
      if (strong.has(name)) doubles.add(name);
      strong.add(name);
    }
    for (const name of [...object.strong, ...object.yielding]) {
      defined.add(name);
      missing.delete(name);
    }
    for (const name of object.needed) if (!defined.has(name)) missing.add(name);
  };
  const isWanted = (member: ObjectSymbols): boolean =>
    [...member.strong, ...member.yielding].some((name) => missing.has(name));
  for (const input of inputs) {
    if (input.kind === 'object') {
      add(input.object);
      continue;
    }
    const left = new Set(input.members);
    // A member may need what one before it has: the archive is gone through until it gives no more.
    for (let found = true; found; ) {
      found = false;
      for (const member of left) {
        if (!isWanted(member)) continue;
        left.delete(member);
        taken.push(member.name);
        add(member);
        found = true;
      }
    }
  }
  return { taken, doubles: [...doubles].sort() };
}
