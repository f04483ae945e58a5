import { Kind, type Node } from '../ast.ts';
import { spelling } from '../itanium/operators.ts';
import type { PrintOptions } from '../options.ts';
import { LlvmExpressions } from './expressions.ts';

type Writer = (printer: LlvmPrinter, node: Node) => void;

/** Prints a tree the way llvm-cxxfilt does. */
export class LlvmPrinter extends LlvmExpressions {
  run(node: Node, options: PrintOptions): string {
    this.beginOutput();
    this.beginTypes();
    this.printTop(node, options);
    return this.finished();
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
    const write = this.writers[node.kind];
    if (write === undefined) this.fail('not a node of a C++ name');
    write(this, node);
    this.leave();
  }

  /** How each kind of node is written. A table, as a switch over so many kinds is slow. */
  private readonly writers: Readonly<Partial<Record<Kind, Writer>>> = {
    [Kind.Name]: (printer, node) => printer.write(node.text),
    [Kind.Builtin]: (printer, node) =>
      printer.write(node.text === 'decltype(nullptr)' ? 'std::nullptr_t' : node.text),
    [Kind.Qualified]: (printer, node) => printer.printNameInScope(node),
    [Kind.Local]: (printer, node) => printer.printLocal(node),
    [Kind.DefaultArgument]: (printer, node) => printer.print(node.left!),
    [Kind.MemberQualified]: (printer, node) => printer.print(node.left!),
    [Kind.EnableIf]: (printer, node) => printer.print(node.left!),
    [Kind.Global]: (printer, node) => printer.print(node.left!),
    [Kind.OperatorName]: (printer, node) => printer.print(node.left!),
    [Kind.Template]: (printer, node) => {
      printer.print(node.left!);
      printer.printArguments(node.right!);
    },
    [Kind.Arguments]: (printer, node) => printer.printList(node.items),
    [Kind.TemplateParameter]: (printer, node) => {
      const argument = printer.argument(node);
      if (argument !== undefined) printer.printLeft(argument);
    },
    [Kind.AbiTag]: (printer, node) => {
      printer.print(node.left!);
      printer.write(`[abi:${node.text}]`);
    },
    [Kind.Constructor]: (printer, node) => printer.printBaseName(node.left!),
    [Kind.Destructor]: (printer, node) => {
      printer.write('~');
      printer.printBaseName(node.left!);
    },
    [Kind.Operator]: (printer, node) => printer.printOperator(node.text),
    [Kind.Conversion]: (printer, node) => {
      printer.write('operator ');
      printer.print(node.left!);
    },
    [Kind.LiteralOperator]: (printer, node) => printer.write(`operator"" ${node.text}`),
    [Kind.VendorOperator]: (printer, node) => printer.write(`operator ${node.text}`),
    [Kind.UnnamedType]: (printer, node) =>
      printer.write(`'unnamed${node.value === 1 ? '' : node.value - 2}'`),
    [Kind.Closure]: (printer, node) => {
      printer.write(`'lambda${node.value === 1 ? '' : node.value - 2}'`);
      printer.printSignature(node);
    },
    [Kind.StructuredBinding]: (printer, node) => {
      printer.write('[');
      printer.printList(node.items);
      printer.write(']');
    },
    [Kind.ModuleEntity]: (printer, node) => {
      printer.print(node.left!);
      printer.write('@');
      printer.print(node.right!);
    },
    [Kind.ModuleName]: (printer, node) => printer.printModule(node),
    [Kind.StdAbbreviation]: (printer, node) => printer.write(printer.abbreviation(node.text)),
    [Kind.Friend]: (printer, node) => {
      printer.write('friend ');
      printer.print(node.left!);
    },
    [Kind.Encoding]: (printer, node) => printer.printEncodingLeft(node, false),
    [Kind.Special]: (printer, node) => printer.printSpecial(node),
    [Kind.Clone]: (printer, node) => {
      printer.print(node.left!);
      printer.write(` (${node.text})`);
    },
    [Kind.Constrained]: (printer, node) => {
      printer.print(node.left!);
      printer.write(' requires ');
      printer.print(node.right!);
    },
    [Kind.Pointer]: (printer, node) => printer.printPointerLeft(node.left!, '*'),
    [Kind.LvalueReference]: (printer, node) => printer.printReferenceLeft(node),
    [Kind.RvalueReference]: (printer, node) => printer.printReferenceLeft(node),
    [Kind.CvQualified]: (printer, node) => {
      printer.printLeft(node.left!);
      printer.printQualifiers(node.value);
    },
    [Kind.MemberPointer]: (printer, node) => printer.printMemberPointerLeft(node),
    [Kind.Function]: (printer, node) => {
      if (node.left !== undefined) printer.printLeft(node.left);
      printer.write(' ');
    },
    [Kind.Array]: (printer, node) => printer.printLeft(node.left!),
    [Kind.Complex]: (printer, node) => {
      printer.printLeft(node.left!);
      printer.write(' complex');
    },
    [Kind.Imaginary]: (printer, node) => {
      printer.printLeft(node.left!);
      printer.write(' imaginary');
    },
    [Kind.VendorQualified]: (printer, node) => {
      printer.print(node.left!);
      printer.write(` ${node.text}`);
      if (node.right !== undefined) printer.printArguments(node.right);
    },
    [Kind.VendorType]: (printer, node) => {
      printer.write(node.text);
      if (node.right !== undefined) printer.printArguments(node.right);
    },
    [Kind.Vector]: (printer, node) => {
      printer.print(node.left!);
      printer.write(' vector[');
      if (node.right !== undefined) printer.print(node.right);
      printer.write(']');
    },
    [Kind.Decltype]: (printer, node) => printer.enclosed('decltype(', node.left!),
    [Kind.PackExpansion]: (printer, node) => printer.printExpansion(node.left!),
    [Kind.BitInt]: (printer, node) =>
      printer.enclosed(node.value === 1 ? 'unsigned _BitInt(' : '_BitInt(', node.left!),
    [Kind.Elaborated]: (printer, node) => printer.enclosed(`${node.text} `, node.left!, ''),
    [Kind.Noexcept]: (printer, node) => {
      printer.write('noexcept');
      if (node.left !== undefined) printer.enclosed('(', node.left);
    },
    [Kind.Throw]: (printer, node) => {
      printer.write('throw');
      printer.printParenthesized(node.items);
    },
    [Kind.ConstrainedAuto]: (printer, node) => printer.enclosed('', node.left!, ` ${node.text}`),
    [Kind.ParameterDeclaration]: (printer, node) => printer.printDeclaration(node, false),
    [Kind.DeclaredArgument]: (printer, node) => printer.print(node.right!),
    [Kind.Literal]: (printer, node) => printer.printLiteral(node),
    [Kind.Unary]: (printer, node) => printer.printUnary(node),
    [Kind.Binary]: (printer, node) => printer.printBinary(node),
    [Kind.Conditional]: (printer, node) => printer.printConditional(node),
    [Kind.Call]: (printer, node) => {
      printer.print(node.left!);
      printer.printParenthesized(node.items);
    },
    [Kind.Convert]: (printer, node) => {
      printer.enclosed('(', node.left!);
      printer.printParenthesized(node.items);
    },
    [Kind.NamedCast]: (printer, node) => {
      printer.enclosed(`${spelling(node.text)}<`, node.left!, '>(');
      printer.enclosed('', node.right!);
    },
    [Kind.New]: (printer, node) => printer.printNew(node),
    [Kind.Delete]: (printer, node) => {
      printer.write(node.value === 1 ? '::delete' : 'delete');
      printer.enclosed(node.text === 'da' ? '[] ' : '', node.left!, '');
    },
    [Kind.ParenthesizedInit]: (printer, node) => printer.printParenthesized(node.items),
    [Kind.BracedInit]: (printer, node) => printer.printBraced(node),
    [Kind.Designated]: (printer, node) => printer.printDesignated(node),
    [Kind.FunctionParameter]: (printer, node) =>
      printer.write(node.value === 0 ? 'this' : node.value === 1 ? 'fp' : `fp${node.value - 2}`),
    [Kind.SizeofPack]: (printer, node) => printer.printPackSize(node),
    [Kind.SizeofArguments]: (printer, node) => {
      printer.write('sizeof... ');
      printer.printParenthesized(node.items);
    },
    [Kind.Fold]: (printer, node) => printer.printFold(node),
    [Kind.VendorExpression]: (printer, node) => {
      printer.write(node.text);
      printer.printParenthesized(node.items);
    },
    [Kind.Query]: (printer, node) => printer.printQuery(node),
    [Kind.DestructorName]: (printer, node) => printer.enclosed('~', node.left!, ''),
    [Kind.Subobject]: (printer, node) => printer.printSubobject(node),
    [Kind.Requires]: (printer, node) => printer.printRequires(node),
    [Kind.Requirement]: (printer, node) => printer.printRequirement(node),
    [Kind.LambdaExpression]: (printer, node) => {
      printer.write('[]');
      printer.printSignature(node.left!);
      printer.write('{...}');
    },
  };
}
