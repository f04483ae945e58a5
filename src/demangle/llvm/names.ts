import { Kind, type Node } from '../ast.ts';
import { spelling } from '../itanium/operators.ts';
import { LlvmTypes } from './types.ts';
import { ABBREVIATIONS, EXPANDED, EXPANDED_BASE, SPECIAL } from './words.ts';

/** Names, functions and special entities the way llvm-cxxfilt writes them. */
export abstract class LlvmNames extends LlvmTypes {
  /** The return type, if there is one, and the name. */
  protected printEncodingLeft(node: Node, dropResult: boolean): void {
    const result = node.right!.left;
    if (result !== undefined && !dropResult) {
      this.printLeft(result);
      if (!this.hasRight(result)) this.write(' ');
    }
    const name = node.left!;
    this.print(name.kind === Kind.EnableIf ? name.left! : name);
  }

  protected override printEncodingRight(node: Node, dropResult = false): void {
    const type = node.right!;
    this.write('(');
    this.printList(type.items);
    this.write(')');
    if (type.left !== undefined && !dropResult) this.printRight(type.left);
    const name = node.left!;
    this.printQualifiers(memberQualifiers(name.kind === Kind.EnableIf ? name.left! : name));
    if (name.kind === Kind.EnableIf) {
      this.write(' [enable_if:');
      this.printList(name.right!.items);
      this.write(']');
    }
  }

  protected printNameInScope(node: Node): void {
    const scope = node.left!;
    const name = node.right!;
    const structor = name.kind === Kind.Constructor || name.kind === Kind.Destructor;
    if (structor && scope.kind === Kind.StdAbbreviation) this.write(EXPANDED[scope.text]!);
    else this.print(scope);
    this.write('::');
    this.print(name);
  }

  protected printLocal(node: Node): void {
    this.print(node.left!);
    this.write('::');
    this.print(node.right!);
  }

  /** The last name of a class, after which its constructor is named; a closure has none. */
  protected printBaseName(scope: Node): void {
    let at: Node | undefined = scope;
    for (;;) {
      switch (at?.kind) {
        case Kind.Qualified:
          at = at.right;
          break;
        case Kind.Template:
        case Kind.AbiTag:
        case Kind.ModuleEntity:
        case Kind.Friend:
        case Kind.TemplateParameter:
          at = at.left;
          break;
        case Kind.StdAbbreviation:
          this.write(EXPANDED_BASE[at.text]!);
          return;
        case Kind.Name:
          this.write(at.text);
          return;
        default:
          return;
      }
    }
  }

  protected printOperator(code: string): void {
    const text = spelling(code);
    const first = text.charCodeAt(0);
    this.write(first >= 97 && first <= 122 ? `operator ${text}` : `operator${text}`);
  }

  protected printSignature(node: Node): void {
    if (node.left !== undefined) {
      this.write('<');
      this.printList(node.left.items);
      this.write('>');
    }
    this.write('(');
    this.printList(node.items);
    this.write(')');
    if (node.right !== undefined) {
      this.write(' requires ');
      this.print(node.right);
    }
  }

  protected printSpecial(node: Node): void {
    this.write(SPECIAL[node.text] ?? '');
    this.print(node.left!);
    if (node.text === 'TC') {
      this.write('-in-');
      this.print(node.right!);
    }
  }

  protected printModule(node: Node): void {
    if (node.left !== undefined) this.printModule(node.left);
    if (node.value === 1) this.write(':');
    else if (node.left !== undefined) this.write('.');
    this.write(node.text);
  }

  protected abbreviation(letter: string): string {
    return ABBREVIATIONS[letter] ?? letter;
  }

  /** `typename $T`, `int $N`, `template<typename> typename $TT`, `typename ...$T`. */
  protected printDeclaration(node: Node, pack: boolean): void {
    switch (node.text) {
      case 'y':
        this.write('typename ');
        break;
      case 'n':
        this.printValueDeclaration(node, pack);
        return;
      case 'k':
        this.print(node.left!);
        this.write(' ');
        break;
      case 't':
        this.write('template<');
        this.printList(node.items);
        this.write('> typename ');
        break;
      default:
        this.printDeclaration(node.left!, true);
        return;
    }
    if (pack) this.write('...');
    this.print(node.right!);
  }

  private printValueDeclaration(node: Node, pack: boolean): void {
    const type = node.left!;
    this.printLeft(type);
    if (!this.hasRight(type)) this.write(' ');
    if (pack) this.write('...');
    this.print(node.right!);
    this.printRight(type);
  }
}

function memberQualifiers(name: Node): number {
  let at: Node | undefined = name;
  if (at.kind === Kind.Local) at = at.right;
  if (at?.kind === Kind.DefaultArgument) at = at.left;
  return at?.kind === Kind.MemberQualified ? at.value : 0;
}
