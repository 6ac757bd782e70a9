import type { Stage } from './stage';

/** One thing that is measured, of one row. */
export interface Metric {
  /** Key of a sample's values. */
  key: string;
  label: string;
  unit: 'ms' | 'MB/s';
  target?: Target;
}

/** SPEED.md's: the ratio of medians, ours to the rival's, and on which side of it we want to be. */
export interface Target {
  atMost?: number;
  atLeast?: number;
  /** best: the fastest rival of the run decides. each: said for each rival. Ours beside ours is never judged. */
  against: 'best' | 'each';
}

/** One time that something was done, and the proof that it was. */
export interface Sample {
  /** By metric. */
  values: Record<string, number>;
  /** What the reader saw and what was there to see: digests, counts or the bytes themselves, as text. Unequal: the contender fails. */
  saw: string;
  expected: string;
}

/** One way of doing what the row is about. */
export interface Contender {
  name: string;
  /** The first of ours is the one that ratios are made with; a second one is shown beside it. */
  ours: boolean;
  /** Before each round, untimed: the engine is quiet and everything is as it should be. */
  ready?(round: number): Promise<void>;
  once(round: number): Promise<Sample[]>;
  /** After the last round, untimed. */
  done?(): Promise<void>;
}

export interface Row {
  /** What --only is asked about, with the title. */
  id: string;
  title: string;
  /** What exactly is timed, in a sentence. */
  what: string;
  metrics: Metric[];
  /** Rounds that count; one round is each contender once. */
  rounds: number;
  /** Rounds before those, not counted. */
  warmUps: number;
  large?: boolean;
  /** Only where it is asked for: downloads from package registries, whose pace is part of every number. */
  registries?: boolean;
  open(stage: Stage): Promise<Contender[]>;
}
