import { memberQualifiers } from '../itanium/member-qualifiers.ts';
import { spelling } from '../itanium/operators.ts';
import { Kind, Qualifier } from '../kinds.ts';
import {
  codeAt,
  hasText,
  kindOf,
  leftOf,
  letterOf,
  type NodeId,
  numberOf,
  rightOf,
  textOf,
} from '../tree.ts';
import { LlvmTypes } from './types.ts';
import { ABBREVIATIONS, EXPANDED, EXPANDED_BASE, SPECIAL } from './words.ts';

/** Names, functions and special entities the way llvm-cxxfilt writes them. */
export abstract class LlvmNames extends LlvmTypes {
  /** The return type, if there is one, and the name. */
  protected printEncodingLeft(node: NodeId, dropResult: boolean): void {
    const result = leftOf[rightOf[node]!]!;
    if (result !== 0 && !dropResult) {
      this.printLeft(result);
      if (!this.hasRight(result)) this.write(' ');
    }
    const name = leftOf[node]!;
    this.print(kindOf[name] === Kind.EnableIf ? leftOf[name]! : name);
  }

  protected override printEncodingRight(node: NodeId, dropResult = false): void {
    const type = rightOf[node]!;
    const name = leftOf[node]!;
    const qualifiers = memberQualifiers(kindOf[name] === Kind.EnableIf ? leftOf[name]! : name);
    this.write(qualifiers & Qualifier.ExplicitObject ? '(this ' : '(');
    this.printList(type);
    this.write(')');
    if (leftOf[type]! !== 0 && !dropResult) this.printRight(leftOf[type]!);
    this.printQualifiers(qualifiers);
    if (kindOf[name] === Kind.EnableIf) {
      this.write(' [enable_if:');
      this.printList(rightOf[name]!);
      this.write(']');
    }
  }

  protected printNameInScope(node: NodeId): void {
    const scope = leftOf[node]!;
    const name = rightOf[node]!;
    const structor = kindOf[name] === Kind.Constructor || kindOf[name] === Kind.Destructor;
    if (structor && kindOf[scope] === Kind.StdAbbreviation) this.write(EXPANDED[letterOf(scope)]!);
    else this.print(scope);
    this.write('::');
    this.print(name);
  }

  protected printLocal(node: NodeId): void {
    this.print(leftOf[node]!);
    this.write('::');
    this.print(rightOf[node]!);
  }

  /** The last name of a class, after which its constructor is named; a closure has none. */
  protected printBaseName(scope: NodeId): void {
    let at = scope;
    for (;;) {
      switch (kindOf[at]) {
        case Kind.Qualified:
          at = rightOf[at]!;
          break;
        case Kind.Template:
        case Kind.AbiTag:
        case Kind.ModuleEntity:
        case Kind.Friend:
        case Kind.TemplateParameter:
          at = leftOf[at]!;
          break;
        case Kind.StdAbbreviation:
          this.write(EXPANDED_BASE[letterOf(at)]!);
          return;
        case Kind.Name:
          this.writeText(at);
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

  protected printSignature(node: NodeId): void {
    if (leftOf[node]! !== 0) {
      this.write('<');
      this.printList(leftOf[node]!);
      this.write('>');
      if (rightOf[leftOf[node]!]! !== 0) {
        this.write(' requires ');
        this.print(rightOf[leftOf[node]!]!);
        this.write(' ');
      }
    }
    this.write('(');
    this.printList(node);
    this.write(')');
    if (rightOf[node]! !== 0) {
      this.write(' requires ');
      this.print(rightOf[node]!);
    }
  }

  protected printSpecial(node: NodeId): void {
    this.write(SPECIAL.get(codeAt(node)) ?? '');
    this.print(leftOf[node]!);
    if (hasText(node, 'TC')) {
      this.write('-in-');
      this.print(rightOf[node]!);
    }
  }

  protected printModule(node: NodeId): void {
    if (leftOf[node]! !== 0) this.printModule(leftOf[node]!);
    if (numberOf[node]! === 1) this.write(':');
    else if (leftOf[node]! !== 0) this.write('.');
    this.writeText(node);
  }

  protected abbreviation(letter: string): string {
    return ABBREVIATIONS[letter] ?? letter;
  }

  /** `typename $T`, `int $N`, `template<typename> typename $TT`, `typename ...$T`. */
  protected printDeclaration(node: NodeId, pack: boolean): void {
    switch (textOf(node)) {
      case 'y':
        this.write('typename ');
        break;
      case 'n':
        this.printValueDeclaration(node, pack);
        return;
      case 'k':
        this.print(leftOf[node]!);
        this.write(' ');
        break;
      case 't':
        this.write('template<');
        this.printList(node);
        this.write('> typename ');
        break;
      default:
        this.printDeclaration(leftOf[node]!, true);
        return;
    }
    if (pack) this.write('...');
    this.print(rightOf[node]!);
  }

  private printValueDeclaration(node: NodeId, pack: boolean): void {
    const type = leftOf[node]!;
    this.printLeft(type);
    if (!this.hasRight(type)) this.write(' ');
    if (pack) this.write('...');
    this.print(rightOf[node]!);
    this.printRight(type);
  }
}
