import type { Viewer } from '@mercato/auth';
import type { Interest } from '@mercato/subgraph-client';
import type { Trace } from '@mercato/telemetry';
import type { SubgraphCalls } from './graphos/subgraph-calls.ts';
import type { Account } from './limits/rate/account.ts';

/** What is known of the operation that is served: made once for each. */
export interface RouterContext {
  readonly viewer: Viewer;
  readonly trace: Trace;
  /** When nobody waits for the answer any more, by `performance.now()`. */
  readonly deadline: number;
  /** Ends when the client goes away. */
  readonly interest: Interest;
  /** The client's headers that subgraphs are given too. */
  readonly forwarded: Readonly<Record<string, string>>;
  /** Whose points the operation spends; undefined where nothing is counted. */
  readonly account: Account | undefined;
  /** Where its calls to subgraphs are noted; undefined where nobody is told of them. */
  readonly calls?: SubgraphCalls | undefined;
}
