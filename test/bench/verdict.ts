import type { Measured, RowResult } from './measure';
import type { Metric, Target } from './row';
import { summarize, type Summary } from './stats';

/** One contender's line for one metric. */
export interface Line {
  name: string;
  ours: boolean;
  summary: Summary | undefined;
  /** Median of ours by this one's; undefined for ours and where one of the two has no numbers. */
  ratio: number | undefined;
  /** Only for the rivals that are judged. */
  verdict: { target: string; met: boolean } | undefined;
  failure: string | undefined;
}

/** What a metric's numbers say, ours first. */
export function linesOf({ measured }: RowResult, metric: Metric): Line[] {
  const summaries = new Map(measured.map((one) => [one, summarize((one.values[metric.key] ?? []).filter(Number.isFinite))]));
  const ours = measured.find(({ contender }) => contender.ours);
  const base = ours && !ours.failure ? summaries.get(ours) : undefined;
  const best = bestRival(measured, summaries, metric);
  return measured.map((one) => {
    const summary = summaries.get(one);
    const ratio = base && summary && !one.contender.ours ? base.p50 / summary.p50 : undefined;
    const judged = ratio !== undefined && metric.target && (metric.target.against === 'each' || one === best);
    return {
      name: one.contender.name, ours: one.contender.ours, summary, ratio, failure: one.failure,
      verdict: judged ? judge(metric.target!, ratio) : undefined,
    };
  });
}

function bestRival(measured: Measured[], summaries: Map<Measured, Summary | undefined>, metric: Metric): Measured | undefined {
  const faster = (a: number, b: number) => (metric.unit === 'ms' ? a < b : a > b);
  return measured.filter((one) => !one.contender.ours && summaries.get(one))
    .reduce<Measured | undefined>((best, one) => (!best || faster(summaries.get(one)!.p50, summaries.get(best)!.p50) ? one : best), undefined);
}

function judge({ atMost, atLeast }: Target, ratio: number): { target: string; met: boolean } {
  return atMost === undefined ? { target: `≥ ${atLeast}`, met: ratio >= atLeast! } : { target: `≤ ${atMost}`, met: ratio <= atMost };
}
