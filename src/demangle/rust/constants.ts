import { Kind } from '../kinds.ts';
import { Scanner } from '../scanner.ts';
import {
  addItem,
  closeList,
  constant,
  leftOf,
  type NodeId,
  node,
  openList,
  spelled,
  worded,
} from '../tree.ts';

export const PATH = 0;
export const TYPE = 1;
const CONSTANT = 2;
/** What a back reference stands for. */
export type Production = typeof PATH | typeof TYPE | typeof CONSTANT;

const PLACEHOLDER = constant(Kind.Builtin, '_');

/**
 * Constants in generic arguments: the numbers, truth values and characters of RFC 2603, and the strings,
 * references, arrays, tuples, structs and enums that the chapter of rustc's book on v0 names adds to them.
 */
export abstract class ConstantGrammar extends Scanner {
  protected abstract path(): NodeId;
  protected abstract backReference(production: Production): NodeId;
  protected abstract disambiguator(): number;
  protected abstract identified(id: NodeId): NodeId;

  protected next(): number {
    const code = this.peek();
    if (code === 0) this.fail('unexpected end');
    this.pos++;
    return code;
  }

  protected constant(): NodeId {
    this.nest();
    const result = this.constantOf(this.next());
    this.depth--;
    return result;
  }

  private constantOf(code: number): NodeId {
    const at = this.pos - 1;
    const letter = String.fromCharCode(code);
    switch (letter) {
      case 'B':
        return this.backReference(CONSTANT);
      case 'p':
        return PLACEHOLDER;
      case 'e':
        return this.string();
      case 'R':
      case 'Q': {
        const items = openList();
        addItem(this.constant());
        return closeList(spelled(node(Kind.RustAggregate), at, at + 1), items);
      }
      case 'A':
      case 'T':
        return this.constants(spelled(node(Kind.RustAggregate), at, at + 1));
      case 'V':
        return this.variant();
    }
    const negative = this.take(110) ? 1 : 0;
    if (!(negative === 1 ? 'ailnsx' : 'abchijlmnostxy').includes(letter)) this.fail('constant expected');
    const from = this.pos;
    const stop = this.hexadecimalDigits();
    if (stop === from) this.fail('digit expected');
    const type = spelled(node(Kind.Name), at, at + 1);
    return spelled(node(Kind.RustConstant, type, 0, negative), from, stop);
  }

  /** R <constant> <constant>, O <pattern>+ E, N: the values that a pattern type has, as rustc's book on v0 says. */
  protected pattern(): NodeId {
    this.nest();
    const at = this.pos;
    const result = spelled(node(Kind.RustPattern), at, at + 1);
    const items = openList();
    const code = this.next();
    if (code === 82) {
      addItem(this.constant());
      addItem(this.constant());
    } else if (code === 79) {
      do addItem(this.pattern());
      while (!this.take(69));
    } else if (code === 117) {
      // What rustc 1.97 writes, which its own library does not read.
      worded(result, 'N');
    } else if (code !== 78) this.fail('pattern expected');
    this.depth--;
    return closeList(result, items);
  }

  private string(): NodeId {
    const from = this.pos;
    const stop = this.hexadecimalDigits();
    if ((stop - from) % 2 !== 0) this.fail('digit expected');
    return spelled(node(Kind.RustString), from, stop);
  }

  /** Goes over <hexadecimal digit>* _, and returns where the digits end. */
  private hexadecimalDigits(): number {
    while (isHexadecimal(this.peek())) this.pos++;
    this.expect(95);
    return this.pos - 1;
  }

  /** <constant>* E. */
  private constants(id: NodeId): NodeId {
    const items = openList();
    while (!this.take(69)) addItem(this.constant());
    return closeList(id, items);
  }

  /** V <path> U, V <path> T <constant>* E, or V <path> S (<identifier> <constant>)* E. */
  private variant(): NodeId {
    const path = this.path();
    const at = this.pos;
    const result = spelled(node(Kind.RustVariant, path), at, at + 1);
    const shape = this.next();
    if (shape === 85) return result;
    if (shape === 84) return this.constants(result);
    if (shape !== 83) this.fail('fields expected');
    const items = openList();
    while (!this.take(69)) {
      this.disambiguator();
      const field = this.identified(node(Kind.RustField));
      leftOf[field] = this.constant();
      addItem(field);
    }
    return closeList(result, items);
  }
}

function isHexadecimal(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 102);
}
