import { PROTOCOL } from './protocol.ts';
import { ForeignBytes, type Reply } from './reply-reader.ts';

/** The first frame that a host sends, without being asked. Gives its pid. */
export const greetingRequest = {
  decode(reply: Reply): number {
    if (reply.u32() !== PROTOCOL.magic) throw new ForeignBytes('no greeting of a host');
    const version = reply.u32();
    if (version !== PROTOCOL.version) throw new ForeignBytes(`protocol version ${version}`);
    return reply.u32();
  },
  describe: () => 'its start',
};
