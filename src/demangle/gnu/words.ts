import { codeOf } from '../tree.ts';

/** What c++filt writes before the entity of a special name, by the name's code. */
const SPECIAL_WORDS: Readonly<Record<string, string>> = {
  TV: 'vtable for ',
  TT: 'VTT for ',
  TI: 'typeinfo for ',
  TS: 'typeinfo name for ',
  TF: 'typeinfo fn for ',
  TJ: 'java Class for ',
  TA: 'template parameter object for ',
  TH: 'TLS init function for ',
  TW: 'TLS wrapper function for ',
  TC: 'construction vtable for ',
  Th: 'non-virtual thunk to ',
  Tv: 'virtual thunk to ',
  Tc: 'covariant return thunk to ',
  GV: 'guard variable for ',
  GR: 'reference temporary #',
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

/** Abbreviations of the standard library, written out as `verbose` asks for. */
export const ABBREVIATIONS: Readonly<Record<string, string>> = {
  a: 'std::allocator',
  b: 'std::basic_string',
  s: 'std::basic_string<char, std::char_traits<char>, std::allocator<char> >',
  i: 'std::basic_istream<char, std::char_traits<char> >',
  o: 'std::basic_ostream<char, std::char_traits<char> >',
  d: 'std::basic_iostream<char, std::char_traits<char> >',
};

export const SHORT_ABBREVIATIONS: Readonly<Record<string, string>> = {
  a: 'std::allocator',
  b: 'std::basic_string',
  s: 'std::string',
  i: 'std::istream',
  o: 'std::ostream',
  d: 'std::iostream',
};
