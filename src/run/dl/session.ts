import type { Address, Backend, LookupPlace } from './backend.ts';
import { Closed } from './errors.ts';
import { type DlFailure, type Explain, explained } from './explain.ts';
import { type NativeFunction, nativeFunction } from './native-function.ts';
import { sizeOf, type TypeLike } from './types/c-type.ts';
import { type NamedTypes, parsePrototype, typeOf } from './types/parse-declaration.ts';
import { checkName } from './types/values.ts';
import { Variable } from './variable.ts';

/** How a symbol is looked up. */
export interface SymbolOptions {
  /** dlvsym(3): the version that it must have. */
  readonly version?: string;
  /** Types that the text names: `{ 'struct point': point }`. */
  readonly types?: NamedTypes;
}

/** Where a symbol is looked up. */
export interface SearchPlace {
  readonly place: LookupPlace;
  /** What is open, and which of it the place is, for who explains a failure. */
  circumstances(): Pick<Extract<DlFailure, { call: 'dlsym' }>, 'before' | 'handle'>;
  /** Throws when the place must not be used any more. */
  check(): void;
}

/** What a process and its libraries share. */
export class Session {
  readonly backend: Backend;
  readonly explain: Explain;
  closed = false;

  constructor(backend: Backend, explain: Explain) {
    this.backend = backend;
    this.explain = explain;
  }

  check(): void {
    if (this.closed) throw new Closed('the process was closed: start another one');
  }

  async symbol(
    { place, circumstances, check }: SearchPlace,
    name: string,
    version?: string,
  ): Promise<Address> {
    check();
    checkName('a symbol', name);
    if (version !== undefined) checkName('a version', version);
    return explained(this.explain, this.backend.symbol(place, name, version), (message) => ({
      call: 'dlsym',
      ...circumstances(),
      symbol: name,
      version,
      message,
    }));
  }

  async function<Result>(
    place: SearchPlace,
    name: string,
    prototype: string,
    { version, types }: SymbolOptions,
  ): Promise<NativeFunction<Result>> {
    const type = parsePrototype(prototype, types);
    const address = await this.symbol(place, name, version);
    if (address === 0n) throw new Error(`the value of '${name}' is NULL: it cannot be called`);
    return nativeFunction(this.backend, address, type, place.check);
  }

  async variable<Content>(
    place: SearchPlace,
    name: string,
    type: TypeLike,
    { version, types }: SymbolOptions,
  ): Promise<Variable<Content>> {
    const exact = typeOf(type, types);
    sizeOf(exact);
    const address = await this.symbol(place, name, version);
    return new Variable(this.backend, address, exact, place.check);
  }
}
