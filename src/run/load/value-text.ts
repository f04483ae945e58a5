import type { AddressInfo, CType, Value } from '../dl/index.ts';

/** Says what stands at an address; undefined when it lies in no object. */
export type Locate = (address: bigint) => Promise<AddressInfo | undefined>;

/** A value as C would write it; an address by what stands there, since the number differs from run to run. */
export async function valueText(type: CType, value: Value, locate: Locate): Promise<string> {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return JSON.stringify(value);
  if (type.kind === 'pointer' && typeof value === 'bigint') return addressText(value, locate);
  if (value instanceof Uint8Array) return `hex:${Buffer.from(value).toString('hex')}`;
  if (type.kind === 'array' && Array.isArray(value)) {
    const items = value as readonly Value[];
    return `{ ${(await Promise.all(items.map((item) => valueText(type.of, item, locate)))).join(', ')} }`;
  }
  if (type.kind === 'struct' || type.kind === 'union') {
    const members = value as { readonly [name: string]: Value };
    const fields = await Promise.all(
      type.fields.map(
        async (field) => `.${field.name} = ${await valueText(field.type, members[field.name], locate)}`,
      ),
    );
    return `{ ${fields.join(', ')} }`;
  }
  return Object.is(value, -0) ? '-0' : String(value);
}

async function addressText(address: bigint, locate: Locate): Promise<string> {
  if (address === 0n) return 'NULL';
  const info = await locate(address);
  if (info === undefined) return `0x${address.toString(16)}`;
  const { object, base, symbol } = info;
  const from = symbol === undefined ? base : symbol.address;
  const offset = address === from ? '' : `+0x${(address - from).toString(16)}`;
  return `&${symbol?.name ?? object}${offset}`;
}
