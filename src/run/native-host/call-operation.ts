import type { Address, CallArgument, CallOutcome, CallReturn } from '../dl/backend.ts';
import type { Request } from './channel.ts';
import { ARGUMENT, NO_MORE_BYTES, OPERATION, REGISTERS, RESULT } from './protocol.ts';
import type { Reply } from './reply-reader.ts';
import type { RequestWriter } from './request-writer.ts';

/** No buffers came back: one map for all calls, since most have none. */
const NOTHING: ReadonlyMap<number, Uint8Array> = new Map();

/** A call; `name` is what messages call the function by. */
export const callRequest = (
  address: Address,
  args: readonly CallArgument[],
  returns: CallReturn,
  name: (address: Address) => string,
): Request<CallOutcome> => ({
  operation: OPERATION.call,
  encode(writer) {
    checkRegisters(args);
    writer.u64(address);
    writeCall(writer, args, returns);
  },
  decode(reply) {
    const errno = reply.u32();
    const returned = readReturnedBytes(reply);
    return { value: readResult(reply, returns), returned, errno };
  },
  describe: () => `a call of ${name(address)}`,
});

/** The result's kind and the arguments. */
export function writeCall(writer: RequestWriter, args: readonly CallArgument[], returns: CallReturn): void {
  writer.u8(RESULT[returns]);
  writer.u8(args.length);
  for (const argument of args) writeArgument(writer, argument);
}

export function checkRegisters(args: readonly CallArgument[]): void {
  let floating = 0;
  for (const { kind } of args) if (kind === 'double' || kind === 'float') floating++;
  const { integer: integers, floating: floats } = REGISTERS;
  if (floating > floats || args.length - floating > integers) {
    throw new RangeError(
      `a call takes at most ${integers} integers, pointers and buffers and ${floats} floating numbers`,
    );
  }
}

function writeArgument(writer: RequestWriter, argument: CallArgument): void {
  switch (argument.kind) {
    case 'integer':
      writer.u8(ARGUMENT.integer);
      writer.u64(argument.value);
      break;
    case 'double':
      writer.u8(ARGUMENT.double);
      writer.f64(argument.value);
      break;
    case 'float':
      writer.u8(ARGUMENT.float);
      writer.f32(argument.value);
      break;
    case 'bytes':
      writer.u8(argument.returned ? ARGUMENT.bytesBack : ARGUMENT.bytes);
      writer.u32(argument.value.length);
      writer.raw(argument.value);
      break;
    default:
      argument satisfies never;
  }
}

function readReturnedBytes(reply: Reply): ReadonlyMap<number, Uint8Array> {
  let position = reply.u8();
  if (position === NO_MORE_BYTES) return NOTHING;
  const returned = new Map<number, Uint8Array>();
  for (; position !== NO_MORE_BYTES; position = reply.u8()) returned.set(position, reply.raw(reply.u32()));
  return returned;
}

function readResult(reply: Reply, returns: CallReturn): CallOutcome['value'] {
  switch (returns) {
    case 'void':
      return undefined;
    case 'integer':
      return BigInt.asIntN(64, reply.u64());
    case 'double':
      return reply.f64();
    case 'float':
      return reply.f32();
    case 'string':
      return reply.u8() === 0 ? null : reply.string();
  }
}
