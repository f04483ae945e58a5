import { UnboundParameter } from '../failures.ts';
import { Kind } from '../kinds.ts';
import type { PrintOptions } from '../options.ts';
import {
  hasText,
  itemsOf,
  kindOf,
  leftOf,
  letterOf,
  type NodeId,
  numberOf,
  rightOf,
  textOf,
} from '../tree.ts';
import { GnuExpressions } from './expressions.ts';

type Writer = (printer: GnuPrinter, node: NodeId) => void;

/** Prints a tree the way c++filt of binutils does. */
export class GnuPrinter extends GnuExpressions {
  /** What c++filt does not find arguments for is printed all the same, by the rules of the ABI. */
  override printAt(start: number, ast: NodeId, options: PrintOptions): number {
    this.isLenient = false;
    try {
      return super.printAt(start, ast, options);
    } catch (failure) {
      if (!(failure instanceof UnboundParameter)) throw failure;
      this.isLenient = true;
      return super.printAt(start, ast, options);
    }
  }

  protected override printSymbol(node: NodeId, options: PrintOptions): void {
    this.beginScopes();
    this.beginNames();
    this.verbose = options.verbose;
    this.printTop(node, options);
  }

  private printTop(node: NodeId, options: PrintOptions): void {
    if (kindOf[node] === Kind.Clone && kindOf[leftOf[node]!] === Kind.Encoding && !options.params) {
      this.printTop(leftOf[node]!, options);
      return;
    }
    const isConstrained = kindOf[node] === Kind.Constrained && kindOf[leftOf[node]!] === Kind.Encoding;
    const encoding = isConstrained ? leftOf[node]! : node;
    if (kindOf[encoding] !== Kind.Encoding) this.print(node);
    else if (!options.params) this.printNameAlone(leftOf[encoding]!);
    else this.printEncoding(encoding, !options.returnTypes, isConstrained ? rightOf[node]! : 0);
  }

  /** The name of a function without what follows its parameters. */
  private printNameAlone(name: NodeId): void {
    if (kindOf[name] === Kind.Local && kindOf[rightOf[name]!] !== Kind.DefaultArgument)
      this.printLocal(name, true);
    else this.print(kindOf[name] === Kind.MemberQualified ? leftOf[name]! : name);
  }

  protected override print(node: NodeId): void {
    this.enter();
    const top = this.modifiersEnd;
    const kind = kindOf[node] as Kind;
    // Nearly all nodes are of these kinds; a switch over all of them is slow.
    switch (kind) {
      case Kind.Name:
      case Kind.Builtin:
      case Kind.Constructor:
        this.writeText(node);
        break;
      case Kind.Qualified:
        this.printNameInScope(node);
        break;
      case Kind.Template:
        this.printTemplate(node);
        break;
      case Kind.Pointer:
        this.printModified(node, leftOf[node]!);
        break;
      case Kind.LvalueReference:
        this.printReference(node);
        break;
      case Kind.CvQualified:
        this.printQualified(node);
        break;
      default:
        this.printRare(kind, node);
    }
    this.modifiersEnd = top;
    this.leave();
  }

  private printRare(kind: Kind, node: NodeId): void {
    const write = this.writers[kind];
    if (write === undefined) this.fail('not a node of a C++ name');
    write(this, node);
  }

  private printUnnamed(node: NodeId): void {
    if (leftOf[node]! === 0) {
      this.write(`{unnamed type#${numberOf[node]!}}`);
      return;
    }
    this.write('{enum:');
    this.print(leftOf[node]!);
    this.write(`{${textOf(node)}}}`);
  }

  private printRequirement(node: NodeId): void {
    this.write(hasText(node, 'T') ? ' typename ' : hasText(node, 'Q') ? ' requires ' : ' {');
    this.print(leftOf[node]!);
    if (hasText(node, 'X')) this.write(numberOf[node]! === 1 ? '} noexcept' : '}');
    if (rightOf[node]! !== 0) {
      this.write(' -> ');
      this.print(rightOf[node]!);
    }
    this.write(';');
  }

  /** How each of the other kinds of nodes is written. */
  private readonly writers: Readonly<Partial<Record<Kind, Writer>>> = {
    [Kind.Local]: (printer, node) => printer.printLocal(node, false),
    [Kind.DefaultArgument]: (printer, node) => {
      printer.write(`{default arg#${numberOf[node]!}}::`);
      printer.print(leftOf[node]!);
    },
    [Kind.Arguments]: (printer, node) => printer.printList(node),
    [Kind.TemplateParameter]: (printer, node) => printer.printParameter(node),
    [Kind.MemberQualified]: (printer, node) => printer.printModified(node, leftOf[node]!),
    [Kind.AbiTag]: (printer, node) => {
      printer.print(leftOf[node]!);
      printer.write(`[abi:${textOf(node)}]`);
    },
    [Kind.Destructor]: (printer, node) => {
      printer.write('~');
      printer.writeText(node);
    },
    [Kind.Operator]: (printer, node) => printer.printOperator(textOf(node)),
    [Kind.OperatorName]: (printer, node) => printer.print(leftOf[node]!),
    [Kind.Conversion]: (printer, node) => printer.printConversion(node),
    [Kind.LiteralOperator]: (printer, node) => printer.write(`operator"" ${textOf(node)}`),
    [Kind.VendorOperator]: (printer, node) => printer.write(`operator ${textOf(node)}`),
    [Kind.UnnamedType]: (printer, node) => printer.printUnnamed(node),
    [Kind.Closure]: (printer, node) => printer.printClosure(node),
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
      printer.print(leftOf[node]!);
      printer.write('[friend]');
    },
    [Kind.EnableIf]: (printer, node) => {
      const name = leftOf[node]!;
      printer.print(kindOf[name] === Kind.MemberQualified ? leftOf[name]! : name);
      printer.write(' [enable_if:');
      printer.printList(rightOf[node]!);
      printer.write(']');
    },
    [Kind.Global]: (printer, node) => {
      printer.write('::');
      printer.print(leftOf[node]!);
    },
    [Kind.Encoding]: (printer, node) => printer.printEncoding(node, false),
    [Kind.Special]: (printer, node) => printer.printSpecial(node),
    [Kind.Clone]: (printer, node) => printer.printClone(node),
    [Kind.Constrained]: (printer, node) => {
      if (kindOf[leftOf[node]!] === Kind.Encoding) {
        printer.printEncoding(leftOf[node]!, false, rightOf[node]!);
        return;
      }
      printer.print(leftOf[node]!);
      printer.printConstraint(rightOf[node]!);
    },
    [Kind.Complex]: (printer, node) => printer.printModified(node, leftOf[node]!),
    [Kind.Imaginary]: (printer, node) => printer.printModified(node, leftOf[node]!),
    [Kind.VendorQualified]: (printer, node) => printer.printModified(node, leftOf[node]!),
    [Kind.Vector]: (printer, node) => printer.printModified(node, leftOf[node]!),
    [Kind.RvalueReference]: (printer, node) => printer.printReference(node),
    [Kind.MemberPointer]: (printer, node) => printer.printModified(node, rightOf[node]!),
    [Kind.Function]: (printer, node) => printer.printFunction(node, false),
    [Kind.Array]: (printer, node) => printer.printArray(node),
    [Kind.VendorType]: (printer, node) => {
      printer.writeText(node);
      if (rightOf[node]! !== 0) printer.printArguments(rightOf[node]!);
    },
    [Kind.Decltype]: (printer, node) => {
      printer.write('decltype (');
      printer.print(leftOf[node]!);
      printer.write(')');
    },
    [Kind.PackExpansion]: (printer, node) => printer.printExpansion(node),
    [Kind.PackIndex]: (printer, node) => {
      printer.write('(');
      printer.print(leftOf[node]!);
      printer.write(')[');
      printer.print(rightOf[node]!);
      printer.write(']');
    },
    [Kind.BitInt]: (printer, node) => {
      printer.write(numberOf[node]! === 1 ? 'unsigned _BitInt(' : '_BitInt(');
      printer.print(leftOf[node]!);
      printer.write(')');
    },
    [Kind.Elaborated]: (printer, node) => {
      printer.write(`${textOf(node)} `);
      printer.print(leftOf[node]!);
    },
    [Kind.Noexcept]: (printer, node) => {
      printer.write(' noexcept');
      if (leftOf[node]! !== 0) {
        printer.write('(');
        printer.print(leftOf[node]!);
        printer.write(')');
      }
    },
    [Kind.Throw]: (printer, node) => {
      printer.write(' throw');
      printer.printParenthesized(node);
    },
    [Kind.ConstrainedAuto]: (printer, node) => {
      printer.printConcept(leftOf[node]!);
      printer.write(` ${textOf(node)}`);
    },
    [Kind.ParameterDeclaration]: (printer, node) => printer.printDeclaration(node),
    [Kind.DeclaredArgument]: (printer, node) => printer.print(rightOf[node]!),
    [Kind.Literal]: (printer, node) => printer.printLiteral(node),
    [Kind.Unary]: (printer, node) => printer.printUnary(node),
    [Kind.Binary]: (printer, node) => printer.printBinary(node),
    [Kind.Conditional]: (printer, node) => printer.printConditional(node),
    [Kind.Call]: (printer, node) => printer.printCall(node),
    [Kind.Convert]: (printer, node) => printer.printConvert(node),
    [Kind.NamedCast]: (printer, node) => printer.printNamedCast(node),
    [Kind.New]: (printer, node) => printer.printNew(node),
    [Kind.Delete]: (printer, node) => printer.printDelete(node),
    [Kind.ParenthesizedInit]: (printer, node) => printer.printParenthesized(node),
    [Kind.BracedInit]: (printer, node) => printer.printBraced(node),
    [Kind.Designated]: (printer, node) => printer.printDesignated(node),
    [Kind.FunctionParameter]: (printer, node) =>
      printer.write(numberOf[node]! === 0 ? 'this' : `{parm#${numberOf[node]!}}`),
    [Kind.SizeofPack]: (printer, node) => printer.printPackSize(node),
    [Kind.SizeofArguments]: (printer, node) => printer.printArgumentCount(node),
    [Kind.Fold]: (printer, node) => printer.printFold(node),
    [Kind.VendorExpression]: (printer, node) => {
      printer.writeText(node);
      printer.printParenthesized(node);
    },
    [Kind.Query]: (printer, node) => printer.printQuery(node),
    [Kind.DestructorName]: (printer, node) => {
      printer.write('~');
      printer.print(leftOf[node]!);
    },
    [Kind.Subobject]: (printer, node) => {
      printer.print(leftOf[node]!);
      printer.write(`.<${textOf(node) || '0'}>`);
    },
    [Kind.Requires]: (printer, node) => {
      printer.write('requires');
      if (leftOf[node]! !== 0) printer.printParenthesized(leftOf[node]!);
      printer.write(' {');
      for (const item of itemsOf(node)) printer.print(item);
      printer.write(' }');
    },
    [Kind.Requirement]: (printer, node) => printer.printRequirement(node),
    [Kind.LambdaExpression]: (printer, node) => printer.print(leftOf[node]!),
  };
}
