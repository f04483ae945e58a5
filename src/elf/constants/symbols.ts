import { nameLookup } from './names.ts';

/** Low four bits of st_info (gABI, Symbol Table). */
export const STT = {
  NOTYPE: 0,
  OBJECT: 1,
  FUNC: 2,
  SECTION: 3,
  FILE: 4,
  COMMON: 5,
  TLS: 6,
  GNU_IFUNC: 10,
} as const;
export const symbolTypeName = nameLookup('STT_', STT);

/** High four bits of st_info (gABI, Symbol Table). */
export const STB = { LOCAL: 0, GLOBAL: 1, WEAK: 2, GNU_UNIQUE: 10 } as const;
export const symbolBindingName = nameLookup('STB_', STB);

/** Low two bits of st_other (gABI, Symbol Table). */
export const STV = { DEFAULT: 0, INTERNAL: 1, HIDDEN: 2, PROTECTED: 3 } as const;
export const symbolVisibilityName = nameLookup('STV_', STV);
