import { type Description, describe, type Node, parse, print } from '../../demangle/index.ts';

/** What a mangled name of C++ says, as far as a comparison asks. */
export interface CxxName {
  /** As c++filt prints it; the clones of a constructor read the same. */
  readonly full: string;
  /** Without parameters, return type and ABI tags: what overloads have in common. */
  readonly bare: string;
  /** The parameter list in its parentheses, empty for what has none. */
  readonly parameters: string;
  /** What stands behind the parameters: `const`, `&&`. */
  readonly qualifiers: string;
  readonly abiTags: string;
  readonly description: Description;
}

const ABI_TAG = /\[abi:[^\]]*\]/g;

/** Undefined for a name of C, of Rust, or one that is not valid. */
export function cxxName(name: string): CxxName | undefined {
  if (!name.startsWith('_Z')) return undefined;
  const parsed = parse(name);
  if (!('ast' in parsed)) return undefined;
  const description = describe(parsed.ast);
  if (description.language !== 'c++') return undefined;
  const full = print(parsed.ast) ?? name;
  const bare = print(parsed.ast, { params: false }) ?? name;
  return {
    full,
    bare: bare.replace(ABI_TAG, ''),
    abiTags: (bare.match(ABI_TAG) ?? []).join(''),
    description,
    ...signatureOf(parsed.ast, bare),
  };
}

function signatureOf(ast: Node, bare: string): Pick<CxxName, 'parameters' | 'qualifiers'> {
  const text = print(ast, { returnTypes: false }) ?? bare;
  const behind = text.startsWith(bare) ? text.slice(bare.length) : '';
  const end = behind.lastIndexOf(')') + 1;
  return { parameters: behind.slice(0, end), qualifiers: behind.slice(end).trim() };
}

/** Namespaces of the C++ standard library, whose templates everybody instantiates. */
const STANDARD = new Set(['std', '__gnu_cxx', '__cxxabiv1']);

/** operator new and delete of the global namespace: the header <new> defines those with placement inline. */
const ALLOCATION = /^operator (?:new|delete)/;

/** Whether an entity belongs to the C++ standard library, whoever instantiated it. */
export function isStandard({ description, bare }: CxxName): boolean {
  const [outermost] = description.scope;
  return outermost === undefined ? ALLOCATION.test(bare) : STANDARD.has(outermost);
}
