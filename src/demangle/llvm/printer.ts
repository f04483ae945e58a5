import { Kind, type Node } from '../ast.ts';
import { spelling } from '../itanium/operators.ts';
import type { PrintOptions } from '../options.ts';
import { LlvmExpressions } from './expressions.ts';

/** Prints a tree the way llvm-cxxfilt does. */
export class LlvmPrinter extends LlvmExpressions {
  run(node: Node, options: PrintOptions): string {
    this.beginOutput();
    this.beginTypes();
    this.printTop(node, options);
    return this.out;
  }

  private printTop(node: Node, options: PrintOptions): void {
    if (node.kind === Kind.Clone && node.left?.kind === Kind.Encoding && !options.params) {
      this.printTop(node.left, options);
      return;
    }
    if (node.kind !== Kind.Encoding) this.print(node);
    else if (!options.params) this.print(node.left!);
    else {
      this.printEncodingLeft(node, !options.returnTypes);
      this.printEncodingRight(node, !options.returnTypes);
    }
  }

  protected override printLeft(node: Node): void {
    this.enter();
    this.printNode(node);
    this.leave();
  }

  private printNode(node: Node): void {
    switch (node.kind) {
      case Kind.Name:
        this.write(node.text);
        return;
      case Kind.Builtin:
        this.write(node.text === 'decltype(nullptr)' ? 'std::nullptr_t' : node.text);
        return;
      case Kind.Qualified:
        this.printNameInScope(node);
        return;
      case Kind.Local:
        this.printLocal(node);
        return;
      case Kind.DefaultArgument:
      case Kind.MemberQualified:
      case Kind.EnableIf:
      case Kind.Global:
      case Kind.OperatorName:
        this.print(node.left!);
        return;
      case Kind.Template:
        this.print(node.left!);
        this.printArguments(node.right!);
        return;
      case Kind.Arguments:
        this.printList(node.items);
        return;
      case Kind.TemplateParameter: {
        const argument = this.argument(node);
        if (argument !== undefined) this.printLeft(argument);
        return;
      }
      case Kind.AbiTag:
        this.print(node.left!);
        this.write(`[abi:${node.text}]`);
        return;
      case Kind.Constructor:
        this.printBaseName(node.left!);
        return;
      case Kind.Destructor:
        this.write('~');
        this.printBaseName(node.left!);
        return;
      case Kind.Operator:
        this.printOperator(node.text);
        return;
      case Kind.Conversion:
        this.write('operator ');
        this.print(node.left!);
        return;
      case Kind.LiteralOperator:
        this.write(`operator"" ${node.text}`);
        return;
      case Kind.VendorOperator:
        this.write(`operator ${node.text}`);
        return;
      case Kind.UnnamedType:
        this.write(`'unnamed${node.value === 1 ? '' : node.value - 2}'`);
        return;
      case Kind.Closure:
        this.write(`'lambda${node.value === 1 ? '' : node.value - 2}'`);
        this.printSignature(node);
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
        this.write('friend ');
        this.print(node.left!);
        return;
      case Kind.Encoding:
        this.printEncodingLeft(node, false);
        return;
      case Kind.Special:
        this.printSpecial(node);
        return;
      case Kind.Clone:
        this.print(node.left!);
        this.write(` (${node.text})`);
        return;
      case Kind.Constrained:
        this.print(node.left!);
        this.write(' requires ');
        this.print(node.right!);
        return;
      default:
        this.printType(node);
    }
  }

  private printType(node: Node): void {
    switch (node.kind) {
      case Kind.Pointer:
        this.printPointerLeft(node.left!, '*');
        return;
      case Kind.LvalueReference:
      case Kind.RvalueReference:
        this.printReferenceLeft(node);
        return;
      case Kind.CvQualified:
        this.printLeft(node.left!);
        this.printQualifiers(node.value);
        return;
      case Kind.MemberPointer:
        this.printMemberPointerLeft(node);
        return;
      case Kind.Function:
        if (node.left !== undefined) this.printLeft(node.left);
        this.write(' ');
        return;
      case Kind.Array:
        this.printLeft(node.left!);
        return;
      case Kind.Complex:
        this.printLeft(node.left!);
        this.write(' complex');
        return;
      case Kind.Imaginary:
        this.printLeft(node.left!);
        this.write(' imaginary');
        return;
      case Kind.VendorQualified:
        this.print(node.left!);
        this.write(` ${node.text}`);
        if (node.right !== undefined) this.printArguments(node.right);
        return;
      case Kind.VendorType:
        this.write(node.text);
        if (node.right !== undefined) this.printArguments(node.right);
        return;
      case Kind.Vector:
        this.print(node.left!);
        this.write(' vector[');
        if (node.right !== undefined) this.print(node.right);
        this.write(']');
        return;
      case Kind.Decltype:
        this.enclosed('decltype(', node.left!);
        return;
      case Kind.PackExpansion:
        this.printExpansion(node.left!);
        return;
      case Kind.BitInt:
        this.enclosed(node.value === 1 ? 'unsigned _BitInt(' : '_BitInt(', node.left!);
        return;
      case Kind.Elaborated:
        this.enclosed(`${node.text} `, node.left!, '');
        return;
      case Kind.Noexcept:
        this.write('noexcept');
        if (node.left !== undefined) this.enclosed('(', node.left);
        return;
      case Kind.Throw:
        this.write('throw');
        this.printParenthesized(node.items);
        return;
      case Kind.ConstrainedAuto:
        this.enclosed('', node.left!, ` ${node.text}`);
        return;
      case Kind.ParameterDeclaration:
        this.printDeclaration(node, false);
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
        this.print(node.left!);
        this.printParenthesized(node.items);
        return;
      case Kind.Convert:
        this.enclosed('(', node.left!);
        this.printParenthesized(node.items);
        return;
      case Kind.NamedCast:
        this.enclosed(`${spelling(node.text)}<`, node.left!, '>(');
        this.enclosed('', node.right!);
        return;
      case Kind.New:
        this.printNew(node);
        return;
      case Kind.Delete:
        this.write(node.value === 1 ? '::delete' : 'delete');
        this.enclosed(node.text === 'da' ? '[] ' : '', node.left!, '');
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
        this.write(node.value === 0 ? 'this' : node.value === 1 ? 'fp' : `fp${node.value - 2}`);
        return;
      case Kind.SizeofPack:
        this.printPackSize(node);
        return;
      case Kind.SizeofArguments:
        this.write('sizeof... ');
        this.printParenthesized(node.items);
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
        this.enclosed('~', node.left!, '');
        return;
      case Kind.Subobject:
        this.printSubobject(node);
        return;
      case Kind.Requires:
        this.printRequires(node);
        return;
      case Kind.Requirement:
        this.printRequirement(node);
        return;
      case Kind.LambdaExpression:
        this.write('[]');
        this.printSignature(node.left!);
        this.write('{...}');
        return;
    }
    this.fail('unknown node');
  }
}
