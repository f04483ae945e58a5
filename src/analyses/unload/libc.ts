/** The C libraries whose rules of unloading are known. */
export const LIBCS = ['glibc', 'musl', 'bionic', 'ohos'] as const;
export type Libc = (typeof LIBCS)[number];

/** What a C library does at dlclose(3), and how many thread keys it has. */
export interface LibcRules {
  readonly title: string;
  /** PTHREAD_KEYS_MAX: so many keys a process may create (bionic keeps some more for itself). */
  readonly keys: number;
  /** Whether dlclose unloads at all; musl documents that it never does. */
  readonly unloads: boolean;
  /** Whether a definition that is unique in the process (STB_GNU_UNIQUE) keeps its object. */
  readonly uniquePins: boolean;
  /**
   * Whether an object stays as long as a thread has to run destructors out of it (`__cxa_thread_atexit_impl`);
   * `unknown`: depends on the release.
   */
  readonly threadDestructorsPin: 'yes' | 'no' | 'unknown';
  /** What an object that was opened with initial-exec thread-local storage meets. */
  readonly staticTls: 'little room' | 'refused';
}

/**
 * glibc: elf/dl-close.c, elf/dl-lookup.c (do_lookup_unique), stdlib/cxa_thread_atexit_impl.c; musl:
 * ldso/dynlink.c (dlclose), include/limits.h; bionic: linker/linker.cpp, libc/include/limits.h,
 * libc/bionic/__cxa_thread_atexit_impl.cpp; OpenHarmony: third_party_musl, a musl with a dlclose of its own.
 */
export const LIBC_RULES: Readonly<Record<Libc, LibcRules>> = {
  glibc: {
    title: 'glibc',
    keys: 1024,
    unloads: true,
    uniquePins: true,
    threadDestructorsPin: 'yes',
    staticTls: 'little room',
  },
  musl: {
    title: 'musl',
    keys: 128,
    unloads: false,
    uniquePins: false,
    threadDestructorsPin: 'no',
    staticTls: 'refused',
  },
  bionic: {
    title: 'bionic',
    keys: 128,
    unloads: true,
    uniquePins: false,
    threadDestructorsPin: 'yes',
    staticTls: 'refused',
  },
  ohos: {
    title: "OpenHarmony's libc",
    keys: 128,
    unloads: true,
    uniquePins: false,
    threadDestructorsPin: 'unknown',
    staticTls: 'refused',
  },
};

/** How certain it is for which C library a file was made, and by what it was told. */
export interface DerivedLibc {
  readonly libc: Libc;
  /** `assumed`: nothing in the file tells. */
  readonly certainty: 'stated' | 'assumed';
  readonly evidence: string;
}
