import type { Address, Backend } from './backend.ts';
import { Closed } from './errors.ts';
import { memoryValue } from './native-function.ts';
import { release } from './release.ts';
import { type CType, sizeOf } from './types/c-type.ts';
import { encode } from './types/encode.ts';
import type { Value } from './types/values.ts';

/** Memory of a known type: a library's variable, or allocated memory. */
export class Variable<Content = Value> {
  readonly address: Address;
  readonly type: CType;
  protected readonly backend: Backend;
  private readonly checkPlace: () => void;

  /** `check` throws when the memory must not be used any more. */
  constructor(backend: Backend, address: Address, type: CType, check: () => void) {
    this.backend = backend;
    this.address = address;
    this.type = type;
    this.checkPlace = check;
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

  protected check(): void {
    this.checkPlace();
  }
}

/** Memory that lives until it is freed; also by `await using`. */
export class Allocation<Content = Value> extends Variable<Content> implements AsyncDisposable {
  private isFreed = false;

  async free(): Promise<void> {
    this.check();
    this.isFreed = true;
    await this.backend.free(this.address);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.isFreed) await release(this.backend, () => this.free());
  }

  protected override check(): void {
    super.check();
    if (this.isFreed) throw new Closed('the memory was freed: allocate it again to use it');
  }
}
