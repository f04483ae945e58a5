import type { FindingKind, Severity } from '../../model/index.ts';

/** How bad it is that something is made at a stage and never undone; undefined: not worth a word. */
type ByStage = { readonly [stage in 'open' | 'use' | 'possible']: Severity | undefined };

/** Something that outlives the library that made it, unless it is undone before dlclose(3). */
export interface Resource {
  readonly kind: FindingKind;
  /** What it is called, one and several. */
  readonly noun: readonly [string, string];
  readonly made: readonly string[];
  readonly undone: readonly string[];
  /** Nothing undoes it when the library is unloaded, or while it is used. */
  readonly never: ByStage;
  /** Something undoes it, but only when it is called from outside. */
  readonly inUse: ByStage;
  /** What a file says whose code cannot be read: it imports what makes it and nothing that undoes it. */
  readonly unread: Severity | undefined;
  readonly fix: string;
}

const NOTHING: ByStage = { open: undefined, use: undefined, possible: undefined };
const LIBCXX = ['_ZNSt3__1', '_ZNSt6__ndk1', '_ZNSt4__n1', '_ZNSt3__h'];
const ofThread = (member: string): string[] => [
  `_ZNSt6thread${member}`,
  ...LIBCXX.map((scope) => `${scope}6thread${member}`),
];

const THREAD_KEYS: Resource = {
  kind: 'unload.thread-key',
  noun: ['thread key', 'thread keys'],
  // __pthread_key_create is what libgcc's gthr-posix.h asks for to see whether there are threads.
  made: ['pthread_key_create', '__pthread_key_create', 'tss_create', 'thr_keycreate'],
  undone: ['pthread_key_delete', 'tss_delete'],
  never: { open: 'error', use: 'warning', possible: 'note' },
  inUse: { open: 'note', use: 'note', possible: undefined },
  unread: 'warning',
  fix: 'delete the key in a destructor of the library, link the guard into it (solder guard), or keep the library loaded: RTLD_NODELETE, -Wl,-z,nodelete, one dlopen for the whole run',
};

const THREADS: Resource = {
  kind: 'unload.thread',
  noun: ['thread', 'threads'],
  made: [
    'pthread_create',
    'thrd_create',
    // std::thread of libstdc++: since GCC 7, and before.
    '_ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_StateESt14default_deleteIS1_EEPFvvE',
    '_ZNSt6thread15_M_start_threadESt10shared_ptrINS_10_Impl_baseEEPFvvE',
    '_ZNSt6thread15_M_start_threadESt10shared_ptrINS_10_Impl_baseEE',
  ],
  undone: [
    'pthread_join',
    'thrd_join',
    'pthread_tryjoin_np',
    'pthread_timedjoin_np',
    'pthread_clockjoin_np',
    ...ofThread('4joinEv'),
  ],
  never: { open: 'error', use: 'warning', possible: 'note' },
  inUse: { open: 'note', use: undefined, possible: undefined },
  unread: 'warning',
  fix: 'stop and join the thread in a destructor of the library: a thread whose code is unmapped ends the process',
};

export const EXIT_HANDLERS: Resource = {
  kind: 'unload.exit-handler',
  noun: ['exit handler', 'exit handlers'],
  made: ['on_exit', '__cxa_atexit'],
  undone: [],
  never: { open: 'error', use: 'warning', possible: 'note' },
  inUse: NOTHING,
  unread: 'warning',
  fix: 'use atexit or a destructor: dlclose runs these, and on_exit is called when the code is gone',
};

export const SIGNAL_HANDLERS: Resource = {
  kind: 'unload.signal-handler',
  noun: ['signal handler', 'signal handlers'],
  made: ['signal', 'bsd_signal', 'sysv_signal', '__sysv_signal', 'sigaction', 'sigset', 'ssignal'],
  undone: [],
  never: { open: 'error', use: 'warning', possible: 'note' },
  inUse: { open: 'note', use: 'note', possible: undefined },
  unread: 'note',
  fix: 'put the former handler back in a destructor of the library',
};

const OPENED_LIBRARIES: Resource = {
  kind: 'unload.opened-library',
  noun: ['library that it opens', 'libraries that it opens'],
  made: ['dlopen', 'dlmopen', 'android_dlopen_ext'],
  undone: ['dlclose'],
  never: { open: 'warning', use: 'warning', possible: 'note' },
  inUse: { open: 'note', use: undefined, possible: undefined },
  unread: 'note',
  fix: 'close in a destructor what the library has opened',
};

const DESCRIPTORS: Resource = {
  kind: 'unload.descriptor',
  noun: ['file descriptor', 'file descriptors'],
  made: [
    ...['open', 'open64', 'openat', 'openat64', '__open_2', '__open64_2', 'creat', 'creat64', 'socket'],
    ...['socketpair', 'accept', 'accept4', 'dup', 'pipe', 'pipe2', 'eventfd', 'timerfd_create', 'signalfd'],
    ...['epoll_create', 'epoll_create1', 'inotify_init', 'inotify_init1', 'memfd_create', 'shm_open'],
    ...['fcntl', 'fcntl64', 'mkostemp', 'mkstemp64', 'openat2', 'pidfd_open', 'fanotify_init', 'userfaultfd'],
    ...['fopen', 'fopen64', 'fdopen', 'freopen', 'popen', 'opendir', 'fdopendir', 'tmpfile', 'mkstemp'],
  ],
  undone: ['close', 'fclose', 'pclose', 'closedir', 'close_range'],
  never: { open: 'warning', use: 'note', possible: undefined },
  inUse: { open: 'note', use: undefined, possible: undefined },
  unread: undefined,
  fix: 'close in a destructor what the library has opened',
};

const MAPPINGS: Resource = {
  kind: 'unload.mapping',
  noun: ['mapping of memory', 'mappings of memory'],
  made: ['mmap', 'mmap64', 'shmat'],
  undone: ['munmap', 'shmdt'],
  never: { open: 'warning', use: 'note', possible: undefined },
  inUse: { open: 'note', use: undefined, possible: undefined },
  unread: undefined,
  fix: 'unmap in a destructor what the library has mapped',
};

export const MEMORY: Resource = {
  kind: 'unload.memory',
  noun: ['block of memory', 'blocks of memory'],
  made: [
    ...['malloc', 'calloc', 'realloc', 'reallocarray', 'aligned_alloc', 'posix_memalign', 'memalign'],
    ...['strdup', 'strndup', 'asprintf', 'vasprintf', '_Znwm', '_Znam', '_ZnwmSt11align_val_t'],
    ...['newlocale', 'duplocale'],
  ],
  undone: [
    ...['free', 'realloc', 'reallocarray', '_ZdlPv', '_ZdlPvm', '_ZdaPv', '_ZdaPvm'],
    ...['_ZdlPvSt11align_val_t', '_ZdlPvmSt11align_val_t', 'freelocale'],
  ],
  // In use only what a variable of the library holds is worth a word: the rest is for the host, or short-lived.
  never: { open: 'note', use: 'note', possible: undefined },
  inUse: { open: 'note', use: undefined, possible: undefined },
  unread: undefined,
  fix: 'free in a destructor what constructors of the library allocate',
};

const TIMERS: Resource = {
  kind: 'unload.callback',
  noun: ['timer', 'timers'],
  made: ['timer_create'],
  undone: ['timer_delete'],
  never: { open: 'warning', use: 'warning', possible: 'note' },
  inUse: { open: 'note', use: undefined, possible: undefined },
  unread: 'note',
  fix: 'delete the timer in a destructor of the library',
};

/** Handlers that the C and C++ libraries keep one of; setting it again undoes it. */
export const SETTERS: Resource = {
  kind: 'unload.callback',
  noun: ['handler kept by a library', 'handlers kept by libraries'],
  made: [
    ...['_ZSt13set_terminatePFvvE', '_ZSt15set_new_handlerPFvvE', '_ZSt14set_unexpectedPFvvE'],
    ...['putenv', 'register_printf_function', 'register_printf_specifier'],
  ],
  undone: [],
  never: { open: 'warning', use: 'warning', possible: 'note' },
  inUse: { open: 'note', use: 'note', possible: undefined },
  unread: 'note',
  fix: 'put the former handler back in a destructor of the library',
};

export const RESOURCES: readonly Resource[] = [
  THREAD_KEYS,
  THREADS,
  EXIT_HANDLERS,
  SIGNAL_HANDLERS,
  OPENED_LIBRARIES,
  DESCRIPTORS,
  MAPPINGS,
  MEMORY,
  TIMERS,
  SETTERS,
];
