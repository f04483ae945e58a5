import { html, type Markup } from './markup.ts';

/** Rows of tables and lists that a page shows; what is more is counted, and stands in the JSON report. */
const MAX_ROWS = 4000;
/** Of one table or list. */
const MAX_ROWS_OF_ONE = 500;
/** A report of solder nests a third as deep. */
const MAX_DEPTH = 24;
/** Up to so many records are unfolded. */
const FEW_RECORDS = 3;
/** Longer lists of words stand one below the other. */
const MAX_INLINE = 80;

type Value = unknown;
type Row = Readonly<Record<string, Value>>;

/** How many rows a page may still show. */
interface Room {
  rows: number;
}

/**
 * The facts of any command, by their shape alone: what is one value stands beside its name, rows of values are a
 * table, and a row that has rows of its own is a record with parts.
 */
export function factsMarkup(facts: Value): Markup {
  return valueMarkup(facts, { rows: MAX_ROWS }, 0);
}

const isRow = (value: Value): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isScalar = (value: Value): boolean => typeof value !== 'object' || value === null;
const shownEntries = (row: Row) => Object.entries(row).filter(([, value]) => value !== undefined);

/** `boundTo` is `bound to`; what is no key of ours, such as a path, stays. */
function words(key: string): string {
  if (!/^[a-z][a-zA-Z0-9]*$/.test(key)) return key;
  return key.replace(/[A-Z]+/g, (capitals) => ` ${capitals.toLowerCase()}`);
}

/** Whether a value has rows of its own, so that it does not fit into a line. */
const hasRows = (value: Value): boolean =>
  Array.isArray(value) ? value.some((item) => !isScalar(item)) : isRow(value);

function valueMarkup(value: Value, room: Room, depth: number): Markup {
  if (depth > MAX_DEPTH) return html`<span class="rest">nested too deeply for a page</span>`;
  if (Array.isArray(value)) return listMarkup(value, room, depth);
  if (isRow(value)) return partsMarkup(value, room, depth);
  return scalarMarkup(value);
}

function scalarMarkup(value: Value): Markup {
  if (value === null || value === undefined) return html`<span class="none">–</span>`;
  if (typeof value === 'boolean') return html`${value ? 'yes' : 'no'}`;
  if (typeof value === 'number') return html`<data>${value}</data>`;
  return html`<code>${String(value)}</code>`;
}

/** What fits into a line, beside its name, and below the rest with a heading for each. */
function partsMarkup(row: Row, room: Room, depth: number): Markup {
  const entries = shownEntries(row);
  if (entries.length === 0) return html`<span class="none">–</span>`;
  const terms = take(
    entries.filter(([, value]) => !hasRows(value)),
    room,
  );
  const parts = entries.filter(([, value]) => hasRows(value));
  return html`${
    terms.length === 0
      ? ''
      : html`<dl>${terms.map(
          ([key, value]) =>
            html`<div><dt>${words(key)}</dt><dd>${valueMarkup(value, room, depth + 1)}</dd></div>
`,
        )}</dl>`
  }${parts.map(
    ([key, value]) => html`<p class="part">${words(key)}${
      Array.isArray(value) ? html` <span class="count">${value.length}</span>` : ''
    }</p>
<div class="inner">${valueMarkup(value, room, depth + 1)}</div>
`,
  )}`;
}

function listMarkup(items: readonly Value[], room: Room, depth: number): Markup {
  if (items.length === 0) return html`<span class="none">none</span>`;
  if (items.every(isRow))
    return isTable(items) ? tableMarkup(items, room, depth) : recordsMarkup(items, room, depth);
  const inline = items.every(isScalar) && items.join(', ').length <= MAX_INLINE;
  if (inline) return html`${items.map((item, at) => html`${at === 0 ? '' : ', '}${scalarMarkup(item)}`)}`;
  const shown = take(items, room);
  return html`<ul>${shown.map((item) => html`<li>${valueMarkup(item, room, depth + 1)}</li>`)}</ul>${restMarkup(items.length - shown.length)}`;
}

/** Rows that can be compared column by column: nearly all of their values fit into a line. */
function isTable(rows: readonly Row[]): boolean {
  const nested = new Set(
    rows.flatMap((row) =>
      shownEntries(row)
        .filter(([, value]) => hasRows(value))
        .map(([key]) => key),
    ),
  );
  return nested.size === 0 || (nested.size === 1 && rows.length > FEW_RECORDS);
}

function recordsMarkup(rows: readonly Row[], room: Room, depth: number): Markup {
  const shown = take(rows, room);
  const open = rows.length <= FEW_RECORDS ? html` open` : html``;
  return html`${shown.map(
    (row) => html`<details class="record"${open}><summary>${titleOf(row)}</summary>
${partsMarkup(row, room, depth + 1)}</details>
`,
  )}${restMarkup(rows.length - shown.length)}`;
}

function tableMarkup(rows: readonly Row[], room: Room, depth: number): Markup {
  const shown = take(rows, room);
  const columns = [...new Set(shown.flatMap((row) => shownEntries(row).map(([key]) => key)))];
  if (columns.length === 0) return restMarkup(rows.length);
  const numeric = new Set(
    columns.filter((column) => shown.every((row) => ['number', 'undefined'].includes(typeof row[column]))),
  );
  const mark = (column: string) => (numeric.has(column) ? html` class="number"` : html``);
  return html`<div class="wide"><table>
<thead><tr>${columns.map((column) => html`<th scope="col"${mark(column)}>${words(column)}</th>`)}</tr></thead>
<tbody>
${shown.map(
  (row) =>
    html`<tr>${columns.map((column) => html`<td${mark(column)}>${cellMarkup(row[column], room, depth + 1)}</td>`)}</tr>
`,
)}</tbody></table></div>${restMarkup(rows.length - shown.length)}`;
}

/** A value in a row of a table: what has rows of its own can be folded out. */
function cellMarkup(value: Value, room: Room, depth: number): Markup {
  if (!hasRows(value)) return valueMarkup(value, room, depth);
  const summary = Array.isArray(value) ? String(value.length) : titleOf(value as Row);
  return html`<details><summary>${summary}</summary>${valueMarkup(value, room, depth)}</details>`;
}

/** The first text in an object tells what it is. */
function titleOf(row: Row): string {
  const found = Object.values(row).find((value) => typeof value === 'string' && value !== '');
  return typeof found === 'string' ? found : Object.keys(row).map(words).join(', ') || '–';
}

function take<T>(items: readonly T[], room: Room): readonly T[] {
  const shown = items.slice(0, Math.min(MAX_ROWS_OF_ONE, Math.max(room.rows, 0)));
  room.rows -= shown.length;
  return shown;
}

function restMarkup(rest: number): Markup {
  if (rest === 0) return html``;
  return html`<p class="rest">… and ${rest} more, in the JSON report</p>`;
}
