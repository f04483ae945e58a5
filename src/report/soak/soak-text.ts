import {
  plainNumber,
  quantity,
  type ResourceFacts,
  type SeriesName,
  type SoakCommandFacts,
  type SoakFacts,
  type SoakVerdict,
} from '../../analyses/soak/index.ts';
import type { Report } from '../../model/index.ts';
import { printable } from '../printable.ts';
import type { Paint, Style } from '../style.ts';
import { renderTable } from '../table.ts';
import { sparkline } from './chart.ts';

const CHART = 40;
/** Results of the calls that are shown. */
const RESULTS = 4;

/** The verdict, each resource before and after, a chart for each that leaks. Who made what is in the findings. */
export function renderSoak({ facts, verdict }: Report<SoakCommandFacts>, style: Style): string {
  const judged = verdict as SoakVerdict;
  const paint = { clean: style.green, leak: style.red, died: style.red }[judged];
  const heading = `${printable(facts.path)}: ${paint(style.bold(judged))}\n`;
  const { before } = facts;
  if (before !== undefined) return heading + comparison(before, facts, style);
  return [
    heading,
    '\n',
    ...details(facts).map(([title, text]) => `  ${style.dim(title.padEnd(7))}  ${printable(text)}\n`),
    '\n',
    table(facts, style),
    charts(facts, style),
  ].join('');
}

function details({ rounds, entry, hostRuntime, stays, results }: SoakFacts): [string, string][] {
  const count = rounds.done < rounds.wanted ? `${rounds.done} of ${rounds.wanted}` : String(rounds.done);
  const what = entry === null ? 'dlopen, dlclose' : `dlopen, ${entry}, dlclose`;
  return [
    ['rounds', `${count}: ${what}`],
    ...(hostRuntime === null ? [] : [['host', hostRuntime] satisfies [string, string]]),
    ...(stays.length === 0 ? [] : [['stays', stays.join(', ')] satisfies [string, string]]),
    ...(results.length === 0 ? [] : [['result', resultText(results)] satisfies [string, string]]),
  ];
}

function resultText(results: SoakFacts['results']): string {
  const shown = results
    .slice(0, RESULTS)
    .map(({ from, value }) => (from === 1 ? value : `${value} from round ${from}`));
  return results.length > RESULTS ? `${shown.join(', ')}, …` : shown.join(', ');
}

function table({ resources }: SoakFacts, style: Style): string {
  return renderTable(
    [
      { title: 'RESOURCE' },
      { title: 'BEFORE', align: 'right' },
      { title: 'AFTER', align: 'right' },
      { title: 'A ROUND', align: 'right' },
      { title: 'LEAKS', paint: leakPaint(style) },
      { title: 'NONE LEFT IN ROUND' },
    ],
    resources
      .filter(({ first }) => first !== null)
      .map((resource) => [
        resource.name,
        amount(resource.first, resource),
        amount(resource.last, resource),
        amount(resource.growthPerRound, resource),
        leakText(resource),
        exhaustionText(resource),
      ]),
    style,
  );
}

/** The name of the resource tells what is counted, except for bytes. */
const amount = (value: number | null, { unit }: ResourceFacts): string =>
  value === null ? '' : unit === 'bytes' ? quantity(value, unit) : plainNumber(value);

const leakPaint =
  ({ red, yellow, dim }: Style): Paint =>
  (text) =>
    (text === 'no' ? dim : text === 'yes' ? red : yellow)(text);

const leakText = ({ leaks, follows }: ResourceFacts): string =>
  !leaks ? 'no' : follows === null ? 'yes' : `with ${follows}`;

/** Libraries of C with the same round stand together: `1025 glibc, 129 musl bionic ohos`. */
function exhaustionText({ exhaustedAtRound }: ResourceFacts): string {
  const byRound = Map.groupBy(Object.entries(exhaustedAtRound), ([, round]) => round);
  return [...byRound]
    .flatMap(([round, libcs]) =>
      round === null ? [] : [`${round} ${libcs.map(([libc]) => libc).join(' ')}`],
    )
    .join(', ');
}

/** One series for each resource; of mappings the bytes where these are what grows. */
const seriesOf = ({ name, unit }: ResourceFacts): SeriesName =>
  name === 'mappings' && unit === 'bytes' ? 'mappedBytes' : name;

function charts({ resources, series }: SoakFacts, style: Style): string {
  const leaking = resources.filter(({ leaks }) => leaks);
  if (leaking.length === 0) return '';
  const width = Math.max(...leaking.map(({ name }) => name.length));
  const lines = leaking.map((resource) => {
    const chart = sparkline(series[seriesOf(resource)], CHART);
    const { name, unit, first, last } = resource;
    return `  ${name.padEnd(width)}  ${style.cyan(chart)}  ${quantity(first!, unit)} → ${quantity(last!, unit)}\n`;
  });
  return `\n${lines.join('')}`;
}

/** Both plugins, resource by resource. */
function comparison(before: SoakFacts, after: SoakFacts, style: Style): string {
  const rows = after.resources.map((resource, index): string[] => {
    const earlier = before.resources[index]!;
    return [
      resource.name,
      amount(earlier.growthPerRound, earlier),
      leakText(earlier),
      amount(resource.growthPerRound, resource),
      leakText(resource),
    ];
  });
  const paint = leakPaint(style);
  const ends = [before, after].flatMap(({ path, death }) =>
    death === null ? [] : [`  ${printable(path)}: ended in round ${death.round}\n`],
  );
  return `\n  before: ${printable(before.path)}, ${before.rounds.done} rounds\n  after:  ${printable(after.path)}, ${after.rounds.done} rounds\n${ends.join('')}\n${renderTable(
    [
      { title: 'RESOURCE' },
      { title: 'BEFORE, A ROUND', align: 'right' },
      { title: 'LEAKS', paint },
      { title: 'AFTER, A ROUND', align: 'right' },
      { title: 'LEAKS', paint },
    ],
    rows,
    style,
  )}`;
}
