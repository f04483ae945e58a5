import { LIBC_RULES, LIBCS, type Libc } from '../unload/index.ts';
import type { Observation } from './observation.ts';
import type { ResourceName } from './soak-facts.ts';

const NEVER: Readonly<Record<Libc, null>> = { glibc: null, musl: null, bionic: null, ohos: null };

/** The kernel's own default of vm.max_map_count (include/linux/mm.h), which Android and OpenHarmony keep. */
const USUAL_MAPPINGS = 65530;

/**
 * The first round in which a resource that grows so much a round cannot be had any more. `inUse`: what the
 * process had before the first round, here; of another C library's process nothing is known, so that it counts
 * as empty. Keys are limited by the C library; descriptors, threads and mappings by the kernel, whose limits are
 * known of this machine.
 */
export function exhaustedAtRound(
  name: ResourceName,
  perRound: number,
  inUse: number,
  { limits, mostKeys }: Pick<Observation, 'limits' | 'mostKeys'>,
): Readonly<Record<Libc, number | null>> {
  if (perRound <= 0) return NEVER;
  const round = (limit: number | null, used: number): number | null =>
    limit === null ? null : Math.max(1, Math.floor((limit - used) / perRound) + 1);
  switch (name) {
    case 'keys':
      return Object.fromEntries(
        LIBCS.map((libc) => [
          libc,
          round(LIBC_RULES[libc].keys, LIBC_RULES[libc].keys === mostKeys ? inUse : 0),
        ]),
      ) as Record<Libc, number | null>;
    case 'fds':
    case 'threads': {
      const here = round(limits[name], inUse);
      return { ...NEVER, glibc: here, musl: here };
    }
    case 'mappings': {
      const here = round(limits.mappings, inUse);
      const elsewhere = round(USUAL_MAPPINGS, 0);
      return { glibc: here, musl: here, bionic: elsewhere, ohos: elsewhere };
    }
    case 'heap':
    case 'rss':
    case 'tls':
    case 'linkmaps':
    case 'signals':
      return NEVER;
    default:
      return name satisfies never;
  }
}
