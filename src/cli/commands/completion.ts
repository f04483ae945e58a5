import { oneOf } from '../common-flags.ts';
import { defineCommand } from '../define-command.ts';
import { EXIT } from '../exit-status.ts';

const BASH = `# Completes solder's command lines; load it with: eval "$(solder completion bash)"
_solder() {
  local IFS=$'\\n'
  COMPREPLY=($("\${COMP_WORDS[0]}" --complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o bashdefault -o default -F _solder solder
`;

export const command = defineCommand<Record<never, never>, ['bash']>({
  description: `Prints a script for the shell that completes commands, options and their values.
File names are completed as the shell does it by itself.`,
  examples: [
    { command: 'eval "$(solder completion bash)"', does: 'Complete in this shell' },
    {
      command: 'solder completion bash > ~/.local/share/bash-completion/completions/solder',
      does: 'Complete in every new shell',
    },
  ],
  formats: ['text'],
  flags: {},
  positional: {
    kind: 'tuple',
    parameters: [
      {
        placeholder: 'SHELL',
        brief: 'bash',
        parse: oneOf(['bash']),
        proposeCompletions: () => ['bash'],
      },
    ],
  },
  run({ output }) {
    output.write(BASH);
    return EXIT.success;
  },
});
