import { connectQueues } from '@mercato/queue';
import { createSubgraphClient, inProcessTransport } from '@mercato/subgraph-client';
import { signerOf, testLogger, trustedKeys } from '@mercato/testkit';
import { importCatalog } from '../../src/jobs/definitions.ts';
import { createSubgraph } from '../../src/subgraph.ts';

// A worker in a process of its own that is given an import, to be killed while it runs.
const [databaseUrl = '', queueUrl = '', storageDir = '', importId = ''] = process.argv.slice(2);
const logger = testLogger('products');
const queues = await connectQueues({ kind: 'postgres', url: queueUrl }, { logger });
const transport = inProcessTransport(() => undefined);
const subgraphs = createSubgraphClient({ transport, signer: signerOf('products') });
const subgraph = await createSubgraph({ databaseUrl, queues, subgraphs, trustedKeys, routes: {}, logger, storageDir });
await subgraph.startWorker();
await queues.add(importCatalog, { importId }, { id: importId });
process.once('disconnect', () => process.exit());
