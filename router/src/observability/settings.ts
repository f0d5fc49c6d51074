import { flag, port } from '@mercato/environment';

/** What the router measures, and where it tells it. */
export interface MetricsOptions {
  /** Where `/metrics` stands for whoever reaches it, beside the router's own port; nowhere unless set. */
  readonly port?: number | undefined;
  /** The address of that port; the router's unless set. */
  readonly host?: string | undefined;
  /** Whether this machine may read `/metrics` of the router's own port without a credential. */
  readonly open?: boolean | undefined;
}

export const observabilityVariables = {
  METRICS: flag().default(true).describe('whether the router measures what it does'),
  METRICS_PORT: port().optional().describe('where /metrics stands for whoever reaches it'),
};
