import type { Address, Backend } from './backend.ts';
import { memoryValue } from './native-function.ts';
import { type CType, sizeOf } from './types/c-type.ts';
import { encode } from './types/encode.ts';
import type { Value } from './types/values.ts';

/** Memory of a known type: a library's variable, or allocated memory. */
export class Variable<Content = Value> {
  readonly address: Address;
  readonly type: CType;
  protected readonly backend: Backend;
  private readonly check: () => void;

  /** `check` throws when the memory must not be used any more. */
  constructor(backend: Backend, address: Address, type: CType, check: () => void) {
    this.backend = backend;
    this.address = address;
    this.type = type;
    this.check = check;
    sizeOf(type);
  }

  async get(): Promise<Content> {
    this.check();
    const bytes = await this.backend.read(this.address, sizeOf(this.type));
    return (await memoryValue(this.backend, this.type, bytes)) as Content;
  }

  /** Rejects with `BadAddress` where the memory is read-only. */
  async set(value: Content): Promise<void> {
    this.check();
    await this.backend.write(this.address, encode(this.type, value));
  }
}

/** Memory that lives until it is freed; also by `await using`. */
export class Allocation<Content = Value> extends Variable<Content> implements AsyncDisposable {
  async free(): Promise<void> {
    await this.backend.free(this.address);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.free();
  }
}
