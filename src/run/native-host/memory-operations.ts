import type { Address } from '../dl/backend.ts';
import type { Request } from './channel.ts';
import { hex } from './operations.ts';
import { OPERATION } from './protocol.ts';

/** A frame's size has 32 bits. */
const MOST_BYTES = 0xffff_0000;

export const readRequest = (address: Address, size: number): Request<Uint8Array> => ({
  operation: OPERATION.read,
  encode(writer) {
    writer.u64(address);
    writer.u32(checkedSize(size));
  },
  decode: (reply) => reply.rest(),
  describe: () => `reading ${size} bytes at ${hex(address)}`,
});

export const writeRequest = (address: Address, bytes: Uint8Array): Request<void> => ({
  operation: OPERATION.write,
  encode(writer) {
    checkedSize(bytes.length);
    writer.u64(address);
    writer.raw(bytes);
  },
  decode: () => {},
  describe: () => `writing ${bytes.length} bytes at ${hex(address)}`,
});

export const readStringRequest = (address: Address): Request<string> => ({
  operation: OPERATION.readString,
  encode: (writer) => writer.u64(address),
  decode: (reply) => reply.string(),
  describe: () => `reading the string at ${hex(address)}`,
});

export const allocateRequest = (size: number): Request<Address> => ({
  operation: OPERATION.allocate,
  encode: (writer) => writer.u64(BigInt(size)),
  decode: (reply) => reply.u64(),
  describe: () => `malloc of ${size} bytes`,
});

export const freeRequest = (address: Address): Request<void> => ({
  operation: OPERATION.free,
  encode: (writer) => writer.u64(address),
  decode: () => {},
  describe: () => `free of ${hex(address)}`,
});

function checkedSize(size: number): number {
  if (!Number.isSafeInteger(size) || size < 0 || size > MOST_BYTES) {
    throw new RangeError(`${size} is no number of bytes that can be moved at once`);
  }
  return size;
}
