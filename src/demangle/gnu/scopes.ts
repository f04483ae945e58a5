import { Kind, type Node } from '../ast.ts';
import { Output } from '../output.ts';

const NONE: readonly Node[] = [];

/** Templates whose arguments are in scope, the innermost first. */
export interface TemplateScope {
  readonly template: Node;
  readonly next: TemplateScope | undefined;
}

/**
 * How c++filt finds the argument of a template parameter: while it prints, in the template that encloses the
 * signature at hand, where the ABI finds it while it reads. The two differ for names in names, so that the
 * default style has to search as the tool does.
 */
export abstract class GnuScopes extends Output {
  protected templates: TemplateScope | undefined;
  /** Index of the element of an argument pack that is being printed. */
  protected packIndex = 0;
  /** Inside the parameters of a closure, where template parameters are `auto`. */
  protected closures = 0;
  /** Declared template parameters of the closure that is being printed. */
  protected declared: readonly Node[] = NONE;
  /** References and template parameters that are being printed, the innermost last. */
  protected readonly path: Node[] = [];
  /** The scope of a referenced parameter when it was printed first, which later mentions reuse. */
  private saved: Map<Node, TemplateScope | undefined> | undefined;

  protected beginScopes(): void {
    this.templates = undefined;
    this.packIndex = 0;
    this.closures = 0;
    this.declared = NONE;
    if (this.path.length > 0) this.path.length = 0;
    this.saved = undefined;
  }

  /** The argument of a parameter, or the whole pack. */
  protected lookup(parameter: Node): Node | undefined {
    if (this.templates === undefined) return this.fail('template parameter outside of a template');
    return this.templates.template.right?.items[parameter.value];
  }

  /** The argument of a parameter; of a pack, the element being printed, or all of it outside an expansion. */
  protected argument(parameter: Node): Node {
    const found = this.lookup(parameter);
    if (found === undefined) return this.fail('template parameter without an argument');
    if (found.kind !== Kind.Arguments || this.packIndex < 0) return found;
    return found.items[this.packIndex] ?? this.fail('argument pack is too short');
  }

  protected printParameter(parameter: Node): void {
    const declaration = this.declared[parameter.value];
    if (declaration !== undefined) {
      this.write(inventedName(declaration, parameter.value));
      return;
    }
    if (this.closures > 0) {
      this.write(`auto:${parameter.value + 1}`);
      return;
    }
    const argument = this.argument(parameter);
    const outer = this.templates;
    this.templates = outer?.next;
    this.path.push(parameter);
    this.print(argument);
    this.path.pop();
    this.templates = outer;
  }

  /**
   * The argument of the parameter under a reference, for reference collapsing. A mention through a
   * substitution uses the scope of the first mention, unless it is met inside of itself.
   */
  protected referenced(reference: Node, parameter: Node): Node {
    const saved = (this.saved ??= new Map<Node, TemplateScope | undefined>());
    if (!saved.has(parameter)) saved.set(parameter, this.templates);
    else if (!this.reentered(reference, parameter)) this.templates = saved.get(parameter);
    return this.argument(parameter);
  }

  private reentered(reference: Node, parameter: Node): boolean {
    const top = this.path.length - 1;
    for (let at = top; at >= 0; at--) {
      const node = this.path[at];
      if (node === parameter || (node === reference && at !== top)) return true;
    }
    return false;
  }

  /** The first argument pack that a pattern mentions. */
  protected findPack(node: Node | undefined): Node | undefined {
    if (node === undefined) return undefined;
    this.enter();
    const found = this.packIn(node);
    this.leave();
    return found;
  }

  private packIn(node: Node): Node | undefined {
    switch (node.kind) {
      case Kind.TemplateParameter: {
        if (this.closures > 0) return undefined;
        const argument = this.lookup(node);
        return argument?.kind === Kind.Arguments ? argument : undefined;
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
        return undefined;
    }
    const found = this.findPack(node.left) ?? this.findPack(node.right);
    if (found !== undefined) return found;
    for (const item of node.items) {
      const inItem = this.findPack(item);
      if (inItem !== undefined) return inItem;
    }
    return undefined;
  }
}

/** The name that c++filt gives to the `index`-th declared template parameter of a closure. */
export function inventedName(declaration: Node, index: number): string {
  const kind = declaration.text === 'p' ? declaration.left!.text : declaration.text;
  return `${kind === 'n' ? '$N' : kind === 't' ? '$TT' : '$T'}${index}`;
}
