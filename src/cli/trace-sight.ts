import { type EventFilter, eventFilter, Timeline, type TraceEvent } from '../analyses/trace/index.ts';
import type { ShowNames } from '../report/symbol-names.ts';
import { eventLine } from '../report/trace/event-text.ts';
import type { Context } from './context.ts';

/** Where events go as they come. */
export interface Sight {
  readonly timeline: Timeline;
  /** `owner` is the process that the log belongs to, `at` the time in milliseconds. */
  see(event: TraceEvent, owner: number | undefined, at?: number): void;
  /** Writes what has been collected. */
  flush(): void;
}

/** Characters that are collected before they are written. */
const BATCH = 1 << 16;

/** Events are streamed as JSON lines, and in text where only some are wanted. */
export function openSight({ format, output, style }: Context, filter: EventFilter, show: ShowNames): Sight {
  const timeline = new Timeline();
  const isWanted = eventFilter(filter);
  const lineOf = (event: TraceEvent, at: number | undefined): string | undefined => {
    if (format === 'jsonl') return jsonLine(event, at);
    return format === 'text' && isWanted !== undefined ? eventLine(event, at, { style, show }) : undefined;
  };
  let pending = '';
  const flush = (): void => {
    if (pending !== '') output.write(pending);
    pending = '';
  };
  return {
    timeline,
    flush,
    see(event, owner, at) {
      timeline.add(event, owner, at);
      if (isWanted?.(event) === false) return;
      const line = lineOf(event, at);
      if (line === undefined) return;
      pending += `${line}\n`;
      if (pending.length > BATCH) flush();
    },
  };
}

const jsonLine = (event: TraceEvent, at: number | undefined): string =>
  JSON.stringify(at === undefined ? event : { at: Math.round(at * 10) / 10, ...event });
