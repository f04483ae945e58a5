import { codeOf } from '../tree.ts';

/** What llvm-cxxfilt writes before the entity of a special name, by the name's code. */
const SPECIAL_WORDS: Readonly<Record<string, string>> = {
  TV: 'vtable for ',
  TT: 'VTT for ',
  TI: 'typeinfo for ',
  TS: 'typeinfo name for ',
  TF: 'typeinfo fn for ',
  TJ: 'java Class for ',
  TA: 'template parameter object for ',
  TH: 'thread-local initialization routine for ',
  TW: 'thread-local wrapper routine for ',
  TC: 'construction vtable for ',
  Th: 'non-virtual thunk to ',
  Tv: 'virtual thunk to ',
  Tc: 'covariant return thunk to ',
  GV: 'guard variable for ',
  GR: 'reference temporary for ',
  GA: 'hidden alias for ',
  GI: 'initializer for module ',
  GTt: 'transaction clone for ',
  GTn: 'non-transaction clone for ',
  block: 'invocation function for block in ',
  GI_: 'global constructors keyed to ',
  GD_: 'global destructors keyed to ',
};

/** By `codeOf` the code. */
export const SPECIAL = new Map(Object.entries(SPECIAL_WORDS).map(([code, words]) => [codeOf(code), words]));

export const ABBREVIATIONS: Readonly<Record<string, string>> = {
  a: 'std::allocator',
  b: 'std::basic_string',
  s: 'std::string',
  i: 'std::istream',
  o: 'std::ostream',
  d: 'std::iostream',
};

/** The class that an abbreviation stands for, where its constructors and destructors are named. */
export const EXPANDED: Readonly<Record<string, string>> = {
  a: 'std::allocator',
  b: 'std::basic_string',
  s: 'std::basic_string<char, std::char_traits<char>, std::allocator<char> >',
  i: 'std::basic_istream<char, std::char_traits<char> >',
  o: 'std::basic_ostream<char, std::char_traits<char> >',
  d: 'std::basic_iostream<char, std::char_traits<char> >',
};

/** The last name of `EXPANDED`. */
export const EXPANDED_BASE: Readonly<Record<string, string>> = {
  a: 'allocator',
  b: 'basic_string',
  s: 'basic_string',
  i: 'basic_istream',
  o: 'basic_ostream',
  d: 'basic_iostream',
};
