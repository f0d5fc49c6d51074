import { createViewerSigner, privateKeySchema, trustedKeysSchema } from '@mercato/auth';
import { connectQueues } from '@mercato/queue';
import { createSubgraphClient, httpTransport } from '@mercato/subgraph-client';
import { createLogger } from '@mercato/telemetry';
import { z } from 'zod';
import { createSubgraph } from '../src/subgraph.ts';

/** What a checkout that is to die is told, as JSON in its first argument. */
export const dyingCheckout = z.object({
  databaseUrl: z.string(),
  queueUrl: z.string(),
  urls: z.record(z.string(), z.string()),
  signingKey: privateKeySchema,
  trustedKeys: trustedKeysSchema,
  paymentSandbox: z.object({ url: z.string(), apiKey: z.string() }),
  orderTokenKeys: z.record(z.string(), z.string()),
  leaseMs: z.number(),
  /** Where it kills itself, such as `AUTHORIZE before`. */
  dieAt: z.string(),
});

/** The real subgraph as a process of its own that ends, without a word to anybody, at one point of an order's way. */
async function main(settings: z.output<typeof dyingCheckout>): Promise<void> {
  const logger = createLogger({ name: 'checkout', level: 'silent' });
  const transport = httpTransport({ urlOf: (name) => settings.urls[name] });
  const subgraph = await createSubgraph({
    databaseUrl: settings.databaseUrl,
    queues: await connectQueues({ kind: 'postgres', url: settings.queueUrl }, { logger }),
    subgraphs: createSubgraphClient({ transport, signer: createViewerSigner('checkout', settings.signingKey) }),
    trustedKeys: settings.trustedKeys,
    routes: {},
    logger,
    paymentSandbox: settings.paymentSandbox,
    orderTokenKeys: settings.orderTokenKeys,
    leaseMs: settings.leaseMs,
    onStep: (step, phase) => {
      if (`${step} ${phase}` === settings.dieAt) process.kill(process.pid, 'SIGKILL');
    },
  });
  const { url } = await subgraph.listen({ host: '127.0.0.1', port: 0 });
  process.send?.({ url });
}

const [, , told] = process.argv;
if (told !== undefined && process.send) await main(dyingCheckout.parse(JSON.parse(told)));
