import { spawnSync } from 'node:child_process';
import { type TraceEvent, TraceReader } from '../../analyses/trace/index.ts';

/**
 * What is needed and not used (ldd -u): ld.so tells it instead of running the program, on standard output
 * (LD_TRACE_LOADED_OBJECTS in ld.so(8); glibc elf/rtld.c).
 */
export function unusedDependencies(
  [program, ...args]: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>>,
): TraceEvent[] {
  const { stdout } = spawnSync(program, args, {
    env: {
      ...process.env,
      ...environment,
      LD_TRACE_LOADED_OBJECTS: '1',
      LD_DEBUG: 'unused',
      LD_BIND_NOW: '1',
    },
    stdio: ['ignore', 'pipe', 'ignore'],
    encoding: 'utf8',
  });
  const events: TraceEvent[] = [];
  const reader = new TraceReader({ source: 'mixed' }, (event) => {
    if (event.kind === 'unused') events.push(event);
  });
  reader.push(stdout);
  reader.end();
  return events;
}
