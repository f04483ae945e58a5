import { Kind, type Node } from '../ast.ts';
import type { PrintOptions } from '../options.ts';
import { GnuExpressions } from './expressions.ts';

/** Prints a tree the way c++filt of binutils does. */
export class GnuPrinter extends GnuExpressions {
  run(node: Node, options: PrintOptions): string {
    this.beginOutput();
    this.beginScopes();
    this.beginNames();
    this.verbose = options.verbose;
    this.printTop(node, options);
    return this.out;
  }

  private printTop(node: Node, options: PrintOptions): void {
    if (node.kind === Kind.Clone && node.left?.kind === Kind.Encoding && !options.params) {
      this.printTop(node.left, options);
      return;
    }
    if (node.kind !== Kind.Encoding) this.print(node);
    else if (options.params) this.printEncoding(node, !options.returnTypes);
    else this.printNameAlone(node.left!);
  }

  /** The name of a function without what follows its parameters. */
  private printNameAlone(name: Node): void {
    if (name.kind === Kind.Local && name.right?.kind !== Kind.DefaultArgument) this.printLocal(name, true);
    else this.print(name.kind === Kind.MemberQualified ? name.left! : name);
  }

  protected override print(node: Node): void {
    this.enter();
    this.path.push(node);
    this.printNode(node);
    this.path.pop();
    this.leave();
  }

  private printNode(node: Node): void {
    switch (node.kind) {
      case Kind.Name:
      case Kind.Builtin:
        this.write(node.text);
        return;
      case Kind.Qualified:
        this.printNameInScope(node);
        return;
      case Kind.Local:
        this.printLocal(node, false);
        return;
      case Kind.DefaultArgument:
        this.write(`{default arg#${node.value}}::`);
        this.print(node.left!);
        return;
      case Kind.Template:
        this.printTemplate(node);
        return;
      case Kind.Arguments:
        this.printList(node.items);
        return;
      case Kind.TemplateParameter:
        this.printParameter(node);
        return;
      case Kind.MemberQualified:
        this.printModified(node, node.left!);
        return;
      case Kind.AbiTag:
        this.print(node.left!);
        this.write(`[abi:${node.text}]`);
        return;
      case Kind.Constructor:
        this.write(node.text);
        return;
      case Kind.Destructor:
        this.write(`~${node.text}`);
        return;
      case Kind.Operator:
        this.printOperator(node.text);
        return;
      case Kind.OperatorName:
        this.print(node.left!);
        return;
      case Kind.Conversion:
        this.printConversion(node);
        return;
      case Kind.LiteralOperator:
        this.write(`operator"" ${node.text}`);
        return;
      case Kind.VendorOperator:
        this.write(`operator ${node.text}`);
        return;
      case Kind.UnnamedType:
        this.write(`{unnamed type#${node.value}}`);
        return;
      case Kind.Closure:
        this.printClosure(node);
        return;
      case Kind.StructuredBinding:
        this.write('[');
        this.printList(node.items);
        this.write(']');
        return;
      case Kind.ModuleEntity:
        this.print(node.left!);
        this.write('@');
        this.print(node.right!);
        return;
      case Kind.ModuleName:
        this.printModule(node);
        return;
      case Kind.StdAbbreviation:
        this.write(this.abbreviation(node.text));
        return;
      case Kind.Friend:
        this.print(node.left!);
        this.write('[friend]');
        return;
      case Kind.EnableIf:
        this.print(node.left!);
        this.write(' [enable_if:');
        this.printList(node.right!.items);
        this.write(']');
        return;
      case Kind.Global:
        this.write('::');
        this.print(node.left!);
        return;
      case Kind.Encoding:
        this.printEncoding(node, false);
        return;
      case Kind.Special:
        this.printSpecial(node);
        return;
      case Kind.Clone:
        this.printClone(node);
        return;
      case Kind.Constrained:
        this.printConstrained(node);
        return;
      default:
        this.printType(node);
    }
  }

  private printType(node: Node): void {
    switch (node.kind) {
      case Kind.Pointer:
      case Kind.Complex:
      case Kind.Imaginary:
      case Kind.VendorQualified:
      case Kind.Vector:
        this.printModified(node, node.left!);
        return;
      case Kind.LvalueReference:
      case Kind.RvalueReference:
        this.printReference(node);
        return;
      case Kind.CvQualified:
        this.printQualified(node);
        return;
      case Kind.MemberPointer:
        this.printModified(node, node.right!);
        return;
      case Kind.Function:
        this.printFunction(node, false);
        return;
      case Kind.Array:
        this.printArray(node);
        return;
      case Kind.VendorType:
        this.write(node.text);
        if (node.right !== undefined) this.printArguments(node.right);
        return;
      case Kind.Decltype:
        this.write('decltype (');
        this.print(node.left!);
        this.write(')');
        return;
      case Kind.PackExpansion:
        this.printExpansion(node);
        return;
      case Kind.BitInt:
        this.write(node.value === 1 ? 'unsigned _BitInt(' : '_BitInt(');
        this.print(node.left!);
        this.write(')');
        return;
      case Kind.Elaborated:
        this.write(`${node.text} `);
        this.print(node.left!);
        return;
      case Kind.Noexcept:
        this.write(' noexcept');
        if (node.left !== undefined) {
          this.write('(');
          this.print(node.left);
          this.write(')');
        }
        return;
      case Kind.Throw:
        this.write(' throw');
        this.printParenthesized(node.items);
        return;
      case Kind.ConstrainedAuto:
        this.print(node.left!);
        this.write(` ${node.text}`);
        return;
      case Kind.ParameterDeclaration:
        this.printDeclaration(node);
        return;
      case Kind.DeclaredArgument:
        this.print(node.right!);
        return;
      default:
        this.printExpression(node);
    }
  }

  private printExpression(node: Node): void {
    switch (node.kind) {
      case Kind.Literal:
        this.printLiteral(node);
        return;
      case Kind.Unary:
        this.printUnary(node);
        return;
      case Kind.Binary:
        this.printBinary(node);
        return;
      case Kind.Conditional:
        this.printConditional(node);
        return;
      case Kind.Call:
        this.printCall(node);
        return;
      case Kind.Convert:
        this.printConvert(node);
        return;
      case Kind.NamedCast:
        this.printNamedCast(node);
        return;
      case Kind.New:
        this.printNew(node);
        return;
      case Kind.Delete:
        this.printDelete(node);
        return;
      case Kind.ParenthesizedInit:
        this.printParenthesized(node.items);
        return;
      case Kind.BracedInit:
        this.printBraced(node);
        return;
      case Kind.Designated:
        this.printDesignated(node);
        return;
      case Kind.FunctionParameter:
        this.write(node.value === 0 ? 'this' : `{parm#${node.value}}`);
        return;
      case Kind.SizeofPack:
        this.printPackSize(node);
        return;
      case Kind.SizeofArguments:
        this.printArgumentCount(node);
        return;
      case Kind.Fold:
        this.printFold(node);
        return;
      case Kind.VendorExpression:
        this.write(node.text);
        this.printParenthesized(node.items);
        return;
      case Kind.Query:
        this.printQuery(node);
        return;
      case Kind.DestructorName:
        this.write('~');
        this.print(node.left!);
        return;
      case Kind.Subobject:
        this.print(node.left!);
        this.write(`.<${node.text}>`);
        return;
      case Kind.Requires:
        this.write('requires');
        if (node.left !== undefined) this.printParenthesized(node.left.items);
        this.write(' {');
        for (const item of node.items) this.print(item);
        this.write(' }');
        return;
      case Kind.Requirement:
        this.printRequirement(node);
        return;
      case Kind.LambdaExpression:
        this.print(node.left!);
        return;
    }
    this.fail('unknown node');
  }

  private printRequirement(node: Node): void {
    this.write(node.text === 'T' ? ' typename ' : node.text === 'Q' ? ' requires ' : ' {');
    this.print(node.left!);
    if (node.text === 'X') this.write(node.value === 1 ? '} noexcept' : '}');
    if (node.right !== undefined) {
      this.write(' -> ');
      this.print(node.right);
    }
    this.write(';');
  }
}
