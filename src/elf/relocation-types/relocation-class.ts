/**
 * What a dynamic relocation asks of the dynamic linker:
 * - `none`: nothing;
 * - `relative`: the load address plus the addend, no symbol;
 * - `irelative`: the result of a call to the resolver at the addend, no symbol;
 * - `copy`: the bytes of another object's definition;
 * - `jump-slot`: a function's address in a PLT slot, possibly at its first call only;
 * - `glob-dat`: a symbol's address in a GOT slot;
 * - `tls`: a module id, an offset or a descriptor of a thread-local symbol;
 * - `other`: a symbol's address in some other field, or a type that is unknown or for link editors only.
 */
export type RelocationClass =
  | 'none'
  | 'relative'
  | 'irelative'
  | 'copy'
  | 'jump-slot'
  | 'glob-dat'
  | 'tls'
  | 'other';

/** From code to name, in the spelling of the processor supplement. */
export type RelocationNames = Readonly<Record<number, string>>;

/** The types of one machine whose class is not `other`, by a name out of its table. */
export type ClassesOf<Names extends RelocationNames> = {
  readonly [Name in Names[keyof Names & number]]?: Exclude<RelocationClass, 'other'>;
};
