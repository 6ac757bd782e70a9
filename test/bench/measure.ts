import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Contender, Row } from './row';
import type { Stage } from './stage';

/** What the engine still does behind an answer, such as burying an exec or a container, is not the next one's burden. */
const PAUSE_MS = 250;

export interface Measured {
  contender: Contender;
  /** By metric, in the order they were taken. */
  values: Record<string, number[]>;
  /** Samples whose proof was compared, warm-ups included. */
  checked: number;
  failure: string | undefined;
}

export interface RowResult {
  row: Row;
  measured: Measured[];
  /** Of everything that was expected and seen, in order: the same for the same data. */
  digest: string;
  /** Why there is no result at all. */
  failure: string | undefined;
}

/**
 * Takes the contenders in turns, A B A B, so that a noisy minute hits all of them. A contender that fails drops out and
 * says why; the others go on.
 */
export async function measureRow(row: Row, stage: Stage, rounds: number, progress: (line: string) => void): Promise<RowResult> {
  const digest = createHash('sha256');
  let measured: Measured[] = [];
  let failure: string | undefined;
  try {
    const contenders = await row.open(stage);
    measured = contenders.map((contender) => ({ contender, values: {}, checked: 0, failure: undefined }));
    for (let round = 0; round < row.warmUps + rounds; round += 1) {
      progress(`${row.title}: ${round < row.warmUps ? 'warm-up' : `round ${round - row.warmUps + 1} of ${rounds}`}`);
      for (const one of measured) {
        stage.signal.throwIfAborted();
        if (!one.failure) await turn(one, round, round >= row.warmUps, digest);
      }
    }
  } catch (error) {
    failure = sentence(error);
  }
  for (const { contender } of measured) await contender.done?.().catch((error: unknown) => progress(`${contender.name}: ${sentence(error)}`));
  stage.signal.throwIfAborted();
  return { row, measured, digest: digest.digest('hex').slice(0, 16), failure };
}

async function turn(one: Measured, round: number, counts: boolean, digest: ReturnType<typeof createHash>): Promise<void> {
  try {
    await one.contender.ready?.(round);
    await sleep(PAUSE_MS);
    for (const sample of await one.contender.once(round)) {
      if (sample.saw !== sample.expected) throw new Error(`the reader saw ${brief(sample.saw)} instead of ${brief(sample.expected)}`);
      digest.update(`${sample.saw}\0`);
      one.checked += 1;
      if (!counts) continue;
      for (const [key, value] of Object.entries(sample.values)) (one.values[key] ??= []).push(value);
    }
  } catch (error) {
    one.failure = sentence(error);
  }
}

function brief(text: string): string {
  const printable = JSON.stringify(text);
  return printable.length > 90 ? `${printable.slice(0, 80)}… (${text.length} characters)` : printable;
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message.trim().replaceAll(/\s*\n\s*/g, ' | ').slice(0, 400) : String(error);
}
