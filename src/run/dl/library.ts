import type { Address, HandleInfo, LinkMapEntry, RawHandle } from './backend.ts';
import { Closed } from './errors.ts';
import type { FunctionOf, NativeFunction, TextFor } from './native-function.ts';
import { release } from './release.ts';
import type { SearchPlace, Session, SymbolOptions } from './session.ts';
import type { TypeLike } from './types/c-type.ts';
import type { ArgumentsOf, ResultOf } from './types/infer.ts';
import type { Value } from './types/values.ts';
import type { Variable } from './variable.ts';

/** What the process knows of an open library. */
interface Opened {
  readonly handle: RawHandle;
  readonly path: string;
  /** Open `Library` objects of the handle. */
  count(): number;
  circumstances: SearchPlace['circumstances'];
  close(): Promise<void>;
}

/**
 * One dlopen(3) of a library. Opening a file twice gives two of these with the same handle: the loader counts,
 * and unloads when the last is closed and nothing else keeps it.
 */
export class Library implements AsyncDisposable {
  readonly handle: RawHandle;
  /** The path that the loader knows it by; empty for the program. */
  readonly path: string;
  private readonly session: Session;
  private readonly opened: Opened;
  private readonly place: SearchPlace;
  private isClosed = false;

  /** Made by `dlopen` and `dlmopen`. */
  constructor(session: Session, opened: Opened) {
    this.session = session;
    this.opened = opened;
    this.handle = opened.handle;
    this.path = opened.path;
    const { handle, circumstances } = opened;
    this.place = { place: handle, circumstances, check: () => this.check() };
  }

  /** How often the library is open: as the loader counts, without what the libraries themselves open. */
  get count(): number {
    return this.opened.count();
  }

  get closed(): boolean {
    return this.isClosed || this.session.closed;
  }

  /** dlsym(3): searches the library and what it needs. 0n: the symbol's value is NULL. */
  symbol(name: string): Promise<Address> {
    return this.session.symbol(this.place, name);
  }

  /** dlvsym(3). */
  versioned(name: string, version: string): Promise<Address> {
    return this.session.symbol(this.place, name, version);
  }

  /**
   * A function by its name and prototype: `function('abs', 'int(int)')`. TypeScript reads the prototype; with a
   * type argument, `function<Account>(…)`, that is the result and nothing is said of the arguments.
   */
  function<const Prototype extends string, Declared extends FunctionOf<Prototype>>(
    name: string,
    prototype: Prototype,
    options?: SymbolOptions,
  ): Promise<Declared>;
  function<Result = never>(
    name: string,
    prototype: TextFor<Result>,
    options?: SymbolOptions,
  ): Promise<NativeFunction<NoInfer<Result>>>;
  function(name: string, prototype: string, options: SymbolOptions = {}): Promise<NativeFunction> {
    return this.session.function(this.place, name, prototype, options);
  }

  /** Looks a function up and calls it once. */
  call<const Prototype extends string, Declared extends ResultOf<Prototype>>(
    name: string,
    prototype: Prototype,
    ...args: ArgumentsOf<Prototype>
  ): Promise<Declared>;
  call<Result = never>(
    name: string,
    prototype: TextFor<Result>,
    ...args: readonly unknown[]
  ): Promise<NoInfer<Result>>;
  async call(name: string, prototype: string, ...args: readonly unknown[]): Promise<Value> {
    const callee = await this.function<Value>(name, prototype);
    return callee(...args);
  }

  /** A variable by its name and type: `variable('counter', 'int')`. */
  variable<Content = Value>(
    name: string,
    type: TypeLike,
    options: SymbolOptions = {},
  ): Promise<Variable<Content>> {
    return this.session.variable(this.place, name, type, options);
  }

  /** dlinfo(3). */
  async info(): Promise<HandleInfo> {
    this.check();
    return this.session.backend.handleInfo(this.handle);
  }

  /** The link map of its namespace. */
  async linkMap(): Promise<readonly LinkMapEntry[]> {
    this.check();
    return this.session.backend.linkMap(this.handle);
  }

  /** dlclose(3). Its functions and variables cannot be used afterwards, also where the library stays loaded. */
  async close(): Promise<void> {
    this.check();
    this.isClosed = true;
    await this.opened.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.closed) await release(this.session.backend, () => this.close());
  }

  private check(): void {
    this.session.check();
    if (this.isClosed) throw new Closed(`${this.path || 'the program'} was closed: open it again to use it`);
  }
}
