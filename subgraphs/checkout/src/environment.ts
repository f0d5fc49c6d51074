import { httpUrl, json, milliseconds, readEnvironment } from '@mercato/environment';
import { serviceVariables } from '@mercato/subgraph-server';
import { z } from 'zod';

/** @throws EnvironmentError */
export const readCheckoutEnvironment = () =>
  readEnvironment({
    ...serviceVariables,
    PAYMENT_SANDBOX_URL: httpUrl(),
    PAYMENT_SANDBOX_API_KEY: z.string().min(1).describe('the API key of the payment sandbox'),
    ORDER_TOKEN_KEYS: json(z.record(z.string(), z.string())).describe(
      'JSON: secrets of 32 signs or more by version, such as {"1":"…"}; the last version makes new tokens',
    ),
    /** How long a checkout stays open after it was opened last. */
    CHECKOUT_LIFETIME_MS: milliseconds().optional(),
    /** After which an order that is being placed by a process that died is taken over; longer than any step takes. */
    PLACEMENT_LEASE_MS: milliseconds().optional(),
    /** Between looks for such orders. */
    PLACEMENT_SWEEP_MS: milliseconds().optional(),
  });
