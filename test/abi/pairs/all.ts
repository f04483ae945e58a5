import { CXX_PAIRS } from './cxx.ts';
import { LIBRARY_PAIRS } from './library.ts';
import type { Pair } from './pair.ts';
import { SYMBOL_PAIRS } from './symbols.ts';
import { VERSION_PAIRS } from './versions.ts';

export const ALL_PAIRS: readonly Pair[] = [...SYMBOL_PAIRS, ...VERSION_PAIRS, ...LIBRARY_PAIRS, ...CXX_PAIRS];
