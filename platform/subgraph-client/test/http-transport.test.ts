import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createViewerSigner, generateKey } from '@mercato/auth';
import { runInTrace } from '@mercato/telemetry';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSubgraphClient, httpTransport, Interest, SubgraphAnswerError } from '../src/index.ts';

/** What a server saw of one call, and how the test lets it answer. */
interface Arrival {
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
  readonly response: ServerResponse;
}

const arrivals: Arrival[] = [];
let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    arrivals.push({ headers: request.headers, body, response });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/graphql`;
});
afterAll(() => server.close());

const question = { query: '{ who }' };
const options = { authorization: 'Bearer token', timeoutMs: 5_000 };

async function nextArrival(): Promise<Arrival> {
  await expect.poll(() => arrivals.length).toBeGreaterThan(0);
  const [arrival] = arrivals.splice(0);
  if (!arrival) throw new Error('Nothing arrived.');
  return arrival;
}

describe('a call over HTTP', () => {
  test('carries its token, its time and its document, and brings the answer', async () => {
    const transport = httpTransport({ urlOf: () => url });
    const sending = transport.send('cart', { ...question, variables: { a: 1 } }, options);
    const { headers, body, response } = await nextArrival();
    expect(headers).toMatchObject({ authorization: 'Bearer token', 'x-mercato-timeout-ms': '5000' });
    expect(JSON.parse(body)).toEqual({ query: '{ who }', variables: { a: 1 } });
    // In pieces, of which one cuts a letter in two.
    const answer = Buffer.from('{"data":{"who":"Zoë"}}');
    response.write(answer.subarray(0, answer.indexOf(0xc3) + 1));
    response.end(answer.subarray(answer.indexOf(0xc3) + 1));
    expect(await sending).toEqual({ data: { who: 'Zoë' } });
    await transport.close();
  });

  test('that nobody waits for any more ends, and its server hears of it', async () => {
    const transport = httpTransport({ urlOf: () => url });
    const interest = new Interest();
    const sending = transport.send('cart', question, { ...options, signal: interest });
    const failed = expect(sending).rejects.toMatchObject({ reason: 'aborted', mayHaveHappened: true });
    const { response } = await nextArrival();
    const closed = once(response, 'close');
    interest.end();
    await failed;
    await closed;
    expect(response.writableFinished).toBe(false);
    await transport.close();
  });

  test('whose answer is too large is given up', async () => {
    const transport = httpTransport({ urlOf: () => url, maxAnswerBytes: 1_000 });
    const sending = transport.send('cart', question, options);
    const failed = expect(sending).rejects.toMatchObject({ reason: 'unreachable', mayHaveHappened: true });
    const { response } = await nextArrival();
    response.on('error', () => undefined).end(JSON.stringify({ data: { who: 'x'.repeat(2_000) } }));
    await failed;
    await transport.close();
  });

  test('finds a subgraph that moved', async () => {
    let address: string | undefined;
    const transport = httpTransport({ urlOf: () => address });
    await expect(transport.send('cart', question, options)).rejects.toMatchObject({ mayHaveHappened: false });
    address = url;
    const sending = transport.send('cart', question, options);
    (await nextArrival()).response.end('{"data":{"who":"moved"}}');
    expect(await sending).toEqual({ data: { who: 'moved' } });
    await transport.close();
  });
});

describe('a service that asks another', () => {
  const signer = createViewerSigner('checkout', generateKey());

  test('hands its trace on', async () => {
    const transport = httpTransport({ urlOf: () => url });
    const client = createSubgraphClient({ transport, signer });
    const trace = { requestId: 'request-7', traceId: '0af7651916cd43dd8448eb211c80319c' };
    const asking = runInTrace(trace, () => client.request('cart', '{ who }'));
    const { headers, response } = await nextArrival();
    expect(headers).toMatchObject({ 'x-request-id': 'request-7' });
    expect(headers.traceparent).toContain(trace.traceId);
    response.end('{"data":{"who":"checkout"}}');
    expect(await asking).toEqual({ who: 'checkout' });
    await transport.close();
  });

  test('is told of errors, all of them', async () => {
    const transport = httpTransport({ urlOf: () => url });
    const client = createSubgraphClient({ transport, signer });
    const asking = client.request('cart', '{ who }');
    const failed = expect(asking).rejects.toThrow('The cart service answered: one; two');
    (await nextArrival()).response.end('{"data":null,"errors":[{"message":"one"},{"message":"two"}]}');
    await failed;
    await expect(asking).rejects.toBeInstanceOf(SubgraphAnswerError);
    await transport.close();
  });
});

test('interest ends once, for all who listen', () => {
  const interest = new Interest();
  let heard = 0;
  const listener = () => {
    heard += 1;
  };
  const gone = () => {
    throw new Error('It listens no more.');
  };
  interest.addEventListener('abort', listener);
  interest.addEventListener('abort', gone);
  interest.removeEventListener('abort', gone);
  interest.end();
  interest.end();
  expect({ aborted: interest.aborted, heard }).toEqual({ aborted: true, heard: 1 });
});
