import { type AdviceFacts, type Cures, lostText } from '../../analyses/guard/index.ts';
import { LIBC_RULES } from '../../analyses/unload/index.ts';
import type { Report } from '../../model/index.ts';
import { printable } from '../printable.ts';
import type { Paint, Style } from '../style.ts';

/** The plan that fits best, what is lost, and every plan with what it cures, needs and costs. */
export function renderAdvice({ facts, verdict }: Report<AdviceFacts>, style: Style): string {
  const { path, recommended, reason, losers, libc, plans } = facts;
  const title = verdict === 'none' ? style.green('nothing to do') : style.yellow(recommended ?? 'unknown');
  const lines = [`${printable(path)}: ${style.bold(title)}`, `  ${printable(reason)}`];
  if (losers.length > 0) {
    const lost = losers.map(lostText).join(', ');
    lines.push(
      '',
      `  lost at each unload: ${printable(lost)}; ${LIBC_RULES[libc].title} has ${LIBC_RULES[libc].keys}`,
    );
  }
  for (const { plan, cures, effect, needs, costs } of plans) {
    lines.push('', `  ${style.bold(plan)}: cures ${curesPaint(cures, style)(cures)}`);
    lines.push(...[effect, `needs: ${needs}`, `costs: ${costs}`].map((text) => `    ${printable(text)}`));
  }
  return `${lines.join('\n')}\n`;
}

const curesPaint = (cures: Cures, style: Style): Paint =>
  ({ all: style.green, some: style.yellow, nothing: style.red })[cures];
