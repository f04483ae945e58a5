import type { Finding } from '../../model/index.ts';
import { bySeries, type Observation } from './observation.ts';
import { judgeResources } from './resources.ts';
import type { ResultRun, SoakFacts, SoakVerdict } from './soak-facts.ts';
import { soakFindings } from './soak-findings.ts';

/** More changes of the result than this are no signs of anything. */
const MOST_RESULTS = 10;

/** What the rounds prove. */
export function analyseSoak(observation: Observation): {
  facts: SoakFacts;
  findings: Finding[];
  verdict: SoakVerdict;
} {
  const { path, entry, hostRuntime, rounds, series, death, stays } = observation;
  const resources = judgeResources(observation);
  const facts: SoakFacts = {
    path,
    entry,
    hostRuntime,
    rounds: { wanted: rounds, done: Math.max(0, series.keys.length - 1) },
    resources,
    death,
    stays,
    results: resultRuns(observation.results),
    series: bySeries((name) => series[name].map((value) => (Number.isNaN(value) ? null : value))),
  };
  const verdict = death !== null ? 'died' : resources.some(({ leaks }) => leaks) ? 'leak' : 'clean';
  return { facts, findings: soakFindings(facts, observation), verdict };
}

function resultRuns(results: readonly string[]): ResultRun[] {
  const runs: ResultRun[] = [];
  for (const [index, value] of results.entries()) {
    if (runs.at(-1)?.value !== value) runs.push({ from: index + 1, value });
    if (runs.length === MOST_RESULTS) break;
  }
  return runs;
}
