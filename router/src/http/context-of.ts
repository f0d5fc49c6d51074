import { Interest } from '@mercato/subgraph-client';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { RouterContext } from '../context.ts';
import type { Client } from '../identity/client.ts';
import type { Identity } from '../identity/identity.ts';
import type { Answering } from '../operations/answer-operation.ts';
import { forwardedHeaders } from './forwarded-headers.ts';

export interface ContextSettings {
  readonly answering: Pick<Answering, 'admission'>;
  readonly identity: Identity;
  /** Milliseconds a whole operation may take. */
  readonly operationTimeoutMs: number;
  readonly forwardHeaders: readonly string[];
}

/**
 * Who asks by this request, and what is known of the operation before it is read.
 * @throws GraphQLError as `Identity.recognize` does
 */
export async function contextOf(
  { headers, trace, ip }: FastifyRequest,
  { raw }: FastifyReply,
  { answering, identity, operationTimeoutMs, forwardHeaders }: ContextSettings,
  { startedAt = performance.now(), calls }: { startedAt?: number; calls?: RouterContext['calls'] } = {},
): Promise<{ readonly client: Client; readonly context: RouterContext }> {
  const interest = new Interest();
  raw.once('close', () => {
    if (!raw.writableFinished) interest.end();
  });
  const forwarded = forwardedHeaders(forwardHeaders, headers);
  const known = identity.recognize(headers.authorization);
  const client = known instanceof Promise ? await known : known;
  const account = answering.admission.accountOf(client, ip);
  const deadline = startedAt + operationTimeoutMs;
  return { client, context: { viewer: client.viewer, trace, deadline, interest, forwarded, account, calls } };
}
