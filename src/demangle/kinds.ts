/**
 * The tree of a mangled name. One physical shape serves every kind, so that the passes over it stay fast:
 * what `text`, `left`, `right`, `items` and `value` hold is said beside each kind; fields that a kind does
 * not mention are empty. The kinds follow the productions of the Itanium C++ ABI, section 5.1, and of Rust's
 * RFC 2603 (symbol name mangling v0).
 */
export const Kind = {
  // Names.
  /** `text`: a source identifier, or a fixed word such as `std`. */
  Name: 1,
  /** `left`::`right`. */
  Qualified: 2,
  /** Entity `right` inside the function `left`; `value`: discriminator, 0 for the first. */
  Local: 3,
  /** Inside the default argument `value` (1 is the last parameter) of the enclosing function: entity `left`. */
  DefaultArgument: 4,
  /** `left` with template arguments `right` (Arguments). */
  Template: 5,
  /** Template arguments, or one argument pack when `value` is 1: `items`. */
  Arguments: 6,
  /** Template parameter `value` of level `text` (empty: 0); `left`: its argument, when one is in scope. */
  TemplateParameter: 7,
  /** Name `left` of a member function with qualifiers `value` (Qualifier bits). */
  MemberQualified: 8,
  /** `left` with ABI tag `text`. */
  AbiTag: 9,
  /** Constructor of class `left`, variant `value` (1 complete, 2 base…); `right`: where it is inherited from. */
  Constructor: 10,
  /** Destructor of class `left`, variant `value` (0 deleting, 1 complete, 2 base…). */
  Destructor: 11,
  /** Operator: `text` is its two-letter code. */
  Operator: 12,
  /** Conversion operator to type `left`. */
  Conversion: 13,
  /** Literal operator with suffix `text`. */
  LiteralOperator: 14,
  /** Vendor operator `text` with `value` operands. */
  VendorOperator: 15,
  /** Unnamed type, the `value`-th of its scope from 1, or the enumeration of type `left` with enumerator `text`. */
  UnnamedType: 16,
  /** Closure type: `items` parameters, `left` template parameters (Arguments), `right` constraint, `value`-th. */
  Closure: 17,
  /** Structured binding of the names `items`. */
  StructuredBinding: 18,
  /** `left` attached to module `right`. */
  ModuleEntity: 19,
  /** Module `text` inside module `left`; `value` 1: a partition. */
  ModuleName: 20,
  /** Abbreviation of the standard library, `text`: a, b, s, i, o or d. */
  StdAbbreviation: 21,
  /** `left` as a friend that is declared in its class. */
  Friend: 22,
  /** Function `left` with attribute conditions `right` (Arguments). */
  EnableIf: 23,
  /** Global name ::`left`. */
  Global: 24,

  // Types.
  /** Builtin type `text`; `value`: its code (a character code), 0 for those without one. */
  Builtin: 30,
  /** Vendor type `text` with template arguments `right`. */
  VendorType: 31,
  /** `left` with cv-qualifiers `value` (Qualifier bits). */
  CvQualified: 32,
  /** `left` with vendor qualifier `text` and its template arguments `right`. */
  VendorQualified: 33,
  Pointer: 34,
  LvalueReference: 35,
  RvalueReference: 36,
  Complex: 37,
  Imaginary: 38,
  /** Function: return type `left`, parameters `items`, qualifiers `value`, exception specification `right`. */
  Function: 39,
  /** Array of `left`, dimension `right` if known. */
  Array: 40,
  /** Pointer to member of class `left`, of type `right`. */
  MemberPointer: 41,
  /** Vector of `left` with `right` elements, if known. */
  Vector: 42,
  /** decltype of expression `left`. */
  Decltype: 43,
  /** Expansion of pattern `left`. */
  PackExpansion: 44,
  /** _BitInt of `left` bits; `value` 1: unsigned. */
  BitInt: 45,
  /** `left` with keyword `text` (struct, union, enum). */
  Elaborated: 46,
  /** noexcept, on condition `left` if there is one. */
  Noexcept: 47,
  /** throw of types `items`. */
  Throw: 48,
  /** auto (`text`) constrained by concept `left`. */
  ConstrainedAuto: 49,
  /** Declaration of a template parameter: `text` y type, n value of type `left`, t template, p pack, k concept. */
  ParameterDeclaration: 50,
  /** Declaration `left` followed by the argument `right`. */
  DeclaredArgument: 51,
  /** The element `right` of the expansion `left`, as a type or as an expression. */
  PackIndex: 52,

  // Expressions.
  /** Literal of type `left` with digits `text`; `value` 1: negative. */
  Literal: 60,
  /** Operator `text` on `left`; `value` 1: the prefix form of ++ and --, 2: global. */
  Unary: 61,
  /** `left` operator `text` `right`. */
  Binary: 62,
  /** Conditional operator on three `items`. */
  Conditional: 63,
  /** Call of `left` with `items`; `value` 1: no argument-dependent look-up. */
  Call: 64,
  /** Conversion to `left` of `items`; `value` 1: exactly one operand without parentheses. */
  Convert: 65,
  /** Named cast `text` to type `left` of `right`. */
  NamedCast: 66,
  /** new of type `left`, placement `items`, initializer `right`; `text` nw or na; `value` 1: global. */
  New: 67,
  /** Initializer `items` in parentheses. */
  ParenthesizedInit: 68,
  /** Braced list `items`, of type `left` if given. */
  BracedInit: 69,
  /** Designated initializer `text` di, dx or dX: `left` (and `right`) designate, `items[0]` is the value. */
  Designated: 70,
  /** Function parameter `value` (0: this, 1 the first) of the function `text` levels up. */
  FunctionParameter: 71,
  /** sizeof... of a pack `left`. */
  SizeofPack: 72,
  /** sizeof... of arguments `items`. */
  SizeofArguments: 73,
  /** Fold `text` (fl, fr, fL, fR), operator in `items[0]`, pack `left`, initial `right`. */
  Fold: 74,
  /** Vendor expression `text` with `items`. */
  VendorExpression: 75,
  /** sizeof, alignof, typeid, noexcept or throw: code `text` on type or expression `left`. */
  Query: 76,
  /** Destructor name ~`left` of an expression. */
  DestructorName: 77,
  /** operator `left` used as a name. */
  OperatorName: 78,
  /** Subobject of `left` at `text`, of type `right`. */
  Subobject: 79,
  /** requires-expression: parameters `left` (Arguments), requirements `items`. */
  Requires: 80,
  /** Requirement: `text` X expression, T type, Q nested; `left`; `right` its constraint; `value` 1: noexcept. */
  Requirement: 81,
  /** Closure `left` written as an expression. */
  LambdaExpression: 82,
  /** delete of `left`; `text` dl or da; `value` 1: global. */
  Delete: 83,

  // Whole symbols.
  /** Function or variable `left` with its type `right` (Function); `items[0]`: requires-clause. */
  Encoding: 90,
  /** Special entity `text` (two-letter code) for `left`; `right`, `value`: second operand. */
  Special: 91,
  /** `left` copied by an optimiser, which added the suffix `text`. */
  Clone: 92,
  /** requires-clause `right` on `left`. */
  Constrained: 93,

  // Rust (RFC 2603, and the legacy scheme before it).
  /** Crate `text`; `right` Name: its disambiguator in hexadecimal digits. */
  Crate: 110,
  /** Item `text` in `left`; `right` Name: its namespace letter; `value`: disambiguator. */
  Item: 111,
  /** Implementation in `items[0]` for type `left` of trait `right`, if of one. */
  Implementation: 112,
  /** Path `left` with generic arguments `items`. */
  Generic: 113,
  /** The `value`-th lifetime counted from the innermost binder, 0: erased. */
  Lifetime: 114,
  /** `text` R &, Q &mut, P *const, O *mut of type `left`, with lifetime `value`. */
  RustPointer: 115,
  /** Array of `left`, length `right`; a slice without. */
  RustArray: 116,
  Tuple: 117,
  /** fn of `items` to `left`, if that is not (); `text`: ABI, `value`: 2 for each bound lifetime, plus 1 if unsafe. */
  RustFunction: 118,
  /** dyn of the bounds `items` with Lifetime `left`; `value`: bound lifetimes. */
  DynTrait: 119,
  /** Trait path `left` with its associated types `items`. */
  TraitBound: 120,
  /** Associated type `text` = `left`. */
  AssociatedType: 121,
  /** Constant with hexadecimal digits `text` of the type coded by the Name `left`; `value` 1: negative. */
  RustConstant: 122,
  /** Legacy path of the names `items` with hash `text`. */
  LegacyPath: 123,
  /** Symbol of path `left`, instantiated in crate `right`, if it says so; `text`: vendor suffix. */
  RustSymbol: 124,
  /** String constant of UTF-8 bytes in hexadecimal digits `text`. */
  RustString: 125,
  /** Constant made of the constants `items`: `text` R &, Q &mut, A array, T tuple. */
  RustAggregate: 126,
  /** Constant of the struct or enum variant `left` with `items`: `text` U without fields, T a tuple, S RustField. */
  RustVariant: 127,
  /** Field `text` with the constant `left`. */
  RustField: 128,
  /** Type `left` with the values of the pattern `right` only. */
  RustPatternType: 129,
  /** Pattern of `items`: `text` R the first and the last value of a range, O alternatives, N not null. */
  RustPattern: 130,
} as const;
export type Kind = (typeof Kind)[keyof typeof Kind];

/** Bits of `value` in CvQualified, MemberQualified and Function nodes. */
export const Qualifier = {
  Const: 1,
  Volatile: 2,
  Restrict: 4,
  Lvalue: 8,
  Rvalue: 16,
  ExternC: 32,
  TransactionSafe: 64,
  ExplicitObject: 128,
} as const;
