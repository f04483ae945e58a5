import { nameLookup } from './names.ts';

/** p_type (gABI, Program Header, and the GNU extensions). */
export const PT = {
  NULL: 0,
  LOAD: 1,
  DYNAMIC: 2,
  INTERP: 3,
  NOTE: 4,
  SHLIB: 5,
  PHDR: 6,
  TLS: 7,
  GNU_EH_FRAME: 0x6474e550,
  GNU_STACK: 0x6474e551,
  GNU_RELRO: 0x6474e552,
  GNU_PROPERTY: 0x6474e553,
  GNU_SFRAME: 0x6474e554,
} as const;
export const segmentTypeName = nameLookup('PT_', PT);

/** p_flags (gABI, Segment Permissions). */
export const PF = { X: 1, W: 2, R: 4 } as const;
