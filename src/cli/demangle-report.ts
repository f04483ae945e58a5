import {
  type DemangleOptions,
  type Description,
  demangle,
  describe,
  type JsonNode,
  parse,
  toJson,
} from '../demangle/index.ts';
import { makeReport } from '../model/index.ts';
import { writeJson } from '../report/json.ts';
import type { Context } from './context.ts';
import { VERSION } from './version.ts';

/** One name, what it reads as, and what it says of its symbol. */
interface NameFacts {
  readonly name: string;
  readonly demangled: string;
  /** Why it comes back unchanged. */
  readonly reason?: string;
  readonly description?: Description;
  readonly ast?: JsonNode;
}

function nameFacts(name: string, options: DemangleOptions): NameFacts {
  const parsed = parse(name, options.style);
  if (!('ast' in parsed))
    return { name, demangled: name, reason: `${parsed.reason} at character ${parsed.offset}` };
  const ast = toJson(parsed.ast);
  return {
    name,
    demangled: demangle(name, options),
    description: describe(parsed.ast),
    ...(ast === undefined ? {} : { ast }),
  };
}

/** Writes what is known of the names as json; `targets`: those that the command line gave. */
export function writeDemangleReport(
  { command, output }: Context,
  targets: readonly string[],
  names: readonly string[],
  options: DemangleOptions,
): void {
  const facts = { names: names.map((mangled) => nameFacts(mangled, options)) };
  const none = { findings: [], diagnostics: [], suppressions: [], looksFor: [] };
  const report = makeReport({ command, targets, facts, ...none, version: VERSION });
  writeJson(report, (chunk) => output.write(chunk));
}
