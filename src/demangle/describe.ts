import { print } from './demangle.ts';
import { Kind } from './kinds.ts';
import type { Node } from './node.ts';

export type SymbolRole =
  | 'function'
  | 'variable'
  | 'constructor'
  | 'destructor'
  | 'operator'
  | 'conversion'
  | 'vtable'
  | 'vtt'
  | 'construction-vtable'
  | 'typeinfo'
  | 'typeinfo-name'
  | 'guard'
  | 'reference-temporary'
  | 'thunk'
  | 'tls-initializer'
  | 'tls-wrapper'
  | 'template-parameter-object'
  | 'module-initializer'
  | 'initializers'
  | 'block'
  | 'other';

/** What a mangled name says about its entity, without the entity's file. */
export interface Description {
  readonly language: 'c++' | 'rust';
  readonly role: SymbolRole;
  /** Of constructors 1 complete, 2 base, 3 allocating; of destructors 0 deleting, 1 complete, 2 base. */
  readonly variant: number | undefined;
  /** The entity's own name, without scope and template arguments; of a special entity that of its owner. */
  readonly name: string;
  /** Names of the namespaces and classes around, outermost first, without template arguments. */
  readonly scope: readonly string[];
  /** The class, fully written, where the name proves that the innermost scope is one and no namespace. */
  readonly class: string | undefined;
  /** A variable in a scope: a static data member, or a variable of a namespace, which look the same. */
  readonly nestedVariable: boolean;
  /** The entity, or a scope that it is in, has template arguments. */
  readonly template: boolean;
  /** It is in the body of a function. */
  readonly local: boolean;
  /** The inline namespace in std that holds it: `__1`, `__ndk1`, `__h`, `__cxx11`… */
  readonly inlineNamespace: string | undefined;
  readonly abiTags: readonly string[];
  /** What an optimiser added: `.isra.0`, `.cold`. */
  readonly cloneSuffix: string | undefined;
}

const SPECIAL_ROLES: Readonly<Record<string, SymbolRole>> = {
  TV: 'vtable',
  TT: 'vtt',
  TC: 'construction-vtable',
  TI: 'typeinfo',
  TS: 'typeinfo-name',
  TH: 'tls-initializer',
  TW: 'tls-wrapper',
  TA: 'template-parameter-object',
  Th: 'thunk',
  Tv: 'thunk',
  Tc: 'thunk',
  GV: 'guard',
  GR: 'reference-temporary',
  GI: 'module-initializer',
  GI_: 'initializers',
  GD_: 'initializers',
  block: 'block',
};

/** Special entities that belong to a class, which follows their code. */
const OF_CLASS = new Set(['TV', 'TT', 'TC', 'TI', 'TS']);

interface Facts {
  scope: string[];
  /** The innermost scope, if any. */
  owner: Node | undefined;
  last: Node | undefined;
  template: boolean;
  local: boolean;
  abiTags: string[];
}

/** What the tree of a name tells about its symbol. */
export function describe(ast: Node): Description {
  if (ast.kind === Kind.RustSymbol || ast.kind === Kind.LegacyPath) return describeRust(ast);
  const clone = ast.kind === Kind.Clone ? ast : undefined;
  const symbol = clone?.left ?? ast;
  const special = symbol.kind === Kind.Special ? symbol : undefined;
  const target = special?.left ?? symbol;
  const encoding = innermostEncoding(target);
  const facts: Facts = {
    scope: [],
    owner: undefined,
    last: undefined,
    template: false,
    local: false,
    abiTags: [],
  };
  collect(encoding?.left ?? target, facts);
  const isClass = special !== undefined && OF_CLASS.has(special.text);
  const role = special === undefined ? entityRole(facts.last, encoding) : SPECIAL_ROLES[special.text];
  const proven = isClass ? namedType(target) : provenClass(facts, encoding?.left ?? target);
  const structor = facts.last?.kind === Kind.Constructor || facts.last?.kind === Kind.Destructor;
  return {
    language: 'c++',
    role: role ?? 'other',
    variant: structor && special === undefined ? facts.last?.value : undefined,
    name: ownName(facts),
    scope: facts.scope,
    class: proven === undefined ? undefined : print(proven),
    nestedVariable: role === 'variable' && facts.scope.length > 0 && !facts.local,
    template: facts.template,
    local: facts.local,
    inlineNamespace: inlineNamespace(facts.scope),
    abiTags: facts.abiTags,
    cloneSuffix: clone?.text,
  };
}

function innermostEncoding(target: Node): Node | undefined {
  if (target.kind === Kind.Constrained || target.kind === Kind.Special)
    return innermostEncoding(target.left!);
  return target.kind === Kind.Encoding ? target : undefined;
}

function entityRole(last: Node | undefined, encoding: Node | undefined): SymbolRole {
  switch (last?.kind) {
    case Kind.Constructor:
      return 'constructor';
    case Kind.Destructor:
      return 'destructor';
    case Kind.Operator:
    case Kind.LiteralOperator:
    case Kind.VendorOperator:
      return 'operator';
    case Kind.Conversion:
      return 'conversion';
  }
  return encoding === undefined ? 'variable' : 'function';
}

/** Walks down a name and gathers its parts, the outermost scope first. */
function collect(name: Node, facts: Facts): void {
  switch (name.kind) {
    case Kind.Qualified:
      collect(name.left!, facts);
      enter(name.left!, facts);
      collect(name.right!, facts);
      return;
    case Kind.Local:
      facts.local = true;
      collect(innermostEncoding(name.left!)?.left ?? name.left!, facts);
      enter(name.left!, facts);
      collect(name.right!, facts);
      return;
    case Kind.Template:
      facts.template = true;
      collect(name.left!, facts);
      return;
    case Kind.AbiTag:
      collect(name.left!, facts);
      facts.abiTags.push(name.text);
      return;
    case Kind.StdAbbreviation:
      facts.scope.push('std');
      facts.template ||= name.text !== 'a' && name.text !== 'b';
      facts.last = name;
      return;
    case Kind.MemberQualified:
    case Kind.DefaultArgument:
    case Kind.EnableIf:
    case Kind.Friend:
    case Kind.ModuleEntity:
    case Kind.Constrained:
    case Kind.Encoding:
    case Kind.Special:
      collect(name.left!, facts);
      return;
    default:
      facts.last = name;
  }
}

function enter(scope: Node, facts: Facts): void {
  if (facts.last !== undefined) facts.scope.push(text(facts.last));
  facts.owner = scope;
}

/** Constructors are printed after the class that they are inherited from, but belong to the scope's. */
function ownName({ last, scope }: Facts): string {
  const owner = scope.at(-1);
  if (last?.kind === Kind.Constructor && owner !== undefined) return owner;
  if (last?.kind === Kind.Destructor && owner !== undefined) return `~${owner}`;
  return last === undefined ? '' : text(last);
}

function text(node: Node): string {
  // A conversion to a template parameter: c++filt finds its argument only in the name as a whole.
  const whole = print(node) ?? print(node, { style: 'llvm' }) ?? '';
  return node.kind === Kind.StdAbbreviation ? whole.substring(5).replace(/<.*/, '') : whole;
}

/** The type of a typeinfo, unless it is none that a program can define: `int`, `char*`, `void (int)`. */
function namedType(type: Node): Node | undefined {
  // Kinds of names come before those of types.
  return type.kind < Kind.Builtin ? type : undefined;
}

/** Only classes have constructors, member functions with qualifiers, conversions and template arguments. */
function provenClass(facts: Facts, name: Node): Node | undefined {
  const { owner, last } = facts;
  if (owner === undefined || owner.kind === Kind.Encoding) return undefined;
  if (owner.kind === Kind.Template || owner.kind === Kind.StdAbbreviation) return owner;
  if (name.kind === Kind.MemberQualified) return owner;
  if (name.kind === Kind.Local && name.right?.kind === Kind.MemberQualified) return owner;
  switch (last?.kind) {
    case Kind.Constructor:
    case Kind.Destructor:
    case Kind.Conversion:
      return owner;
  }
  return undefined;
}

/**
 * libc++ has all of std in one inline namespace, which each of its builds may name: `__1` by default, `__2` for
 * its unstable ABI, `__ndk1` on Android, `__h` and `__n1` on OpenHarmony, `__Cr` in Chromium. libstdc++ has
 * parts of it in `__cxx11` and `_V2`, and everything in `__8` when its symbols are versioned.
 */
const INLINE_NAMESPACE = /^(__\d+|__ndk\d+|__n\d+|__h|__Cr|__cxx11|__cxx1998|_V\d+)$/;

function inlineNamespace(scope: readonly string[]): string | undefined {
  return scope[0] === 'std' ? scope.slice(1).find((name) => INLINE_NAMESPACE.test(name)) : undefined;
}

function describeRust(symbol: Node): Description {
  const legacy = symbol.kind === Kind.LegacyPath;
  const scope = legacy ? symbol.items.map((item) => item.text) : rustScope(symbol.left!);
  return {
    language: 'rust',
    role: 'function',
    variant: undefined,
    name: scope.at(-1) ?? '',
    scope: scope.slice(0, -1),
    class: undefined,
    nestedVariable: false,
    template: !legacy && hasGenerics(symbol.left!),
    local: false,
    inlineNamespace: undefined,
    abiTags: [],
    cloneSuffix: !legacy && symbol.text !== '' ? symbol.text : undefined,
  };
}

function rustScope(path: Node): string[] {
  switch (path.kind) {
    case Kind.Item:
      return [...rustScope(path.left!), path.text];
    case Kind.Generic:
      return rustScope(path.left!);
    case Kind.Implementation:
      return path.left === undefined ? [] : rustScope(path.left);
    default:
      return path.text === '' ? [] : [path.text];
  }
}

function hasGenerics(path: Node): boolean {
  if (path.kind === Kind.Generic) return true;
  return path.left !== undefined && hasGenerics(path.left);
}
