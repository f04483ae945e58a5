import type { CureFacts, CureVerdict } from '../../analyses/guard/index.ts';
import { quantity, type ResourceFacts, type SoakFacts } from '../../analyses/soak/index.ts';
import type { Report } from '../../model/index.ts';
import { printable } from '../printable.ts';
import { sparkline } from '../soak/chart.ts';
import type { Style } from '../style.ts';

const CHART = 48;

/** The verdict, and the curves of the keys, and of whatever else either plugin loses. */
export function renderCure({ facts, verdict }: Report<CureFacts>, style: Style): string {
  const judged = verdict as CureVerdict;
  const { before, after } = facts;
  const paint = { cured: style.green, 'not-cured': style.red, 'nothing-to-cure': style.yellow }[judged];
  const lines = [`${printable(after.path)}: ${paint(style.bold(judged))}`];
  for (const [index, earlier] of before.resources.entries()) {
    const later = after.resources[index]!;
    if (earlier.name !== 'keys' && !earlier.leaks && !later.leaks) continue;
    lines.push('', `  ${style.bold(earlier.name)}`);
    lines.push(curve('before', [before, earlier], [after, later], style));
    lines.push(curve('after', [after, later], [before, earlier], style));
  }
  return `${lines.join('\n')}\n`;
}

type Soaked = readonly [SoakFacts, ResourceFacts];

/** Both curves have one scale. */
function curve(title: string, [facts, resource]: Soaked, other: Soaked, style: Style): string {
  const { rounds, death } = facts;
  const { unit, first, last, leaks } = resource;
  const chart = sparkline(seriesOf(facts, resource), CHART, seriesOf(...other));
  const [from, to] = [first, last].map((value) => (value === null ? '?' : quantity(value, unit)));
  const end = death === null ? `${rounds.done} rounds` : `died in round ${death.round}`;
  return `    ${style.dim(title.padEnd(6))}  ${(leaks ? style.red : style.green)(chart.padEnd(CHART))}  ${from} → ${to}, ${end}`;
}

/** Of mappings the bytes where these are what grows. */
const seriesOf = ({ series }: SoakFacts, { name, unit }: ResourceFacts) =>
  series[name === 'mappings' && unit === 'bytes' ? 'mappedBytes' : name];
