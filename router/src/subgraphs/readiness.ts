import type { ViewerSigner } from '@mercato/auth';
import type { SubgraphTransport } from '@mercato/subgraph-client';
import { request } from 'undici';

export type ReadyOf = (subgraph: string, signal: AbortSignal) => Promise<void>;

/** Asks a subgraph over the transport that queries take: it is up when it answers. */
export const readyByQuery =
  (transport: SubgraphTransport, signer: ViewerSigner): ReadyOf =>
  async (subgraph, signal) => {
    const authorization = `Bearer ${await signer.sign(subgraph)}`;
    const { errors } = await transport.send(
      subgraph,
      { query: '{ __typename }' },
      { authorization, timeoutMs: 1_000, signal },
    );
    if (errors?.length) throw new Error(`The ${subgraph} service answered with errors.`);
  };

/** Asks a subgraph's own `/health/ready`, which knows of its database too. */
export const readyByHealth =
  (baseUrlOf: (subgraph: string) => string | undefined): ReadyOf =>
  async (subgraph, signal) => {
    const base = baseUrlOf(subgraph);
    if (!base) throw new Error(`No address is known for the ${subgraph} service.`);
    const { statusCode, body } = await request(new URL('/health/ready', base), { signal });
    await body.dump();
    if (statusCode !== 200) throw new Error(`The ${subgraph} service is not ready.`);
  };
