import { Kind } from './kinds.ts';
import type { Node } from './node.ts';

/** A node of the tree as plain data: the fields that its kind uses, and the kind's name. */
export interface JsonNode {
  readonly kind: string;
  readonly text?: string;
  readonly value?: number;
  readonly left?: JsonNode;
  readonly right?: JsonNode;
  readonly items?: readonly JsonNode[];
}

const KIND_NAMES = new Map<number, string>(Object.entries(Kind).map(([name, kind]) => [kind, name]));

/**
 * A tree as data. Substitutions make a tree of a small name share its parts many times over: written out, it
 * is cut off after `limit` nodes, and the result is then undefined.
 */
export function toJson(ast: Node, limit = 10_000): JsonNode | undefined {
  let left = limit;
  const convert = (node: Node): JsonNode | undefined => {
    if (left-- <= 0) return undefined;
    return {
      kind: KIND_NAMES.get(node.kind) ?? String(node.kind),
      ...(node.text === '' ? {} : { text: node.text }),
      ...(node.value === 0 ? {} : { value: node.value }),
      ...child('left', node.left),
      ...child('right', node.right),
      ...(node.items.length === 0 ? {} : { items: node.items.flatMap((item) => convert(item) ?? []) }),
    };
  };
  const child = (name: 'left' | 'right', node: Node | undefined) => {
    const converted = node && convert(node);
    return converted === undefined ? {} : { [name]: converted };
  };
  const root = convert(ast);
  return left <= 0 ? undefined : root;
}
