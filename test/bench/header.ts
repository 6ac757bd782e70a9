import { cpus, loadavg, release, totalmem } from 'node:os';
import type { Stage } from './stage';

/** What the numbers were taken on. Load: others at work make every number worse, ratios less so. */
export interface Header {
  taken: string; petri: string;
  engine: string; engineVersion: string; apiVersion: string; runtime: string; image: string;
  cores: number; processor: string; memoryGB: number; system: string; node: string; load: number;
}

export function headerOf({ engine, image }: Stage, version: string): Header {
  return {
    taken: new Date().toISOString(), petri: version,
    engine: engine.name, engineVersion: engine.version, apiVersion: engine.api_version, runtime: engine.runtime, image,
    cores: cpus().length, processor: cpus()[0]?.model ?? 'unknown', memoryGB: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()}`, node: process.version, load: Math.round(loadavg()[0]! * 100) / 100,
  };
}

export function printable(header: Header): string {
  return [
    `Petri ${header.petri} on ${header.engine} ${header.engineVersion} (API ${header.apiVersion}, ${header.runtime}), image ${header.image}`,
    `${header.cores} cores (${header.processor}), ${header.memoryGB} GB, ${header.system}, Node ${header.node}, load ${header.load}, ${header.taken}`,
    'Ours and the rivals take turns in this one run. Ratios are of medians.', '',
  ].join('\n');
}
