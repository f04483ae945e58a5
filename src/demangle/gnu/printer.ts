import { Kind, type Node } from '../ast.ts';
import type { PrintOptions } from '../options.ts';
import { GnuExpressions } from './expressions.ts';

type Writer = (printer: GnuPrinter, node: Node) => void;

/** Prints a tree the way c++filt of binutils does. */
export class GnuPrinter extends GnuExpressions {
  run(node: Node, options: PrintOptions): string {
    this.beginOutput();
    this.beginScopes();
    this.beginNames();
    this.verbose = options.verbose;
    this.printTop(node, options);
    return this.finished();
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
    const write = this.writers[node.kind];
    if (write === undefined) this.fail('not a node of a C++ name');
    write(this, node);
    this.leave();
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

  /** How each kind of node is written. A table, as a switch over so many kinds is slow. */
  private readonly writers: Readonly<Partial<Record<Kind, Writer>>> = {
    [Kind.Name]: (printer, node) => printer.write(node.text),
    [Kind.Builtin]: (printer, node) => printer.write(node.text),
    [Kind.Qualified]: (printer, node) => printer.printNameInScope(node),
    [Kind.Local]: (printer, node) => printer.printLocal(node, false),
    [Kind.DefaultArgument]: (printer, node) => {
      printer.write(`{default arg#${node.value}}::`);
      printer.print(node.left!);
    },
    [Kind.Template]: (printer, node) => printer.printTemplate(node),
    [Kind.Arguments]: (printer, node) => printer.printList(node.items),
    [Kind.TemplateParameter]: (printer, node) => printer.printParameter(node),
    [Kind.MemberQualified]: (printer, node) => printer.printModified(node, node.left!),
    [Kind.AbiTag]: (printer, node) => {
      printer.print(node.left!);
      printer.write(`[abi:${node.text}]`);
    },
    [Kind.Constructor]: (printer, node) => printer.write(node.text),
    [Kind.Destructor]: (printer, node) => printer.write(`~${node.text}`),
    [Kind.Operator]: (printer, node) => printer.printOperator(node.text),
    [Kind.OperatorName]: (printer, node) => printer.print(node.left!),
    [Kind.Conversion]: (printer, node) => printer.printConversion(node),
    [Kind.LiteralOperator]: (printer, node) => printer.write(`operator"" ${node.text}`),
    [Kind.VendorOperator]: (printer, node) => printer.write(`operator ${node.text}`),
    [Kind.UnnamedType]: (printer, node) => printer.write(`{unnamed type#${node.value}}`),
    [Kind.Closure]: (printer, node) => printer.printClosure(node),
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
      printer.print(node.left!);
      printer.write('[friend]');
    },
    [Kind.EnableIf]: (printer, node) => {
      printer.print(node.left!);
      printer.write(' [enable_if:');
      printer.printList(node.right!.items);
      printer.write(']');
    },
    [Kind.Global]: (printer, node) => {
      printer.write('::');
      printer.print(node.left!);
    },
    [Kind.Encoding]: (printer, node) => printer.printEncoding(node, false),
    [Kind.Special]: (printer, node) => printer.printSpecial(node),
    [Kind.Clone]: (printer, node) => printer.printClone(node),
    [Kind.Constrained]: (printer, node) => printer.printConstrained(node),
    [Kind.Pointer]: (printer, node) => printer.printModified(node, node.left!),
    [Kind.Complex]: (printer, node) => printer.printModified(node, node.left!),
    [Kind.Imaginary]: (printer, node) => printer.printModified(node, node.left!),
    [Kind.VendorQualified]: (printer, node) => printer.printModified(node, node.left!),
    [Kind.Vector]: (printer, node) => printer.printModified(node, node.left!),
    [Kind.LvalueReference]: (printer, node) => printer.printReference(node),
    [Kind.RvalueReference]: (printer, node) => printer.printReference(node),
    [Kind.CvQualified]: (printer, node) => printer.printQualified(node),
    [Kind.MemberPointer]: (printer, node) => printer.printModified(node, node.right!),
    [Kind.Function]: (printer, node) => printer.printFunction(node, false),
    [Kind.Array]: (printer, node) => printer.printArray(node),
    [Kind.VendorType]: (printer, node) => {
      printer.write(node.text);
      if (node.right !== undefined) printer.printArguments(node.right);
    },
    [Kind.Decltype]: (printer, node) => {
      printer.write('decltype (');
      printer.print(node.left!);
      printer.write(')');
    },
    [Kind.PackExpansion]: (printer, node) => printer.printExpansion(node),
    [Kind.BitInt]: (printer, node) => {
      printer.write(node.value === 1 ? 'unsigned _BitInt(' : '_BitInt(');
      printer.print(node.left!);
      printer.write(')');
    },
    [Kind.Elaborated]: (printer, node) => {
      printer.write(`${node.text} `);
      printer.print(node.left!);
    },
    [Kind.Noexcept]: (printer, node) => {
      printer.write(' noexcept');
      if (node.left !== undefined) {
        printer.write('(');
        printer.print(node.left);
        printer.write(')');
      }
    },
    [Kind.Throw]: (printer, node) => {
      printer.write(' throw');
      printer.printParenthesized(node.items);
    },
    [Kind.ConstrainedAuto]: (printer, node) => {
      printer.print(node.left!);
      printer.write(` ${node.text}`);
    },
    [Kind.ParameterDeclaration]: (printer, node) => printer.printDeclaration(node),
    [Kind.DeclaredArgument]: (printer, node) => printer.print(node.right!),
    [Kind.Literal]: (printer, node) => printer.printLiteral(node),
    [Kind.Unary]: (printer, node) => printer.printUnary(node),
    [Kind.Binary]: (printer, node) => printer.printBinary(node),
    [Kind.Conditional]: (printer, node) => printer.printConditional(node),
    [Kind.Call]: (printer, node) => printer.printCall(node),
    [Kind.Convert]: (printer, node) => printer.printConvert(node),
    [Kind.NamedCast]: (printer, node) => printer.printNamedCast(node),
    [Kind.New]: (printer, node) => printer.printNew(node),
    [Kind.Delete]: (printer, node) => printer.printDelete(node),
    [Kind.ParenthesizedInit]: (printer, node) => printer.printParenthesized(node.items),
    [Kind.BracedInit]: (printer, node) => printer.printBraced(node),
    [Kind.Designated]: (printer, node) => printer.printDesignated(node),
    [Kind.FunctionParameter]: (printer, node) =>
      printer.write(node.value === 0 ? 'this' : `{parm#${node.value}}`),
    [Kind.SizeofPack]: (printer, node) => printer.printPackSize(node),
    [Kind.SizeofArguments]: (printer, node) => printer.printArgumentCount(node),
    [Kind.Fold]: (printer, node) => printer.printFold(node),
    [Kind.VendorExpression]: (printer, node) => {
      printer.write(node.text);
      printer.printParenthesized(node.items);
    },
    [Kind.Query]: (printer, node) => printer.printQuery(node),
    [Kind.DestructorName]: (printer, node) => {
      printer.write('~');
      printer.print(node.left!);
    },
    [Kind.Subobject]: (printer, node) => {
      printer.print(node.left!);
      printer.write(`.<${node.text}>`);
    },
    [Kind.Requires]: (printer, node) => {
      printer.write('requires');
      if (node.left !== undefined) printer.printParenthesized(node.left.items);
      printer.write(' {');
      for (const item of node.items) printer.print(item);
      printer.write(' }');
    },
    [Kind.Requirement]: (printer, node) => printer.printRequirement(node),
    [Kind.LambdaExpression]: (printer, node) => printer.print(node.left!),
  };
}
