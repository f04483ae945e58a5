import type { Finding } from '../../model/index.ts';
import { derivePrefixes } from './c-prefix.ts';
import { isMangled } from './exported-symbols.ts';
import { counted, nameEvidence, namesOf, shortList } from './finding-text.ts';
import type { ExportingObject } from './library.ts';

/** Too few names show no habit. */
const FEWEST_NAMES = 4;

/**
 * C names without the library's prefix. A prefix that the user states is a rule, one that is derived a habit:
 * warning and note. The names of a plugin, which has no soname, are dictated by its host.
 */
export function unprefixedFindings(
  { own, name, path, object, isSystem, isProgram }: ExportingObject,
  stated: readonly string[],
): Finding[] {
  if (isProgram || isSystem) return [];
  const names = namesOf(own.filter((symbol) => !isMangled(symbol.name)));
  const finding = (strays: readonly string[], severity: Finding['severity'], what: string): Finding => ({
    kind: 'exports.unprefixed',
    severity,
    message: `${name}: ${strays.length} of ${counted(names.length, 'C name')} ${what}: ${shortList(strays)}`,
    subject: name,
    object: path,
    evidence: nameEvidence(strays),
    fix: 'give what users call a prefix of its own, and hide the rest (static, -fvisibility=hidden, or a version script)',
  });
  if (stated.length > 0) {
    const strays = names.filter((symbol) => !stated.some((prefix) => symbol.startsWith(prefix)));
    return strays.length === 0
      ? []
      : [finding(strays, 'warning', `without the prefix ${stated.join(' or ')}`)];
  }
  if (object.soname === undefined || names.length < FEWEST_NAMES) return [];
  const convention = derivePrefixes(names, object.soname);
  if (convention === undefined) return [finding(names, 'note', 'share no prefix')];
  const { prefixes, strays } = convention;
  if (strays.length === 0) return [];
  return [finding(strays, 'note', `depart from the usual prefixes (${shortList(prefixes)})`)];
}
