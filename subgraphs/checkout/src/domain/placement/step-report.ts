import type { SubgraphClient } from '@mercato/subgraph-client';
import type { Logger } from '@mercato/telemetry';
import type { PaymentProviders } from '../../payment/index.ts';
import type { CheckoutSettings } from '../../settings.ts';
import type { PaymentStatus } from '../order/details.ts';
import type { TimelineEntry } from '../order/timeline.ts';
import type { Allocation, Placement } from './placement.ts';
import type { TokenSeal } from './sealed-token.ts';
import type { Stock } from './stock.ts';
import type { Refusal, StepResult } from './transitions.ts';

/** A step's result with what is to be written down of it. */
export interface StepReport {
  readonly result: StepResult;
  readonly allocations?: readonly Allocation[];
  readonly holdExpiresAt?: Date;
  readonly payment?: {
    readonly status: PaymentStatus;
    readonly providerReference?: string;
    readonly declineCode?: string;
  };
  readonly actionUrl?: string;
  readonly timeline?: TimelineEntry;
}

export interface StepParts {
  readonly stock: Stock;
  readonly payments: PaymentProviders;
  readonly seal: TokenSeal;
  readonly subgraphs: SubgraphClient;
  readonly settings: CheckoutSettings;
  readonly logger: Logger;
}

/** One step: it writes nothing, and may be repeated. */
export type Step = (placement: Placement, parts: StepParts) => Promise<StepReport>;

export const done: StepResult = { kind: 'done' };
export const refused = (refusal: Refusal): StepResult => ({ kind: 'refused', refusal });
export const isLate = ({ deadline }: Placement): boolean => deadline.getTime() <= Date.now();
export const entry = (kind: TimelineEntry['kind'], message: string, actor = 'checkout'): TimelineEntry => ({
  kind,
  message,
  actor,
});
