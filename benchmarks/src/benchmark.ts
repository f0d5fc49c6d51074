import type { Logger } from '@mercato/telemetry';
import type { BenchmarkOptions } from './environment.ts';
import type { Figure } from './report/figure.ts';

export interface BenchmarkRun extends BenchmarkOptions {
  /** Is told each step in a line. */
  readonly tell: (line: string) => void;
  readonly logger: Logger;
  /** Aborted when whoever started it has had enough. */
  readonly signal: AbortSignal;
}

/** Measures one thing. Throws when what it measures is wrong: a fast wrong answer is no result. */
export type Benchmark = (run: BenchmarkRun) => Promise<Figure[]>;
