import type { UnnamedCommand } from './define-command.ts';

export interface CommandEntry {
  readonly name: string;
  /** One line for the overview, without a full stop. */
  readonly brief: string;
  /** The command's module is loaded only when the command is the one that was asked for. */
  readonly load: () => Promise<{ readonly command: UnnamedCommand }>;
}

/** All commands, in the order in which the overview shows them. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'check',
    brief: 'Say what will go wrong: every analysis that fits, one report',
    load: () => import('./commands/check.ts'),
  },
  {
    name: 'inspect',
    brief: 'Show what is in a file: identity, needs, exports, imports, initialisers',
    load: () => import('./commands/inspect.ts'),
  },
  {
    name: 'deps',
    brief: 'Show what will be loaded, from where, and why',
    load: () => import('./commands/deps.ts'),
  },
  {
    name: 'bind',
    brief: 'Show for every reference the definition it gets',
    load: () => import('./commands/bind.ts'),
  },
  {
    name: 'conflicts',
    brief: 'Find names that more than one object of a process defines',
    load: () => import('./commands/conflicts.ts'),
  },
  {
    name: 'unload',
    brief: 'Tell whether dlclose unloads a plugin, and what stays behind',
    load: () => import('./commands/unload.ts'),
  },
  {
    name: 'guard',
    brief: 'Keep plugins from losing thread keys: what helps, and the means for it',
    load: () => import('./commands/guard.ts'),
  },
  {
    name: 'soak',
    brief: 'Open, call and close a plugin again and again: what is lost, and who made it',
    load: () => import('./commands/soak.ts'),
  },
  {
    name: 'release',
    brief: 'Check sonames, versions and links of libraries, and make the links',
    load: () => import('./commands/release.ts'),
  },
  {
    name: 'diff',
    brief: 'Compare two builds of a library: verdict, required version bump, soname',
    load: () => import('./commands/diff.ts'),
  },
  {
    name: 'snapshot',
    brief: 'Write the interface of a library as text that diff takes',
    load: () => import('./commands/snapshot.ts'),
  },
  {
    name: 'script',
    brief: 'Test, lint, format and write version scripts',
    load: () => import('./commands/script.ts'),
  },
  {
    name: 'trace',
    brief: 'Show what the dynamic loader does in a running program, step by step',
    load: () => import('./commands/trace.ts'),
  },
  {
    name: 'load',
    brief: 'Open a library, call functions in it, close it: predicted beside observed',
    load: () => import('./commands/load.ts'),
  },
  {
    name: 'lab',
    brief: 'Run the experiments: predicted beside observed',
    load: () => import('./commands/lab.ts'),
  },
  {
    name: 'demangle',
    brief: 'Show mangled names of C++ and Rust as a person would write them',
    load: () => import('./commands/demangle.ts'),
  },
  {
    name: 'view',
    brief: 'Show a saved report as a page for a browser',
    load: () => import('./commands/view.ts'),
  },
  {
    name: 'explain',
    brief: 'Explain a kind of finding: what it means and how to mend it',
    load: () => import('./commands/explain.ts'),
  },
  {
    name: 'completion',
    brief: 'Print the script that completes command lines in a shell',
    load: () => import('./commands/completion.ts'),
  },
];
