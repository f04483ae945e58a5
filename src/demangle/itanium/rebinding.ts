import { ParseFailure } from '../failures.ts';
import { Kind } from '../kinds.ts';
import { MAX_DEPTH } from '../scanner.ts';
import {
  addItem,
  closeList,
  countOf,
  itemOf,
  kindOf,
  leftOf,
  MAX_NODES,
  type NodeId,
  node,
  numberOf,
  openList,
  rightOf,
  spelledAs,
} from '../tree.ts';

/** Nodes that the substitutions of a name may visit, as many may stand for one large tree: the largest names need a tenth. */
const MAX_VISITS = 4 * MAX_NODES;

/**
 * What substitutions stand for, with other arguments for the template parameters in it; the same tree when it has
 * none. What has template parameters of its own, or was bound in another name, stays as it is.
 */
export class Rebinding {
  private readonly copies = new Uint16Array(MAX_NODES);
  /** By node: the run in which its copy was made. */
  private readonly runs = new Uint32Array(MAX_NODES);
  private run = 0;
  private depth = 0;
  private visits = 0;
  private readonly bind: (parameter: NodeId) => NodeId;

  constructor(bind: (parameter: NodeId) => NodeId) {
    this.bind = bind;
  }

  /** For the next name. */
  begin(): void {
    this.visits = 0;
  }

  rebound(tree: NodeId): NodeId {
    this.run++;
    this.depth = 0;
    return this.copy(tree);
  }

  private copy(original: NodeId): NodeId {
    if (original === 0) return 0;
    if (this.runs[original] === this.run) return this.copies[original]!;
    // Substitutions of substitutions are nested deeper than what is read.
    if (++this.depth > MAX_DEPTH) throw new ParseFailure('nested too deeply', 0);
    this.visits += 1 + countOf[original]!;
    if (this.visits > MAX_VISITS) throw new ParseFailure('too complex', 0);
    const result = this.copyOf(original);
    this.depth--;
    this.runs[original] = this.run;
    this.copies[original] = result;
    return result;
  }

  private copyOf(original: NodeId): NodeId {
    switch (kindOf[original]) {
      case Kind.TemplateParameter:
        return this.bind(original);
      case Kind.Closure:
      case Kind.Encoding:
      case Kind.Local:
        return original;
    }
    const left = this.copy(leftOf[original]!);
    const right = this.copy(rightOf[original]!);
    let isSame = left === leftOf[original] && right === rightOf[original];
    const count = countOf[original]!;
    for (let at = 0; at < count; at++) {
      const item = itemOf(original, at);
      if (this.copy(item) !== item) isSame = false;
    }
    if (isSame) return original;
    const list = openList();
    for (let at = 0; at < count; at++) addItem(this.copy(itemOf(original, at)));
    const result = node(kindOf[original] as Kind, left, right, numberOf[original]);
    return closeList(spelledAs(result, original), list);
  }
}
