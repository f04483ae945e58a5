import { CallLimit, Closed, ProcessDied } from '../dl/errors.ts';
import { Channel } from './channel.ts';
import { CodeFiles } from './code-files.ts';
import type { Remains } from './code-place.ts';
import { describeDeath } from './describe-death.ts';
import type { HostProcess } from './host-process.ts';
import { parseLastWords } from './last-words.ts';
import { parseMappings } from './mappings.ts';
import { exitRequest, hex } from './operations.ts';
import { TimeLimit } from './time-limit.ts';

/** Milliseconds between the loss of a pipe and the end of the process that is expected then. */
const GRACE = 500;
/** A process may be asked for any number of symbols; they are for messages. */
const MOST_NAMES = 100_000;

/** The life of one host: how it may end, and what is said about it. */
export class HostSession {
  readonly channel: Channel;
  /** What handles and addresses were asked for by. */
  private readonly names = new Map<bigint, string>();
  private readonly host: HostProcess;
  private readonly hostPath: string;
  private readonly over: Promise<void>;
  private readonly limit: TimeLimit;
  private severed: 'closed' | 'garbled' | undefined;
  private exceeded = false;
  private disposed = false;
  private exiting = false;

  constructor(host: HostProcess, hostPath: string, timeLimit: number) {
    this.host = host;
    this.hostPath = hostPath;
    this.limit = new TimeLimit(timeLimit, () => {
      this.exceeded = true;
      host.kill();
    });
    this.channel = new Channel(host.requests, host.replies, {
      onBusy: (busy) => {
        host.hold(busy);
        this.limit.busy(busy);
      },
      onProgress: () => this.limit.step(),
      onGarbled: () => this.sever('garbled'),
    });
    host.replies.once('end', () => this.awaitEnd());
    this.over = this.finish(timeLimit);
  }

  /** Without its pipe the host is of no use, even if foreign code keeps it running. */
  private awaitEnd(): void {
    const timer = setTimeout(() => this.sever('closed'), GRACE);
    void this.host.ended.then(() => clearTimeout(timer));
  }

  private sever(how: 'closed' | 'garbled'): void {
    this.severed ??= how;
    this.host.kill();
  }

  private async finish(timeLimit: number): Promise<void> {
    const exit = await this.host.ended;
    const during = this.channel.current;
    this.limit.busy(false);
    if (this.disposed) {
      const closed = new Closed('the host was closed');
      this.channel.fail(closed, closed);
      return;
    }
    if (this.exceeded) {
      const text = `${during} was still running after ${timeLimit} s: its process was killed`;
      const nothing = { object: undefined, symbol: undefined, offset: undefined, faultAddress: undefined };
      const died = new ProcessDied(text, { signal: 'SIGKILL', status: undefined, ...nothing });
      this.channel.fail(new CallLimit(text), died);
      return;
    }
    using files = new CodeFiles();
    const words = parseLastWords(this.host.lastWords());
    const remains: Remains = {
      words,
      mappings: parseMappings(words.mappings),
      files,
      hostPath: this.hostPath,
      symbols: this.names,
    };
    const died = describeDeath(remains, { ...exit, severed: this.severed }, during);
    const orderly = this.exiting && exit.status === 0 && words.exit === 'exit';
    const reason = orderly ? new Closed('the host has ended') : died;
    this.channel.fail(reason, reason);
  }

  remember(value: bigint, name: string): void {
    if (this.names.size < MOST_NAMES) this.names.set(value, name);
  }

  nameOf(value: bigint): string {
    return this.names.get(value) ?? hex(value);
  }

  async exit(): Promise<void> {
    this.exiting = true;
    try {
      await this.channel.send(exitRequest);
    } catch (error) {
      if (!(error instanceof Closed)) throw error;
    }
  }

  async close(): Promise<void> {
    this.disposed = true;
    this.host.kill();
    this.host.hold(true);
    await this.over;
  }
}
