import type { Viewer } from '@mercato/auth';
import type { Logger } from '@mercato/telemetry';

/** What every resolver knows of the call it serves. Domains add their own functions and loaders to it. */
export interface SubgraphCall {
  readonly viewer: Viewer;
  readonly requestId: string;
  readonly logger: Logger;
  /** Aborted when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
}
