import { createViewerSigner, generateKey, type PublicKey, type Viewer } from '@mercato/auth';
import { connectQueues, type Queues } from '@mercato/queue';
import {
  createSubgraphClient,
  inProcessTransport,
  type SubgraphAnswer,
  type SubgraphAnswers,
} from '@mercato/subgraph-client';
import type { Subgraph, SubgraphDependencies } from '@mercato/subgraph-server';
import { createLogger, type Logger } from '@mercato/telemetry';
import { testLogLevel } from './database/environment.ts';
import { emptyTestDatabase, testDatabase } from './database.ts';

/** Callers that tests speak as. The router may speak for any viewer, the others for themselves. */
const callers = ['router', 'products', 'inventory', 'cart', 'checkout', 'shipping', 'content'] as const;
export type Caller = (typeof callers)[number];

const keys = Object.fromEntries(callers.map((caller) => [caller, generateKey()]));

/** Public keys of all test callers. */
export const trustedKeys: Readonly<Record<string, PublicKey>> = Object.fromEntries(
  Object.entries(keys).map(([caller, { kty, crv, x }]) => [caller, { kty, crv, x }]),
);

export const signerOf = (caller: Caller) => {
  const key = keys[caller];
  if (!key) throw new Error(`No test key for ${caller}.`);
  return createViewerSigner(caller, key);
};

export const staff = (...scopes: string[]): Viewer => ({ kind: 'staff', id: 'staff_test', scopes });
export const customer = (id: string): Viewer => ({ kind: 'customer', id, scopes: [] });
export const service = (name: Caller): Viewer => ({ kind: 'service', id: name, scopes: [`service:${name}`] });

/** Quiet unless TEST_LOG is set: a failing test is read in its assertion, not in the log. */
export const testLogger = (name: string): Logger => createLogger({ name, level: testLogLevel() });

export interface TestDependencies extends SubgraphDependencies {
  readonly queues: Queues;
  close(): Promise<void>;
}

/**
 * Real dependencies for one test file: a database of its own, queues of their own, and the other subgraphs that the
 * test made, called in-process through the same tokens as in production.
 */
export async function testDependencies(
  domain: Caller,
  others: (name: string) => Subgraph | undefined = () => undefined,
  routes: SubgraphDependencies['routes'] = {},
): Promise<TestDependencies> {
  const database = await testDatabase(domain);
  const queueDatabase = await emptyTestDatabase('queue');
  const logger = testLogger(domain);
  const queues = await connectQueues({ kind: 'postgres', url: queueDatabase.url }, { logger });
  return {
    databaseUrl: database.url,
    queues,
    subgraphs: createSubgraphClient({ transport: inProcessTransport(others), signer: signerOf(domain) }),
    trustedKeys,
    routes,
    logger,
    async close() {
      await queues.close();
      await database.drop();
      await queueDatabase.drop();
    },
  };
}

const guest: Viewer = { kind: 'guest', id: null, scopes: [] };

const authorizationOf = async (subgraph: Subgraph, viewer: Viewer): Promise<string> => {
  const speaker = viewer.kind === 'service' ? callers.find((caller) => caller === viewer.id) : 'router';
  if (!speaker) throw new Error(`No test key for the service ${viewer.id}.`);
  return `Bearer ${await signerOf(speaker).sign(subgraph.name, viewer)}`;
};

/** Asks a subgraph as the router does for a viewer; services speak for themselves. */
export async function ask(
  subgraph: Subgraph,
  query: string,
  variables: Record<string, unknown> = {},
  viewer: Viewer = guest,
): Promise<SubgraphAnswer> {
  const authorization = await authorizationOf(subgraph, viewer);
  return subgraph.answer({ query, variables }, { authorization }, new AbortController().signal);
}

/** Follows a subscription of a subgraph as the router does for a viewer; `return()` ends it. */
export async function subscribe(
  subgraph: Subgraph,
  query: string,
  variables: Record<string, unknown> = {},
  viewer: Viewer = guest,
): Promise<SubgraphAnswers> {
  const authorization = await authorizationOf(subgraph, viewer);
  const transport = inProcessTransport((name) => (name === subgraph.name ? subgraph : undefined));
  return transport.subscribe(subgraph.name, { query, variables }, { authorization, timeoutMs: 10_000 });
}

/** The next answer, without errors. @throws when there is none, or with its errors, so that a test shows them. */
export async function nextData<Data>(answers: SubgraphAnswers): Promise<Data> {
  const { value, done } = await answers.next();
  if (done) throw new Error('The subscription is over.');
  if (value.errors?.length) throw new Error(`The subscription sent errors: ${JSON.stringify(value.errors, null, 2)}`);
  return value.data as Data;
}

/** The same, for answers without errors. @throws with the errors, so that a test shows them. */
export async function askData<Data>(
  subgraph: Subgraph,
  query: string,
  variables: Record<string, unknown> = {},
  viewer: Viewer = guest,
): Promise<Data> {
  const { data, errors } = await ask(subgraph, query, variables, viewer);
  if (errors?.length) throw new Error(`${subgraph.name} answered with errors: ${JSON.stringify(errors, null, 2)}`);
  return data as Data;
}
