import type { ViewerSigner } from '@mercato/auth';
import { traceHeaders } from '@mercato/telemetry';
import type { FastifyRequest } from 'fastify';
import type { Identity } from '../identity/identity.ts';

/** What says what the content is, and which part of it is wanted. */
const passed = [
  'accept',
  'content-disposition',
  'content-encoding',
  'content-length',
  'content-type',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'range',
];

/**
 * A client's headers as a subgraph's own HTTP routes may see them: the client's word on who asks is replaced by ours.
 * @throws GraphQLError as `Identity.identify` does.
 */
export async function headersForSubgraph(
  request: FastifyRequest,
  subgraph: string,
  { identity, signer }: { identity: Identity; signer: ViewerSigner },
): Promise<Record<string, string>> {
  const viewer = await identity.identify(request.headers.authorization);
  const kept = passed.flatMap((name) => {
    const value = request.headers[name];
    return typeof value === 'string' ? [[name, value] as const] : [];
  });
  return {
    ...Object.fromEntries(kept),
    ...traceHeaders(request.trace),
    authorization: `Bearer ${await signer.sign(subgraph, viewer)}`,
  };
}
