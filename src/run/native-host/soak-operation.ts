import type { CallArgument, CallReturn } from '../dl/backend.ts';
import { checkRegisters, writeCall } from './call-operation.ts';
import type { Request } from './channel.ts';
import { OPERATION } from './protocol.ts';

/** As `enum disposition` has them (native/host/resources.h). */
const DISPOSITIONS = ['default', 'ignored', 'handler', 'gone'] as const;

/** What is to be done again and again. */
export interface SoakOrder {
  readonly file: string;
  /** Flags of dlopen(3). */
  readonly flags: number;
  readonly rounds: number;
  /** Path of a file that is large enough for the records (`recordsSize`). */
  readonly records: string;
  /** Function to call; undefined: none. */
  readonly entry: string | undefined;
  readonly args: readonly CallArgument[];
  readonly returns: CallReturn;
  /** What it is doing right now: `the call of run_plugin in round 7`. */
  readonly describe: () => string;
}

/** Known when all rounds are done. */
export interface SoakEnd {
  /** PTHREAD_KEYS_MAX. */
  readonly mostKeys: number;
  /** Signals that are handled otherwise than before, and how. */
  readonly changedSignals: readonly {
    readonly number: number;
    readonly state: (typeof DISPOSITIONS)[number];
  }[];
}

/** Rejects with `DlError` when a function of the dlopen API refuses. */
export const soakRequest = (order: SoakOrder): Request<SoakEnd> => ({
  operation: OPERATION.soak,
  encode(writer) {
    checkRegisters(order.args);
    writer.string(order.file);
    writer.u32(order.flags);
    writer.u32(order.rounds);
    writer.string(order.records);
    writer.string(order.entry);
    writeCall(writer, order.args, order.returns);
  },
  decode: (reply) => ({
    mostKeys: reply.u32(),
    changedSignals: Array.from({ length: reply.u32() }, () => ({
      number: reply.u8(),
      state: DISPOSITIONS[reply.u8()] ?? 'gone',
    })),
  }),
  describe: order.describe,
});
