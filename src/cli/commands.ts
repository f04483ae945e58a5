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
