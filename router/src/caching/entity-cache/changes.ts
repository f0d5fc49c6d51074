import type { EntityChange } from '@mercato/outbox';

/** Something changed in a subgraph. */
export interface HeardChange {
  readonly subgraph: string;
  readonly changes: readonly EntityChange[];
  /** Grows, the same for all routers; undefined where each counts for itself. */
  readonly number: number | undefined;
}

export interface ChangeFollower {
  heard(change: HeardChange): void;
  /** Changes may have been missed; those that are still known are told again, in numbers of their own. */
  missed(): void;
  /** Of changes with lower numbers not all are known. */
  unknownBefore(number: number): void;
}

/** What changes in subgraphs, whichever process changed it. */
export interface ChangeFeed {
  /** Whether all changes that were told until a moment ago are known, those from before this process too. */
  readonly isUpToDate: boolean;
  /** From now on; by one follower. */
  follow(follower: ChangeFollower): void;
  close(): Promise<void>;
}
