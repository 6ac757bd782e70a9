import type { RowResult } from './measure';
import { linesOf } from './verdict';

/** A row as dist/bench.json keeps it, with every single value. */
export function jsonOf(result: RowResult): object {
  return {
    id: result.row.id, title: result.row.title, what: result.row.what, digest: result.digest, failure: result.failure,
    metrics: result.row.metrics.map((metric) => ({
      key: metric.key, label: metric.label, unit: metric.unit, target: metric.target,
      contenders: linesOf(result, metric).map((line) => ({
        ...line, values: result.measured.find(({ contender }) => contender.name === line.name)?.values[metric.key] ?? [],
      })),
    })),
  };
}
