import { Value } from 'typebox/value';
import { type Report, SCHEMA_VERSION } from '../model/index.ts';
import { ReportShape } from './schema.ts';

/** Why a text is no report that this solder can show. */
export class NoReport extends Error {}

/** A report from its JSON text, of which everything but the facts is checked. Throws `NoReport`. */
export function readReport(text: string): Report {
  const value = parseJson(text);
  const version = (value as { readonly schemaVersion?: unknown } | null)?.schemaVersion;
  if (version === undefined) throw new NoReport('no report of solder: it has no schemaVersion');
  if (version !== SCHEMA_VERSION)
    throw new NoReport(`a report of schema version ${String(version)}, and only ${SCHEMA_VERSION} is known`);
  if (Value.Check(ReportShape, value)) return value as Report;
  const [error] = Value.Errors(ReportShape, value);
  throw new NoReport(
    `no report of solder: ${error?.instancePath || 'the whole'} ${error?.message ?? 'is wrong'}`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new NoReport(`no JSON: ${(error as Error).message}`);
  }
}
