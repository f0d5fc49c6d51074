import { z } from 'zod';
import type { UnavailableReason } from './content-unavailable.ts';
import type { Exchange } from './exchange.ts';

const answer = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.object({ message: z.string() })).nullish(),
  extensions: z.object({ requestId: z.string().optional() }).nullish(),
});

export type ReadAnswer =
  | { readonly kind: 'data'; readonly data: Record<string, unknown>; readonly contentRequestId: string | undefined }
  | Failure;

export interface Failure {
  readonly kind: 'failed';
  readonly reason: Exclude<UnavailableReason, 'resting'>;
  /** For the log. */
  readonly detail: string;
  /** Id by which Hygraph's support finds the request. */
  readonly contentRequestId?: string | undefined;
  /** Whether the very same request may well succeed a moment later. */
  readonly passing: boolean;
  /** How long the server asks to be left alone. */
  readonly restMs?: number | undefined;
  readonly cause?: unknown;
}

/** What an exchange means. */
export function readExchange(exchange: Exchange): ReadAnswer {
  switch (exchange.kind) {
    case 'timeout':
      return failed('timeout', 'it did not answer in time', false);
    case 'too-large':
      return failed('bad-answer', 'the answer is too large', false);
    case 'unreachable':
      return { ...failed('unreachable', 'the connection failed', true), cause: exchange.cause };
    case 'answered':
      return readAnswered(exchange);
  }
}

function readAnswered({ status, text, retryAfter }: Extract<Exchange, { kind: 'answered' }>): ReadAnswer {
  const body = parse(text);
  const contentRequestId = body?.extensions?.requestId;
  const said = body?.errors?.map(({ message }) => message.trim()).join(' ');
  const failure = (reason: Failure['reason'], passing: boolean): Failure => ({
    ...failed(reason, [`HTTP ${status}`, said].filter(Boolean).join(': '), passing),
    contentRequestId,
  });

  if (status === 429) return { ...failure('rate-limited', false), restMs: restAskedFor(retryAfter) };
  if (status >= 500) return failure('failing', true);
  // 402 is a used-up quota, 404 an address of no project; a redirect means that the address is not the API's own.
  if ([401, 402, 404].includes(status) || (status >= 300 && status < 400)) return failure('misconfigured', false);
  if (status !== 200) return failure('refused', false);
  if (!body) return failure('bad-answer', true);
  if (body.errors?.length || !body.data) return failure('refused', false);
  return { kind: 'data', data: body.data, contentRequestId };
}

function parse(text: string): z.output<typeof answer> | null {
  try {
    return answer.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

const failed = (reason: Failure['reason'], detail: string, passing: boolean): Failure => ({
  kind: 'failed',
  reason,
  detail,
  passing,
});

/** `Retry-After` in seconds; its form with a date is left to the usual rest. */
function restAskedFor(retryAfter: string | undefined): number | undefined {
  const seconds = Number(retryAfter ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1_000 : undefined;
}
