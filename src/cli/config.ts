import { existsSync, readFileSync } from 'node:fs';
import type { Document, LineCounter, Node, Pair, YAMLMap } from 'yaml';
import { FINDING_KINDS, matchesKind, type Suppression } from '../model/index.ts';
import { systemMessage, UsageError } from './errors.ts';
import { FAIL_ON, type FailOn } from './exit-status.ts';
import { didYouMean } from './suggest.ts';

/** What a configuration file may say. */
export interface Config {
  readonly failOn?: FailOn;
  readonly suppress: readonly Suppression[];
}

const DEFAULT_FILES = ['.solder.yaml', 'solder.yaml'];
const KEYS = ['fail-on', 'suppress'];
const SUPPRESSION_KEYS = ['kind', 'subject', 'object', 'reason'];

/**
 * Reads the given file, or the first of the default ones in the working directory, or nothing. An error
 * names the file, the line and the key.
 */
export async function loadConfig(path: string | undefined): Promise<Config> {
  const file = path ?? DEFAULT_FILES.find((name) => existsSync(name));
  if (file === undefined) return { suppress: [] };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`--config ${file}: ${systemMessage(error)}`);
  }
  return parseConfig(file, text, await import('yaml'));
}

type Yaml = typeof import('yaml');

/** One file while it is being read: where a message about a node points to. */
interface Reading {
  readonly yaml: Yaml;
  readonly file: string;
  readonly lines: LineCounter;
}

function parseConfig(file: string, text: string, yaml: Yaml): Config {
  const lines = new yaml.LineCounter();
  const reading: Reading = { yaml, file, lines };
  const document: Document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error !== undefined) {
    throw new UsageError(`${file}:${lines.linePos(error.pos[0]).line}: ${error.message}`);
  }
  if (document.contents === null) return { suppress: [] };
  const map = asMap(reading, document.contents, 'the file', KEYS);
  const failOn = map.get('fail-on', true);
  const suppress = map.get('suppress', true);
  return {
    ...(failOn === undefined ? {} : { failOn: readFailOn(reading, failOn) }),
    suppress: suppress === undefined ? [] : readSuppressions(reading, suppress),
  };
}

function fail({ file, lines }: Reading, node: unknown, message: string): never {
  const offset = (node as Partial<Node> | null)?.range?.[0] ?? 0;
  throw new UsageError(`${file}:${lines.linePos(offset).line}: ${message}`);
}

function asMap(reading: Reading, node: unknown, where: string, keys: readonly string[]): YAMLMap {
  if (!reading.yaml.isMap(node))
    fail(reading, node, `${where} must be a map with the keys ${keys.join(', ')}`);
  for (const { key } of node.items as Pair<Node, Node>[]) {
    const name = String(key);
    if (keys.includes(name)) continue;
    const hint = didYouMean(name, keys) || `, expected ${keys.join(', ')}`;
    fail(reading, key, `${where === 'the file' ? '' : `${where}.`}${name}: unknown key${hint}`);
  }
  return node;
}

function asString(reading: Reading, node: unknown, key: string): string {
  if (!reading.yaml.isScalar(node) || typeof node.value !== 'string') {
    return fail(reading, node, `${key}: expected a string`);
  }
  return node.value;
}

function readFailOn(reading: Reading, node: unknown): FailOn {
  const value = asString(reading, node, 'fail-on');
  const found = FAIL_ON.find((severity) => severity === value);
  if (found !== undefined) return found;
  const hint = didYouMean(value, FAIL_ON) || `, expected ${FAIL_ON.join(', ')}`;
  return fail(reading, node, `fail-on: '${value}' is none of its values${hint}`);
}

function readSuppressions(reading: Reading, node: unknown): readonly Suppression[] {
  if (!reading.yaml.isSeq(node)) return fail(reading, node, 'suppress: expected a list');
  return node.items.map((item, index) => readSuppression(reading, item, `suppress[${index}]`));
}

function readSuppression(reading: Reading, node: unknown, where: string): Suppression {
  const map = asMap(reading, node, where, SUPPRESSION_KEYS);
  const optional = (key: string): string | undefined => {
    const value = map.get(key, true);
    return value === undefined ? undefined : asString(reading, value, `${where}.${key}`);
  };
  const required = (key: string, why: string): string => {
    const value = optional(key)?.trim();
    if (value === undefined || value === '')
      fail(reading, map.get(key, true) ?? node, `${where}.${key}: ${why}`);
    return value;
  };
  const kind = required('kind', 'is missing: say which kind of finding to suppress');
  checkKind(reading, map.get('kind', true), `${where}.kind`, kind);
  const reason = required('reason', 'is missing: say why the finding is accepted');
  const subject = optional('subject');
  const object = optional('object');
  return {
    kind,
    ...(subject === undefined ? {} : { subject }),
    ...(object === undefined ? {} : { object }),
    reason,
  };
}

function checkKind(reading: Reading, node: unknown, key: string, kind: string): void {
  const kinds = Object.keys(FINDING_KINDS);
  if (kinds.some((known) => matchesKind(kind, known))) return;
  const prefixes = new Set(kinds.map((known) => `${known.split('.')[0]}.*`));
  const hint = didYouMean(kind, [...kinds, ...prefixes]) || '; solder explain lists them';
  fail(reading, node, `${key}: no kind of finding is called '${kind}'${hint}`);
}
