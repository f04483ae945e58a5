import { type CType, isText, out, type PointerType, printType, type Value, ValueError } from '../dl/index.ts';

/** An argument as it is typed: a value, or the address of a symbol that has yet to be looked up. */
export type TypedArgument = { readonly value: unknown } | { readonly addressOf: string };

const INTEGER = /^[+-]?(0x[0-9a-f]+|\d+)$/i;
const HEX = /^hex:(([0-9a-f]{2})*)$/i;

/**
 * What a word of the command line means for a parameter of this type. A pointer takes `NULL`, an address
 * (`0x1000`), `&NAME` for the address of a symbol, `hex:00ff` for a copy of these bytes, `out` or `out:VALUE` for
 * memory of its type that the function fills (`out:64` for 64 bytes where the type has no size), and where bytes
 * may stand a text, which `text:` marks as such. Throws `ValueError`.
 */
export function typedArgument(type: CType, word: string, where: string): TypedArgument {
  if (type.kind !== 'pointer') return { value: scalar(type, word, where) };
  if (word === 'NULL') return { value: null };
  if (word.startsWith('&')) return { addressOf: word.slice(1) };
  if (/^0x[0-9a-f]+$/i.test(word)) return { value: BigInt(word) };
  const bytes = HEX.exec(word);
  if (bytes) return { value: Buffer.from(bytes[1]!, 'hex') };
  const target = /^out(?::(.*))?$/s.exec(word);
  if (target) return { value: outArgument(type, target[1], where) };
  if (word.startsWith('text:')) return { value: word.slice('text:'.length) };
  return { value: word };
}

function outArgument({ to }: PointerType, initial: string | undefined, where: string): unknown {
  const hasSize = !['void', 'opaque', 'function'].includes(to.kind);
  if (hasSize && !isText({ kind: 'pointer', to })) {
    return out(to, initial === undefined ? undefined : (scalar(to, initial, where) as Value));
  }
  if (initial === undefined || !/^\d+$/.test(initial)) {
    throw new ValueError(where, 'how many bytes shall there be? out:64 makes 64');
  }
  return out(`${hasSize ? 'char' : 'unsigned char'}[${initial}]`);
}

/** The value of a type that is no pointer. */
export function scalar(type: CType, word: string, where: string): unknown {
  switch (type.kind) {
    case 'bool':
      if (word === 'true' || word === 'false') return word === 'true';
      return word === '0' || word === '1' ? Number(word) : refuse(where, word, 'true or false');
    case 'integer':
      if (INTEGER.test(word)) return integer(word);
      return /^'.'$/su.test(word) ? word.codePointAt(1) : refuse(where, word, 'an integer');
    case 'floating':
      return word.trim() === '' || Number.isNaN(Number(word))
        ? refuse(where, word, 'a number')
        : Number(word);
    case 'pointer':
      if (word === 'NULL') return null;
      return /^0x[0-9a-f]+$/i.test(word) ? BigInt(word) : refuse(where, word, 'NULL or an address');
    case 'array':
      return word;
    default:
      throw new ValueError(where, `a value of type ${printType(type)} cannot be typed`);
  }
}

const integer = (word: string): bigint =>
  word.startsWith('-') ? -BigInt(word.slice(1)) : BigInt(word.replace('+', ''));

function refuse(where: string, word: string, wanted: string): never {
  throw new ValueError(where, `'${word}' is not ${wanted}`);
}
