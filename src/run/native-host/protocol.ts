/** The numbers of the protocol between solder and its host, see docs/host-protocol.md and native/host/protocol.h. */
export const PROTOCOL = { magic: 0x524c4453, version: 3 } as const;

export const OPERATION = {
  open: 1,
  close: 2,
  symbol: 3,
  addressInfo: 4,
  handleInfo: 5,
  linkMap: 6,
  images: 7,
  call: 8,
  read: 9,
  write: 10,
  readString: 11,
  allocate: 12,
  free: 13,
  exit: 14,
  soak: 15,
} as const;

/** What a soak is doing, by its number. */
export const STAGES = ['before', 'open', 'symbol', 'call', 'close', 'measure'] as const;

export const STATUS = {
  done: 0,
  refused: 1,
  badAddress: 2,
  missing: 3,
  malformed: 4,
  noMemory: 5,
} as const;

export const PLACE = { default: 0, next: 1, handle: 2 } as const;
export const ARGUMENT = { integer: 0, double: 1, float: 2, bytes: 3, bytesBack: 4 } as const;
export const RESULT = { void: 0, integer: 1, double: 2, float: 3, string: 4 } as const;

/** Registers for arguments; what would need the stack cannot be called. */
export const REGISTERS = { integer: 6, floating: 8 } as const;

/** Ends the list of byte buffers in the reply to a call. */
export const NO_MORE_BYTES = 0xff;

export const WORDS = { signal: 1, exit: 2, maps: 3, stack: 4 } as const;

/** Exit status of a host that cannot reach its pipes any more. */
export const PIPES_LOST = 121;
/** Exit status of a host that has no memory for the protocol itself. */
export const OUT_OF_MEMORY = 122;
