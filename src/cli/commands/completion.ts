import { oneOf } from '../common-flags.ts';
import { defineCommand } from '../define-command.ts';
import { EXIT } from '../exit-status.ts';

/** Each asks the command that stands on the line for the words, so that the script fits every release. */
const SCRIPTS = {
  bash: `# Completes solder's command lines; load it with: eval "$(solder completion bash)"
_solder() {
  local IFS=$'\\n'
  COMPREPLY=($("\${COMP_WORDS[0]}" --complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o bashdefault -o default -F _solder solder
`,
  // A function file of fpath, which runs when it completes for the first time, or text for eval.
  zsh: `#compdef solder
# Completes solder's command lines; load it with: eval "$(solder completion zsh)"
_solder() {
  local -a found
  found=("\${(@f)$("\${(Q)words[1]}" --complete "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  found=(\${found:#})
  if (( $#found )); then compadd -- $found; else _files; fi
}
if [[ \${funcstack[1]} == _solder ]]; then _solder "$@"; else compdef _solder solder; fi
`,
  fish: `# Completes solder's command lines; load it with: solder completion fish | source
function __solder_complete
    set -l words (commandline -opc)
    set -l found ($words[1] --complete $words[2..-1] (commandline -ct) 2>/dev/null)
    if set -q found[1]
        printf '%s\\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c solder -f -a '(__solder_complete)'
`,
} as const;

const SHELLS = Object.keys(SCRIPTS) as (keyof typeof SCRIPTS)[];

export const command = defineCommand<Record<never, never>, [keyof typeof SCRIPTS]>({
  description: `Prints a script for the shell that completes commands, options and their values.
File names are completed as the shell does it by itself.`,
  examples: [
    { command: 'eval "$(solder completion bash)"', does: 'Complete in this shell' },
    {
      command: 'solder completion bash > ~/.local/share/bash-completion/completions/solder',
      does: 'Complete in every new shell',
    },
    { command: 'solder completion zsh > ~/.zfunc/_solder', does: 'The same for zsh, in a folder of fpath' },
  ],
  formats: ['text'],
  flags: {},
  positional: {
    kind: 'tuple',
    parameters: [
      {
        placeholder: 'SHELL',
        brief: 'bash, zsh or fish',
        parse: oneOf(SHELLS),
        proposeCompletions: () => SHELLS,
      },
    ],
  },
  run({ output }, _flags, shell) {
    output.write(SCRIPTS[shell]);
    return EXIT.success;
  },
});
