import { Kind, Qualifier } from '../kinds.ts';
import { MAX_DEPTH } from '../scanner.ts';
import {
  addItem,
  closeList,
  constant,
  kindOf,
  type NodeId,
  node,
  openList,
  rightOf,
  spelledAs,
  text,
  textBetween,
  textNode,
} from '../tree.ts';
import { STD } from './context.ts';
import { OPERATORS } from './operators.ts';
import { TemplateGrammar } from './templates.ts';

/** By character code: what may precede the prefix of a nested name. */
const QUALIFIERS = new Uint8Array(128);
for (const letter of 'HrVKRO') QUALIFIERS[letter.charCodeAt(0)] = 1;

const ANONYMOUS = constant(Kind.Name, '(anonymous namespace)');

/** The production <name> of the Itanium C++ ABI, sections 5.1.2 to 5.1.4, 5.1.7 and 5.1.9. */
export abstract class NameGrammar extends TemplateGrammar {
  /** `tag`: the name of the entity being encoded, whose template arguments its signature may refer to. */
  override name(tag: boolean): NodeId {
    switch (this.peek()) {
      case 78: // N
        return this.nestedName(tag);
      case 90: // Z
        return this.localName(tag);
      case 83: // S
        return this.substitutedName(tag);
    }
    return this.withArguments(this.unqualified(0, tag), tag);
  }

  private withArguments(name: NodeId, tag: boolean): NodeId {
    if (this.peek() !== 73) return name;
    this.remember(name);
    return node(Kind.Template, name, this.templateArguments(tag));
  }

  /** The name of a concept without arguments, unless they are inside of a nested name. */
  override conceptAlone(): NodeId {
    if (this.peek() === 78) return this.nestedName(false);
    if (this.peek() !== 83) return this.unqualified(0, false);
    const found = this.substitution();
    if (found === STD) return node(Kind.Qualified, STD, this.unqualified(STD, false));
    return kindOf[found] === Kind.ModuleName ? this.unqualified(0, false, found) : found;
  }

  private substitutedName(tag: boolean): NodeId {
    const found = this.substitution();
    if (found === STD) return this.withArguments(node(Kind.Qualified, STD, this.unqualified(STD, tag)), tag);
    if (kindOf[found] === Kind.ModuleName) {
      return this.withArguments(this.unqualified(0, tag, found), tag);
    }
    if (this.peek() !== 73) return found;
    return node(Kind.Template, found, this.templateArguments(tag));
  }

  /** N [H] [cv-qualifiers] [ref-qualifier] <prefix> E. Every proper prefix is a candidate for substitution. */
  private nestedName(tag: boolean): NodeId {
    this.pos++;
    this.nest();
    const qualifiers = QUALIFIERS[this.peek()] === 1 ? this.memberQualifiers() : 0;
    let prefix: NodeId = 0;
    let components = 0;
    for (let code = this.peek(); code !== 69; code = this.peek()) {
      if (++components > MAX_DEPTH) this.fail('too many components');
      let isCandidate = true;
      if (code >= 48 && code <= 57) {
        const name = this.taggedName();
        prefix = prefix === 0 ? name : node(Kind.Qualified, prefix, name);
      } else if (code === 83 && prefix === 0) {
        prefix = this.substitution();
        // A substitution is none a second time.
        isCandidate = kindOf[prefix] === Kind.ModuleName;
        if (isCandidate) prefix = this.unqualified(0, tag, prefix);
      } else prefix = this.extendPrefix(prefix, code, tag);
      const next = this.peek();
      if (next === 69) break;
      if (next === 77) this.initialized(prefix, isCandidate);
      else if (isCandidate) this.remember(prefix);
    }
    this.pos++;
    this.depth--;
    if (prefix === 0) return this.fail('empty nested name');
    if (qualifiers === 0) return prefix;
    return node(Kind.MemberQualified, prefix, 0, qualifiers);
  }

  /** A closure in the initializer of a variable or data member: that is marked by a trailing M. */
  private initialized(entity: NodeId, isCandidate: boolean): void {
    this.pos++;
    if (!isCandidate || !this.countsMembers) return;
    this.remember(entity);
    this.noTypes.push(entity);
  }

  private memberQualifiers(): number {
    let bits = this.take(72) ? Qualifier.ExplicitObject : this.cvQualifiers();
    if (this.take(82)) bits |= Qualifier.Lvalue;
    else if (this.take(79)) bits |= Qualifier.Rvalue;
    return bits;
  }

  private extendPrefix(prefix: NodeId, code: number, tag: boolean): NodeId {
    if (prefix === 0) {
      if (code === 84) return this.templateParameter();
      if (code === 68 && (this.peek(1) === 116 || this.peek(1) === 84)) return this.decltype();
      return this.unqualified(0, tag);
    }
    if (code === 73) {
      if (kindOf[prefix] === Kind.Template || prefix === STD)
        this.fail('template arguments without a template');
      return node(Kind.Template, prefix, this.templateArguments(tag));
    }
    if (code === 83) {
      const module = this.substitution();
      if (kindOf[module] !== Kind.ModuleName) this.fail('substitution inside a nested name');
      return node(Kind.Qualified, prefix, this.unqualified(prefix, tag, module));
    }
    return node(Kind.Qualified, prefix, this.unqualified(prefix, tag));
  }

  /** W <source-name>, WP <source-name> for a partition; each longer name is a candidate for substitution. */
  private moduleName(inner: NodeId): NodeId {
    let module = inner;
    while (this.take(87)) {
      const partition = this.take(80) ? 1 : 0;
      module = this.remember(this.named(Kind.ModuleName, this.identifier(), module, 0, partition));
    }
    return module;
  }

  protected moduleInitializer(): NodeId {
    const found = this.peek() === 83 ? this.substitution() : 0;
    const module = this.moduleName(found);
    return module === 0 ? this.fail('module name expected') : module;
  }

  /** One component of a name, in `scope`, with its module and ABI tags. */
  protected unqualified(scope: NodeId, tag: boolean, inner: NodeId = 0): NodeId {
    const code = this.peek();
    if (code >= 48 && code <= 57 && inner === 0) return this.taggedName();
    let name: NodeId;
    const module = code === 87 || inner !== 0 ? this.moduleName(inner) : 0;
    const friend = this.take(70);
    // Only Clang leaves out the class of a friend.
    if (friend && scope === 0) this.followsAbi = true;
    const internal = this.take(76);
    const next = this.peek();
    if (next >= 48 && next <= 57) name = this.sourceName();
    else if (next >= 97 && next <= 122) name = this.operatorName(tag);
    else if (next === 67) name = this.constructorName(scope, tag);
    else if (next === 68) name = this.peek(1) === 67 ? this.structuredBinding() : this.destructorName(scope);
    else if (next === 85) name = this.unnamed(tag);
    else return this.fail('name expected');
    if (internal && this.peek() === 95) this.discriminator();
    if (module !== 0) name = node(Kind.ModuleEntity, name, module);
    if (this.peek() === 66) name = this.abiTags(name);
    return friend ? node(Kind.Friend, name) : name;
  }

  /** <source-name> [<abi-tags>]. */
  private taggedName(): NodeId {
    const name = this.sourceName();
    return this.peek() === 66 ? this.abiTags(name) : name;
  }

  private abiTags(base: NodeId): NodeId {
    let name = base;
    while (this.take(66)) name = this.named(Kind.AbiTag, this.identifier(), name);
    return name;
  }

  /** GCC and Clang spell an unnamed namespace `_GLOBAL_`, a separator and `N`. */
  protected sourceName(): NodeId {
    const start = this.identifier();
    if (text[start] === 95 && this.pos - start >= 10 && isAnonymous(start))
      return (this.lastName = ANONYMOUS);
    return (this.lastName = textNode(Kind.Name, start, this.pos));
  }

  /** CI <class>: inherited from that class, after which Clang writes the template arguments of the constructor. */
  private constructorName(scope: NodeId, tag: boolean): NodeId {
    this.pos++;
    const inheriting = this.take(73);
    const variant = this.peek() - 48;
    if (variant < 1 || variant > 5 || scope === 0) this.fail('constructor expected');
    this.pos++;
    const from = inheriting ? this.type() : 0;
    if (tag && kindOf[from] === Kind.Template) this.scopes = [rightOf[from]!];
    return spelledAs(node(Kind.Constructor, scope, from, variant), this.lastName);
  }

  private destructorName(scope: NodeId): NodeId {
    this.pos++;
    const variant = this.peek() - 48;
    if (variant < 0 || variant > 5 || variant === 3 || scope === 0) this.fail('destructor expected');
    this.pos++;
    return spelledAs(node(Kind.Destructor, scope, 0, variant), this.lastName);
  }

  private structuredBinding(): NodeId {
    this.pos += 2;
    const list = openList();
    do {
      // GCC marks those with internal linkage.
      this.take(76);
      addItem(this.sourceName());
    } while (!this.take(69));
    return closeList(node(Kind.StructuredBinding), list);
  }

  /**
   * Ut [number] _ and Ul: unnamed and closure types (sections 5.1.7 and 5.1.8), Ue <type> <enumerator>: an
   * unnamed enumeration of GCC 16, Ub: a block of Clang.
   */
  private unnamed(tag: boolean): NodeId {
    const code = this.peek(1);
    if (code === 108) return this.closure(tag);
    if (code === 116) {
      this.pos += 2;
      return node(Kind.UnnamedType, 0, 0, this.compactNumber() + 1);
    }
    if (code === 101) {
      this.pos += 2;
      const type = this.type();
      this.sourceName();
      return spelledAs(node(Kind.UnnamedType, type), this.lastName);
    }
    if (code === 98) {
      this.pos = this.digitsEnd(this.pos + 2);
      this.expect(95);
      return BLOCK_LITERAL;
    }
    return this.fail('unnamed type expected');
  }

  protected operatorName(tag: boolean): NodeId {
    const first = this.peek();
    const second = this.peek(1);
    if (first === 118 && second >= 48 && second <= 57) {
      this.pos += 2;
      return this.named(Kind.VendorOperator, this.identifier(), 0, 0, second - 48);
    }
    const code = this.pair();
    if (code === 'cv') return this.conversion(tag);
    if (code === 'li') {
      this.pos += 2;
      this.sourceName();
      return spelledAs(node(Kind.LiteralOperator), this.lastName);
    }
    if (OPERATORS.get(code)?.nameable !== true) this.fail('unknown operator');
    this.pos += 2;
    return this.named(Kind.Operator, this.pos - 2);
  }

  /** cv <type>: the type may refer to template arguments that are still to come. */
  private conversion(tag: boolean): NodeId {
    this.pos += 2;
    const { inConversion, permitForward } = this;
    this.inConversion = true;
    this.permitForward = permitForward || tag;
    const type = this.type();
    this.inConversion = inConversion;
    this.permitForward = permitForward;
    return node(Kind.Conversion, type);
  }

  /** Z <encoding> E <entity> (section 5.1.9). */
  private localName(tag: boolean): NodeId {
    this.pos++;
    const { enclosing, around } = this;
    const scope = this.encoding(true);
    this.expect(69);
    this.around = this.enclosing;
    const result = this.localEntity(scope, tag);
    this.around = around;
    if (!tag) this.enclosing = enclosing;
    return result;
  }

  protected localEntity(scope: NodeId, tag: boolean): NodeId {
    if (this.take(115)) {
      const discriminator = this.discriminator();
      return node(Kind.Local, scope, STRING_LITERAL, discriminator);
    }
    if (this.take(100)) {
      const index = this.compactNumber() + 1;
      const entity = this.name(tag);
      const inside = node(Kind.DefaultArgument, entity, 0, index);
      return node(Kind.Local, scope, inside);
    }
    const entity = this.name(tag);
    return node(Kind.Local, scope, entity, this.discriminator());
  }

  /** _ <digit> or __ <number> _, 0 when there is none. */
  protected discriminator(): number {
    if (this.peek() !== 95) return 0;
    const next = this.peek(1);
    if (next >= 48 && next <= 57) {
      // GCC before version 7 wrote larger numbers alike.
      const end = this.digitsEnd(this.pos + 1);
      this.pos++;
      if (end > this.pos + 1 && (end === this.end || text[end] === 46)) return this.decimal() + 1;
      this.pos++;
      return next - 47;
    }
    if (next !== 95) return 0;
    const stop = this.digitsEnd(this.pos + 2);
    if (stop === this.pos + 2 || stop >= this.end || text[stop] !== 95) return 0;
    this.pos += 2;
    const value = this.decimal();
    this.pos++;
    return value + 1;
  }
}

const BLOCK_LITERAL = constant(Kind.Name, "'block-literal'");
const STRING_LITERAL = constant(Kind.Name, 'string literal');

/** Whether the source name at `start` begins with `_GLOBAL_`, a separator and `N`. */
function isAnonymous(start: number): boolean {
  const separator = text[start + 8]!;
  if (text[start + 9] !== 78 || (separator !== 46 && separator !== 95 && separator !== 36)) return false;
  return textBetween(start, start + 8) === '_GLOBAL_';
}
