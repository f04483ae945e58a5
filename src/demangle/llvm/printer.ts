import { spelling } from '../itanium/operators.ts';
import { Kind } from '../kinds.ts';
import type { PrintOptions } from '../options.ts';
import { hasText, kindOf, leftOf, letterOf, type NodeId, numberOf, rightOf, textOf } from '../tree.ts';
import { LlvmExpressions, NULLPTR_CODE } from './expressions.ts';

type Writer = (printer: LlvmPrinter, node: NodeId) => void;

/** Prints a tree the way llvm-cxxfilt does. */
export class LlvmPrinter extends LlvmExpressions {
  protected override printSymbol(node: NodeId, options: PrintOptions): void {
    this.beginTypes();
    this.printTop(node, options);
  }

  private printTop(node: NodeId, options: PrintOptions): void {
    if (kindOf[node] === Kind.Clone && kindOf[leftOf[node]!] === Kind.Encoding && !options.params) {
      this.printTop(leftOf[node]!, options);
      return;
    }
    if (kindOf[node] !== Kind.Encoding) this.print(node);
    else if (!options.params) this.print(leftOf[node]!);
    else {
      this.printEncodingLeft(node, !options.returnTypes);
      this.printEncodingRight(node, !options.returnTypes);
    }
  }

  protected override printLeft(node: NodeId): void {
    this.enter();
    const write = this.writers[kindOf[node] as Kind];
    if (write === undefined) this.fail('not a node of a C++ name');
    write(this, node);
    this.leave();
  }

  /** How each kind of node is written. A table, as a switch over so many kinds is slow. */
  private readonly writers: Readonly<Partial<Record<Kind, Writer>>> = {
    [Kind.Name]: (printer, node) => printer.writeText(node),
    [Kind.Builtin]: (printer, node) =>
      numberOf[node] === NULLPTR_CODE ? printer.write('std::nullptr_t') : printer.writeText(node),
    [Kind.Qualified]: (printer, node) => printer.printNameInScope(node),
    [Kind.Local]: (printer, node) => printer.printLocal(node),
    [Kind.DefaultArgument]: (printer, node) => printer.print(leftOf[node]!),
    [Kind.MemberQualified]: (printer, node) => printer.print(leftOf[node]!),
    [Kind.EnableIf]: (printer, node) => printer.print(leftOf[node]!),
    [Kind.Global]: (printer, node) => printer.print(leftOf[node]!),
    [Kind.OperatorName]: (printer, node) => printer.print(leftOf[node]!),
    [Kind.Template]: (printer, node) => {
      printer.print(leftOf[node]!);
      printer.printArguments(rightOf[node]!);
    },
    [Kind.Arguments]: (printer, node) => printer.printList(node),
    [Kind.TemplateParameter]: (printer, node) => {
      const argument = printer.argument(node);
      if (argument !== 0) printer.printLeft(argument);
    },
    [Kind.AbiTag]: (printer, node) => {
      printer.print(leftOf[node]!);
      printer.write(`[abi:${textOf(node)}]`);
    },
    [Kind.Constructor]: (printer, node) => printer.printBaseName(leftOf[node]!),
    [Kind.Destructor]: (printer, node) => {
      printer.write('~');
      printer.printBaseName(leftOf[node]!);
    },
    [Kind.Operator]: (printer, node) => printer.printOperator(textOf(node)),
    [Kind.Conversion]: (printer, node) => {
      printer.write('operator ');
      printer.print(leftOf[node]!);
    },
    [Kind.LiteralOperator]: (printer, node) => printer.write(`operator"" ${textOf(node)}`),
    [Kind.VendorOperator]: (printer, node) => printer.write(`operator ${textOf(node)}`),
    [Kind.UnnamedType]: (printer, node) => {
      if (leftOf[node]! !== 0) printer.enclosed("'enum:", leftOf[node]!, `{${textOf(node)}}'`);
      else printer.write(`'unnamed${numberOf[node]! === 1 ? '' : numberOf[node]! - 2}'`);
    },
    [Kind.Closure]: (printer, node) => {
      printer.write(`'lambda${numberOf[node]! === 1 ? '' : numberOf[node]! - 2}'`);
      printer.printSignature(node);
    },
    [Kind.StructuredBinding]: (printer, node) => {
      printer.write('[');
      printer.printList(node);
      printer.write(']');
    },
    [Kind.ModuleEntity]: (printer, node) => {
      printer.print(leftOf[node]!);
      printer.write('@');
      printer.print(rightOf[node]!);
    },
    [Kind.ModuleName]: (printer, node) => printer.printModule(node),
    [Kind.StdAbbreviation]: (printer, node) => printer.write(printer.abbreviation(letterOf(node))),
    [Kind.Friend]: (printer, node) => {
      printer.write('friend ');
      printer.print(leftOf[node]!);
    },
    [Kind.Encoding]: (printer, node) => printer.printEncodingLeft(node, false),
    [Kind.Special]: (printer, node) => printer.printSpecial(node),
    [Kind.Clone]: (printer, node) => {
      printer.print(leftOf[node]!);
      if (kindOf[leftOf[node]!] === Kind.Special && hasText(leftOf[node]!, 'block')) return;
      printer.write(` (${textOf(node)})`);
    },
    [Kind.Constrained]: (printer, node) => {
      printer.print(leftOf[node]!);
      printer.write(' requires ');
      printer.print(rightOf[node]!);
    },
    [Kind.Pointer]: (printer, node) => printer.printPointerLeft(leftOf[node]!, '*'),
    [Kind.LvalueReference]: (printer, node) => printer.printReferenceLeft(node),
    [Kind.RvalueReference]: (printer, node) => printer.printReferenceLeft(node),
    [Kind.CvQualified]: (printer, node) => {
      printer.printLeft(leftOf[node]!);
      printer.printQualifiers(numberOf[node]!);
    },
    [Kind.MemberPointer]: (printer, node) => printer.printMemberPointerLeft(node),
    [Kind.Function]: (printer, node) => {
      if (leftOf[node]! !== 0) printer.printLeft(leftOf[node]!);
      printer.write(' ');
    },
    [Kind.Array]: (printer, node) => printer.printLeft(leftOf[node]!),
    [Kind.Complex]: (printer, node) => {
      printer.printLeft(leftOf[node]!);
      printer.write(' complex');
    },
    [Kind.Imaginary]: (printer, node) => {
      printer.printLeft(leftOf[node]!);
      printer.write(' imaginary');
    },
    [Kind.VendorQualified]: (printer, node) => printer.printVendorQualified(node),
    [Kind.VendorType]: (printer, node) => {
      printer.writeText(node);
      if (rightOf[node]! !== 0) printer.printVendorArguments(rightOf[node]!);
    },
    [Kind.Vector]: (printer, node) => {
      printer.print(leftOf[node]!);
      printer.write(' vector[');
      if (rightOf[node]! !== 0) printer.print(rightOf[node]!);
      printer.write(']');
    },
    [Kind.Decltype]: (printer, node) => printer.enclosed('decltype(', leftOf[node]!),
    [Kind.PackExpansion]: (printer, node) => printer.printExpansion(leftOf[node]!),
    [Kind.PackIndex]: (printer, node) => {
      printer.enclosed('(', leftOf[node]!);
      printer.enclosed('[', rightOf[node]!, ']');
    },
    [Kind.BitInt]: (printer, node) =>
      printer.enclosed(numberOf[node]! === 1 ? 'unsigned _BitInt(' : '_BitInt(', leftOf[node]!),
    [Kind.Elaborated]: (printer, node) => printer.enclosed(`${textOf(node)} `, leftOf[node]!, ''),
    [Kind.Noexcept]: (printer, node) => {
      printer.write('noexcept');
      if (leftOf[node]! !== 0) printer.enclosed('(', leftOf[node]!);
    },
    [Kind.Throw]: (printer, node) => {
      printer.write('throw');
      printer.printParenthesized(node);
    },
    [Kind.ConstrainedAuto]: (printer, node) => printer.enclosed('', leftOf[node]!, ` ${textOf(node)}`),
    [Kind.ParameterDeclaration]: (printer, node) => printer.printDeclaration(node, false),
    [Kind.DeclaredArgument]: (printer, node) => printer.print(rightOf[node]!),
    [Kind.Literal]: (printer, node) => printer.printLiteral(node),
    [Kind.Unary]: (printer, node) => printer.printUnary(node),
    [Kind.Binary]: (printer, node) => printer.printBinary(node),
    [Kind.Conditional]: (printer, node) => printer.printConditional(node),
    [Kind.Call]: (printer, node) => {
      printer.print(leftOf[node]!);
      printer.printParenthesized(node);
    },
    [Kind.Convert]: (printer, node) => {
      printer.enclosed('(', leftOf[node]!);
      printer.printParenthesized(node);
    },
    [Kind.NamedCast]: (printer, node) => {
      printer.enclosed(`${spelling(textOf(node))}<`, leftOf[node]!, '>(');
      printer.enclosed('', rightOf[node]!);
    },
    [Kind.New]: (printer, node) => printer.printNew(node),
    [Kind.Delete]: (printer, node) => {
      printer.write(numberOf[node]! === 1 ? '::delete' : 'delete');
      printer.enclosed(hasText(node, 'da') ? '[] ' : '', leftOf[node]!, '');
    },
    [Kind.ParenthesizedInit]: (printer, node) => printer.printParenthesized(node),
    [Kind.BracedInit]: (printer, node) => printer.printBraced(node),
    [Kind.Designated]: (printer, node) => printer.printDesignated(node),
    [Kind.FunctionParameter]: (printer, node) =>
      printer.write(
        numberOf[node]! === 0 ? 'this' : numberOf[node]! === 1 ? 'fp' : `fp${numberOf[node]! - 2}`,
      ),
    [Kind.SizeofPack]: (printer, node) => printer.printPackSize(node),
    [Kind.SizeofArguments]: (printer, node) => {
      printer.write('sizeof... ');
      printer.printParenthesized(node);
    },
    [Kind.Fold]: (printer, node) => printer.printFold(node),
    [Kind.VendorExpression]: (printer, node) => {
      printer.writeText(node);
      printer.printParenthesized(node);
    },
    [Kind.Query]: (printer, node) => printer.printQuery(node),
    [Kind.DestructorName]: (printer, node) => printer.enclosed('~', leftOf[node]!, ''),
    [Kind.Subobject]: (printer, node) => printer.printSubobject(node),
    [Kind.Requires]: (printer, node) => printer.printRequires(node),
    [Kind.Requirement]: (printer, node) => printer.printRequirement(node),
    [Kind.LambdaExpression]: (printer, node) => {
      printer.write('[]');
      printer.printSignature(leftOf[node]!);
      printer.write('{...}');
    },
  };
}
