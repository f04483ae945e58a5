import type {
  Address,
  AddressInfo,
  HandleInfo,
  LinkMapEntry,
  LoadedImages,
  LookupPlace,
  RawHandle,
  RawOpen,
} from '../dl/backend.ts';
import type { Request } from './channel.ts';
import { OPERATION, PLACE } from './protocol.ts';
import type { Reply } from './reply-reader.ts';

const LM_ID_NEWLM = -1n;

/** What a request is called when it has no better name. */
export const hex = (address: bigint): string => `0x${address.toString(16)}`;

export const openRequest = ({ file, flags, namespace }: RawOpen): Request<RawHandle> => ({
  operation: OPERATION.open,
  encode(writer) {
    writer.string(file ?? undefined);
    writer.u32(flags >>> 0);
    writer.u8(namespace === undefined ? 0 : 1);
    writer.u64(namespace === 'new' ? LM_ID_NEWLM : (namespace ?? 0n));
  },
  decode: (reply) => reply.u64(),
  describe: () => `${namespace === undefined ? 'dlopen' : 'dlmopen'} of ${file ?? 'the program'}`,
});

export const closeRequest = (handle: RawHandle, name: string): Request<void> => ({
  operation: OPERATION.close,
  encode: (writer) => writer.u64(handle),
  decode: () => {},
  describe: () => `dlclose of ${name}`,
});

export const symbolRequest = (place: LookupPlace, name: string, version?: string): Request<Address> => ({
  operation: OPERATION.symbol,
  encode(writer) {
    writer.u8(typeof place === 'bigint' ? PLACE.handle : PLACE[place]);
    writer.u64(typeof place === 'bigint' ? place : 0n);
    writer.string(name);
    writer.string(version);
  },
  decode: (reply) => reply.u64(),
  describe: () => (version === undefined ? `dlsym of ${name}` : `dlvsym of ${name}@${version}`),
});

export const addressInfoRequest = (address: Address): Request<AddressInfo | undefined> => ({
  operation: OPERATION.addressInfo,
  encode: (writer) => writer.u64(address),
  decode: (reply) => optional(reply, readAddressInfo),
  describe: () => `dladdr of ${hex(address)}`,
});

function readAddressInfo(reply: Reply): AddressInfo {
  return {
    object: reply.string(),
    base: reply.u64(),
    symbol: optional(reply, () => ({
      name: reply.string(),
      address: reply.u64(),
      size: reply.u64(),
      info: reply.u8(),
      other: reply.u8(),
    })),
  };
}

export const handleInfoRequest = (handle: RawHandle, name: string): Request<HandleInfo> => ({
  operation: OPERATION.handleInfo,
  encode: (writer) => writer.u64(handle),
  decode: (reply) => ({
    linkMap: readLinkMapEntry(reply),
    namespace: optional(reply, () => BigInt.asIntN(64, reply.u64())),
    origin: optional(reply, () => reply.string()),
    searchPath: optional(reply, () => list(reply, () => reply.string())),
    tlsModule: optional(reply, () => reply.u64()),
    tlsData: optional(reply, () => reply.u64()),
  }),
  describe: () => `dlinfo of ${name}`,
});

export const linkMapRequest = (handle: RawHandle | undefined): Request<readonly LinkMapEntry[]> => ({
  operation: OPERATION.linkMap,
  encode: (writer) => writer.u64(handle ?? 0n),
  decode: (reply) => list(reply, () => readLinkMapEntry(reply)),
  describe: () => 'a walk of the link map',
});

const readLinkMapEntry = (reply: Reply): LinkMapEntry => ({
  name: reply.string(),
  base: reply.u64(),
  dynamic: reply.u64(),
});

export const imagesRequest: Request<LoadedImages> = {
  operation: OPERATION.images,
  encode: () => {},
  decode: (reply) => ({
    added: reply.u64(),
    removed: reply.u64(),
    images: list(reply, () => ({
      name: reply.string(),
      base: reply.u64(),
      tlsModule: reply.u64(),
      tlsData: reply.u64(),
      segments: list(reply, () => ({
        type: reply.u32(),
        flags: reply.u32(),
        address: reply.u64(),
        size: reply.u64(),
      })),
    })),
  }),
  describe: () => 'dl_iterate_phdr',
};

/** Has no reply: the process ends. */
export const exitRequest: Request<void> = {
  operation: OPERATION.exit,
  encode: () => {},
  decode: () => {},
  describe: () => 'exit',
};

function optional<T>(reply: Reply, read: (reply: Reply) => T): T | undefined {
  return reply.u8() === 0 ? undefined : read(reply);
}

/** Every entry takes bytes of the reply, which end long before a count that is not true is reached. */
function list<T>(reply: Reply, read: () => T): T[] {
  const entries: T[] = [];
  for (let left = reply.u32(); left > 0; left--) entries.push(read());
  return entries;
}
