import type { Kind } from './kinds.ts';
import {
  addItem,
  closeList,
  countOf,
  edition,
  FIRST_NODE,
  fromOf,
  itemsOf,
  kindOf,
  leftOf,
  type NodeId,
  node,
  nodesEnd,
  numberOf,
  openList,
  putText,
  restart,
  rightOf,
  spelled,
  textSoFar,
  toOf,
} from './tree.ts';

const NON_ASCII = /[^\0-\x7f]/;
const NONE: readonly Node[] = [];

/** The nodes of one name, outside of the columns, which the next name overwrites. */
interface Tree {
  /** By id. */
  readonly nodes: (Node | undefined)[];
  /** What `text` of the columns holds, a character for each byte. */
  readonly text: string;
  /** The edition of the columns that has this tree. */
  edition: number;
}

/** A node of the syntax tree of a name; see `Kind` for what each field holds. Every node is one object. */
export class Node {
  readonly kind: Kind;
  readonly value: number;
  #left: Node | undefined = undefined;
  #right: Node | undefined = undefined;
  #items: readonly Node[] = NONE;
  readonly #tree: Tree;
  readonly #id: NodeId;
  readonly #from: number;
  readonly #to: number;

  private constructor(tree: Tree, id: NodeId) {
    this.kind = kindOf[id] as Kind;
    this.value = numberOf[id]!;
    this.#tree = tree;
    this.#id = id;
    this.#from = fromOf[id]!;
    this.#to = toOf[id]!;
    tree.nodes[id] = this;
  }

  get left(): Node | undefined {
    return this.#left;
  }

  get right(): Node | undefined {
    return this.#right;
  }

  get items(): readonly Node[] {
    return this.#items;
  }

  get text(): string {
    const bytes = this.#tree.text.substring(this.#from, this.#to);
    return NON_ASCII.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
  }

  /** A node in the columns, with all the others of its name. */
  static view(root: NodeId): Node {
    const tree: Tree = { nodes: [], text: textSoFar(), edition: edition() };
    const end = nodesEnd();
    // A node may be made before its children are: a parameter before its argument.
    for (let id = FIRST_NODE; id < end; id++) new Node(tree, id);
    for (let id = FIRST_NODE; id < end; id++) tree.nodes[id]!.#link();
    return tree.nodes[root] ?? new Node(tree, root);
  }

  #link(): void {
    const id = this.#id;
    if (leftOf[id] !== 0) this.#left = this.#node(leftOf[id]!);
    if (rightOf[id] !== 0) this.#right = this.#node(rightOf[id]!);
    if (countOf[id] !== 0) this.#items = Array.from(itemsOf(id), (item) => this.#node(item));
  }

  /** Those that every name may use are made when they are met. */
  #node(id: NodeId): Node {
    return this.#tree.nodes[id] ?? new Node(this.#tree, id);
  }

  /** Puts the name's nodes back into the columns, under the ids that they had, and returns that of `root`. */
  static load(root: Node): NodeId {
    const tree = root.#tree;
    if (tree.edition !== edition()) {
      restart();
      putText(tree.text);
      for (let id = FIRST_NODE; id < tree.nodes.length; id++) tree.nodes[id]!.#restore();
      tree.edition = edition();
    }
    return root.#id;
  }

  static #idOf(node: Node | undefined): NodeId {
    return node === undefined ? 0 : node.#id;
  }

  #restore(): void {
    const id = node(this.kind, Node.#idOf(this.#left), Node.#idOf(this.#right), this.value);
    spelled(id, this.#from, this.#to);
    if (this.#items.length === 0) return;
    const list = openList();
    for (const item of this.#items) addItem(item.#id);
    closeList(id, list);
  }
}
