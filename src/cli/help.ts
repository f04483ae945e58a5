import { PLAIN, type Style } from '../report/style.ts';

export interface Example {
  /** The command line as somebody would type it, `solder` included. */
  readonly command: string;
  /** What it shows, without a full stop. */
  readonly does: string;
}

interface Documented {
  readonly brief: string;
  readonly placeholder?: string;
  readonly default?: unknown;
  readonly optional?: boolean;
}

interface DocumentedFlag extends Documented {
  readonly kind: string;
  readonly hidden?: boolean;
  readonly variadic?: unknown;
}

/** The part of a command's parameters that its help shows; the parser's own type is a superset. */
export interface DocumentedParameters {
  readonly flags: Readonly<Record<string, DocumentedFlag>>;
  readonly aliases: Readonly<Record<string, string>>;
  readonly positional:
    | { readonly kind: 'tuple'; readonly parameters: readonly Documented[] }
    | { readonly kind: 'array'; readonly parameter: Documented; readonly minimum?: number };
}

interface Described {
  readonly description: string;
  readonly examples: readonly Example[];
}

/** A left side longer than this gets a line of its own. */
const COLUMN = 26;

const kebabCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function entry(left: string, right: string, style: Style): string[] {
  const painted = `  ${style.bold(left)}`;
  if (left.length > COLUMN - 2) return [painted, `  ${' '.repeat(COLUMN)}${right}`];
  return [`${painted}${' '.repeat(COLUMN - left.length)}${right}`];
}

function positionals({ positional }: DocumentedParameters): { usage: string; name: string; brief: string }[] {
  if (positional.kind === 'array') {
    const { placeholder: name = 'ARGUMENT', brief } = positional.parameter;
    return [{ usage: (positional.minimum ?? 0) > 0 ? `${name}...` : `[${name}...]`, name, brief }];
  }
  return positional.parameters.map(({ placeholder: name = 'ARGUMENT', brief, optional }) => ({
    usage: optional ? `[${name}]` : name,
    name,
    brief,
  }));
}

/**
 * The options a flag gives, as they are typed. A switch that is on by default is only ever turned off, so it
 * shows as `--no-…`, and its summary tells what that does.
 */
export function optionName(
  name: string,
  { kind, default: preset }: Pick<DocumentedFlag, 'kind' | 'default'>,
): string {
  return `--${kind === 'boolean' && preset === true ? 'no-' : ''}${kebabCase(name)}`;
}

function flagEntry(name: string, flag: DocumentedFlag, alias: string | undefined, style: Style): string[] {
  const short = alias === undefined ? '   ' : `-${alias},`;
  const value = flag.kind === 'boolean' || flag.kind === 'counter' ? '' : ` ${flag.placeholder ?? 'VALUE'}`;
  const preset = typeof flag.default === 'string' ? `; default ${flag.default}` : '';
  return entry(`${short} ${optionName(name, flag)}${value}`, flag.brief + preset, style);
}

/** The page that `solder COMMAND --help` prints. */
export function renderCommandHelp(
  command: string,
  { description, examples }: Described,
  parameters: DocumentedParameters,
  style: Style = PLAIN,
): string {
  const operands = positionals(parameters);
  const lines = [
    `${style.bold('Usage:')} solder ${[command, '[OPTIONS]', ...operands.map(({ usage }) => usage)].join(' ')}`,
    '',
    description,
  ];
  if (operands.length > 0) {
    lines.push('', style.bold('Arguments:'));
    for (const { name, brief } of operands) lines.push(...entry(name, brief, style));
  }
  lines.push('', style.bold('Options:'));
  for (const [name, flag] of Object.entries(parameters.flags)) {
    if (flag.hidden) continue;
    const alias = Object.entries(parameters.aliases).find(([, target]) => target === name)?.[0];
    lines.push(...flagEntry(name, flag, alias, style));
  }
  lines.push(...entry('-h, --help', 'Show this page', style));
  lines.push('', style.bold('Examples:'));
  for (const example of examples) lines.push(`  ${example.command}`, `      ${style.dim(example.does)}`);
  return `${lines.join('\n')}\n`;
}

/** The page that `solder --help` prints. */
export function renderOverview(
  commands: readonly { readonly name: string; readonly brief: string }[],
  style: Style = PLAIN,
): string {
  const width = Math.max(...commands.map(({ name }) => name.length)) + 2;
  return `solder tells what an ELF shared library will do in a process before the loader does it.

${style.bold('Usage:')} solder COMMAND [OPTIONS] [ARGUMENTS]

${style.bold('Commands:')}
${commands.map(({ name, brief }) => `  ${style.bold(name)}${' '.repeat(width - name.length)}${brief}`).join('\n')}

${style.bold('Options:')}
  ${style.bold('-h, --help')}     Show this page; after a command, its options and examples
  ${style.bold('-V, --version')}  Show the version

${style.bold('Exit status:')}
  0  nothing at or above the threshold (--fail-on)
  1  findings; or: incompatible, a leak, a missed prediction
  2  wrong usage
  3  an input could not be read
  4  a fault of solder itself
`;
}
