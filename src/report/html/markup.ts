import { printable } from '../printable.ts';

/** Text that is HTML already. Everything else is escaped when it is put into HTML. */
export class Markup {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Noncharacters and lone surrogates, which an HTML document must not have (HTML, section 13.2.3.5). */
const FORBIDDEN = /\p{Noncharacter_Code_Point}|\p{Surrogate}/gu;

/** Text as HTML shows it, in elements and in quoted attributes; control characters are spelled out. */
function escapeHtml(text: string): string {
  return printable(text)
    .replace(/[&<>"']/g, (character) => ESCAPES[character]!)
    .replace(FORBIDDEN, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

type Part = string | number | Markup | readonly Part[];

function put(part: Part): string {
  if (part instanceof Markup) return part.source;
  if (typeof part === 'object') return part.map(put).join('');
  return typeof part === 'number' ? String(part) : escapeHtml(part);
}

/** HTML as it is written, with what stands in `${}` escaped, unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(
    strings.map((text, index) => text + (index < parts.length ? put(parts[index]!) : '')).join(''),
  );
}
