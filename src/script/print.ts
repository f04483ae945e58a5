import type { Comment, Commented, Entry, Section, VersionNode, VersionScript } from './ast.ts';

const STEP = '  ';

/**
 * The script in one form: a name a line, two blanks a level, a blank line between nodes; comments and single
 * blank lines stay. Printing what was parsed from a printed script gives the same text. ld.bfd and ld.gold
 * read both alike; `global:foo` becomes `global: foo`, which also ld.lld reads as meant.
 */
export function printScript(script: Pick<VersionScript, 'nodes' | 'end'>): string {
  const lines = new Lines();
  script.nodes.forEach((node, index) => {
    printNode(node, index === 0, lines);
  });
  lines.comments(script.end, '', false);
  return lines.text();
}

class Lines {
  private readonly lines: string[] = [];

  /** Comments before something at `indent`; the first may belong to the line before. */
  comments(comments: readonly Comment[], indent: string, gapWanted: boolean): void {
    for (const [index, { text, trailing, gap }] of comments.entries()) {
      if (trailing && this.lines.length > 0) this.lines.push(`${this.lines.pop()} ${text}`);
      else {
        const isFirst = index === 0 || (index === 1 && comments[0]!.trailing);
        if (gap || (gapWanted && isFirst)) this.gap();
        this.lines.push(indent + text);
      }
    }
  }

  gap(): void {
    if (this.lines.length > 0 && this.lines.at(-1) !== '') this.lines.push('');
  }

  push(line: string): void {
    this.lines.push(line);
  }

  /** What stands before a thing: its comments, and a blank line if there was or has to be one. */
  before({ comments, gap }: Commented, indent: string, gapWanted = false): void {
    this.comments(comments, indent, gapWanted);
    const own = comments.filter(({ trailing }) => !trailing);
    if (own.length === 0 ? gap || gapWanted : false) this.gap();
  }

  text(): string {
    return `${this.lines.join('\n')}\n`;
  }
}

function printNode(node: VersionNode, first: boolean, lines: Lines): void {
  lines.before(node, '', !first);
  lines.push(node.name === undefined ? '{' : `${node.name} {`);
  node.sections.forEach((section, index) => {
    printSection(section, index === 0, lines);
  });
  lines.comments(node.end, STEP, false);
  lines.push(['}', ...node.parents.map(({ name }) => name)].join(' ').concat(';'));
}

function printSection(section: Section, first: boolean, lines: Lines): void {
  const { label, entries } = section;
  if (label !== undefined) {
    lines.before(first ? { ...section, gap: false } : section, STEP);
    lines.push(`${STEP}${label}:`);
  }
  const indent = label === undefined ? STEP : STEP + STEP;
  printEntries(entries, indent, lines);
}

/** Blank lines at the start of a block go. */
function printEntries(entries: readonly Entry[], indent: string, lines: Lines): void {
  entries.forEach((entry, index) => {
    printEntry(index === 0 ? { ...entry, gap: false } : entry, indent, lines);
  });
}

function printEntry(entry: Entry, indent: string, lines: Lines): void {
  lines.before(entry, indent);
  if (entry.kind === 'name') {
    lines.push(`${indent}${entry.quoted ? `"${entry.text}"` : entry.text};`);
    return;
  }
  const language = entry.languageQuoted ? `"${entry.language}"` : entry.language;
  lines.push(`${indent}extern ${language} {`);
  printEntries(entry.entries, indent + STEP, lines);
  lines.comments(entry.end, indent + STEP, false);
  lines.push(`${indent}};`);
}
