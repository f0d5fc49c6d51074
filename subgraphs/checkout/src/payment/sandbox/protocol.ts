import { z } from 'zod';

/** What the sandbox processor answers, as far as this shop reads it. */
export const authorizationAnswer = z.object({
  id: z.string(),
  status: z.enum(['requires_action', 'authorized', 'declined', 'partially_captured', 'captured', 'voided']),
  declineCode: z.string().nullable(),
  actionUrl: z.string().nullable(),
});
export type AuthorizationAnswer = z.output<typeof authorizationAnswer>;

export const authorizationsAnswer = z.object({ data: z.array(authorizationAnswer) });
export const cancelAnswer = z.object({ cancelled: z.literal(true) });
export const captureAnswer = z.object({ capture: z.object({ id: z.string() }) });
export const refundAnswer = z.object({ refund: z.object({ id: z.string() }) });

export const errorAnswer = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
