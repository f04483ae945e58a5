import { UnboundParameter } from '../failures.ts';
import { undeclared } from '../itanium/declared-arguments.ts';
import { Kind } from '../kinds.ts';
import { Output } from '../output.ts';
import {
  countOf,
  hasText,
  itemOf,
  kindOf,
  leftOf,
  MAX_NODES,
  type NodeId,
  numberOf,
  rightOf,
  textOf,
} from '../tree.ts';

/** A template whose arguments are in scope, with those around it; 0 where there is none. */
export type ScopeId = number;

/** More than any name has functions in functions, each printed a hundred times. */
const MAX_SCOPES = 16_384;
const scopeTemplate = new Uint16Array(MAX_SCOPES);
const nextScope = new Uint16Array(MAX_SCOPES);
/** By parameter: 1 plus the scope in which it was printed first under a reference, which later mentions reuse. */
const savedScope = new Uint16Array(MAX_NODES);

/**
 * How c++filt finds the argument of a template parameter: while it prints, in the template that encloses the
 * signature at hand, where the ABI finds it while it reads. The two differ for names in names, so that the
 * default style has to search as the tool does.
 */
export abstract class GnuScopes extends Output {
  /** The templates in scope, the innermost first. */
  protected templates: ScopeId = 0;
  private scopesEnd = 1;
  private anySaved = false;
  /** Index of the element of an argument pack that is being printed. */
  protected packIndex = 0;
  /** Inside the parameters of a closure, where template parameters are `auto`. */
  protected closures = 0;
  /** Has the declared template parameters of the closure that is being printed. */
  protected declared: NodeId = 0;
  /** In a requires-clause, which c++filt 2.40 does not read: its parameters were found while it was read. */
  protected constrained = false;
  /**
   * c++filt found no argument for a parameter: then scopes are not remembered with first mentions, which the ABI
   * does not know, and a parameter outside of all templates has the argument that was found for it before.
   */
  protected isLenient = false;
  /** References and template parameters that are being printed, the innermost last. */
  protected readonly path: NodeId[] = [];

  protected beginScopes(): void {
    this.templates = 0;
    this.scopesEnd = 1;
    this.packIndex = 0;
    this.closures = 0;
    this.declared = 0;
    this.constrained = false;
    if (this.path.length > 0) this.path.length = 0;
    if (this.anySaved) savedScope.fill(0);
    this.anySaved = false;
  }

  /** `template` in scope, inside of the templates `next`. */
  protected scope(template: NodeId, next: ScopeId): ScopeId {
    const id = this.scopesEnd++;
    if (id >= MAX_SCOPES) this.fail('too many templates');
    scopeTemplate[id] = template;
    nextScope[id] = next;
    return id;
  }

  /** The argument of a parameter, or the whole pack. */
  protected lookup(parameter: NodeId): NodeId {
    if (this.constrained) return leftOf[parameter]!;
    if (this.templates === 0)
      return this.isLenient ? leftOf[parameter]! : this.unbound('template parameter outside of a template');
    return undeclared(itemOf(rightOf[scopeTemplate[this.templates]!]!, numberOf[parameter]!));
  }

  /** The argument of a parameter; of a pack, the element being printed, or all of it outside an expansion. */
  protected argument(parameter: NodeId): NodeId {
    let found = this.lookup(parameter);
    if (found === 0 && this.isLenient) found = leftOf[parameter]!;
    if (found === 0) return this.unbound('template parameter without an argument');
    if (kindOf[found] !== Kind.Arguments || this.packIndex < 0) return found;
    return itemOf(found, this.packIndex) || this.unbound('argument pack is too short');
  }

  private unbound(reason: string): never {
    throw new UnboundParameter(reason);
  }

  protected printParameter(parameter: NodeId): void {
    const declaration = itemOf(this.declared, numberOf[parameter]!);
    if (declaration !== 0 && (!this.constrained || leftOf[parameter] === inventedNode(declaration))) {
      this.write(inventedName(declaration, numberOf[parameter]!));
      return;
    }
    if (this.closures > 0) {
      this.write(`auto:${numberOf[parameter]! + 1}`);
      return;
    }
    const argument = this.argument(parameter);
    const { templates, constrained } = this;
    this.templates = nextScope[templates]!;
    this.constrained = false;
    this.path.push(parameter);
    this.print(argument);
    this.path.pop();
    this.templates = templates;
    this.constrained = constrained;
  }

  /**
   * The argument of the parameter under a reference, for reference collapsing. A mention through a
   * substitution uses the scope of the first mention, unless it is met inside of itself.
   */
  protected referenced(reference: NodeId, parameter: NodeId): NodeId {
    const saved = savedScope[parameter]!;
    if (this.isLenient) return this.argument(parameter);
    if (saved === 0) {
      savedScope[parameter] = this.templates + 1;
      this.anySaved = true;
    } else if (!this.reentered(reference, parameter)) this.templates = saved - 1;
    return this.argument(parameter);
  }

  private reentered(reference: NodeId, parameter: NodeId): boolean {
    const top = this.path.length - 1;
    for (let at = top; at >= 0; at--) {
      const node = this.path[at];
      if (node === parameter || (node === reference && at !== top)) return true;
    }
    return false;
  }

  /** The first argument pack that a pattern mentions. */
  protected findPack(node: NodeId): NodeId {
    if (node === 0) return 0;
    this.enter();
    const found = this.packIn(node);
    this.leave();
    return found;
  }

  private packIn(node: NodeId): NodeId {
    switch (kindOf[node]) {
      case Kind.TemplateParameter: {
        if (this.closures > 0) return 0;
        const argument = this.lookup(node);
        return kindOf[argument] === Kind.Arguments ? argument : 0;
      }
      case Kind.PackExpansion:
      case Kind.Closure:
      case Kind.Name:
      case Kind.AbiTag:
      case Kind.Operator:
      case Kind.Builtin:
      case Kind.StdAbbreviation:
      case Kind.FunctionParameter:
      case Kind.UnnamedType:
      case Kind.DefaultArgument:
      case Kind.Constructor:
      case Kind.Destructor:
        return 0;
    }
    const found = this.findPack(leftOf[node]!) || this.findPack(rightOf[node]!);
    if (found !== 0) return found;
    for (let at = 0; at < countOf[node]!; at++) {
      const inItem = this.findPack(itemOf(node, at));
      if (inItem !== 0) return inItem;
    }
    return 0;
  }
}

/** What `T_` refers to where the declared parameter is in scope. */
function inventedNode(declaration: NodeId): NodeId {
  return rightOf[hasText(declaration, 'p') ? leftOf[declaration]! : declaration]!;
}

/** The name that c++filt gives to the `index`-th declared template parameter of a closure. */
export function inventedName(declaration: NodeId, index: number): string {
  const kind = hasText(declaration, 'p') ? textOf(leftOf[declaration]!) : textOf(declaration);
  return `${kind === 'n' ? '$N' : kind === 't' ? '$TT' : '$T'}${index}`;
}
