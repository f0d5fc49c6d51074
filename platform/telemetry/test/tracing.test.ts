import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { currentTrace, runInTrace, type Trace } from '../src/index.ts';
import { activeTracer, recorded, recordedHere, startTracing, tracingSettings } from '../src/tracing/index.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const parent: Trace = { requestId: 'request-1', traceId, spanId: 'b7ad6b7169203331', sampled: true };

interface Sent {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly status: { readonly code: number };
}

/** Records `work` with a collector of this test's. */
async function collected(ratio: number, work: () => Promise<void>): Promise<{ spans: Sent[]; text: string }> {
  let text = '';
  const spans: Sent[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      text += body;
      const { resourceSpans } = JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Sent[] }[] }[] };
      for (const { scopeSpans } of resourceSpans) for (const scope of scopeSpans) spans.push(...scope.spans);
      response.writeHead(200).end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const tracing = await startTracing('tests', { endpoint: `http://127.0.0.1:${port}/`, ratio });
  try {
    await work();
  } finally {
    await tracing?.stop();
    server.close();
  }
  return { spans, text };
}

test('work is part of what it is done within', async () => {
  const { spans, text } = await collected(1, async () => {
    await recorded('outer', 'server', parent, { 'mercato.viewer': 'guest', left: undefined }, async (trace) => {
      expect(trace).toMatchObject({ requestId: 'request-1', traceId, sampled: true });
      await runInTrace(trace, () =>
        recordedHere('inner', { 'mercato.subgraph': 'cart' }, async () => {
          expect(currentTrace()).toBe(trace);
        }),
      );
    });
  });
  const [inner, outer] = spans;
  expect(outer).toMatchObject({ name: 'outer', traceId, parentSpanId: parent.spanId });
  expect(inner).toMatchObject({ name: 'inner', traceId, parentSpanId: outer?.spanId });
  expect(text).toContain('"service.name"');
  expect(text).toContain('"guest"');
});

test('what its caller does not record is not recorded, and the callee is told so', async () => {
  const { spans } = await collected(1, () =>
    recorded('quiet', 'server', { ...parent, sampled: false }, {}, async (trace) => {
      expect(trace).toMatchObject({ traceId, sampled: false });
      await runInTrace(trace, () => recordedHere('inner', {}, async () => {}));
    }),
  );
  expect(spans).toEqual([]);
});

test('of the traces that begin here the share that is asked for', async () => {
  const begun: Trace = { requestId: 'request-2', traceId };
  const none = await collected(0, () => recorded('begun', 'server', begun, {}, async () => {}));
  expect(none.spans).toEqual([]);
  const all = await collected(1, () => recorded('begun', 'server', begun, {}, async () => {}));
  expect(all.spans).toHaveLength(1);
});

test('of a failure the name is told, and not what it says', async () => {
  const failing = () =>
    recorded('failing', 'client', parent, {}, () => Promise.reject(new TypeError('the card 4242 4242')));
  const { spans, text } = await collected(1, () => expect(failing()).rejects.toThrow('the card'));
  expect(spans).toMatchObject([{ name: 'failing', status: { code: 2 } }]);
  expect(text).toContain('TypeError');
  expect(text).not.toContain('4242');
});

test('a failure that is an answer is one too', async () => {
  const answering = (kind: string) =>
    recorded(
      kind,
      'client',
      parent,
      {},
      async () => ({ kind }),
      (outcome) => (outcome.kind === 'timeout' ? outcome.kind : undefined),
    );
  const { spans, text } = await collected(1, async () => {
    await answering('answered');
    await answering('timeout');
  });
  expect(spans.map(({ name, status }) => [name, status.code])).toEqual([
    ['answered', 0],
    ['timeout', 2],
  ]);
  expect(text).toContain('"error.type"');
});

test('a collector that says nothing keeps no process from ending, nor fails it', async () => {
  const sockets: Socket[] = [];
  const collector = createTcpServer((socket) => sockets.push(socket));
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const { port } = collector.address() as AddressInfo;
  const tracing = await startTracing('tests', { endpoint: `http://127.0.0.1:${port}`, ratio: 1 });
  await recorded('last', 'server', parent, {}, async () => {});
  const startedAt = performance.now();
  await tracing?.stop();
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  expect(sockets).not.toEqual([]);
  for (const socket of sockets) socket.destroy();
  collector.close();
});

test('nothing is recorded where nobody asks for it', async () => {
  expect(tracingSettings({})).toBeUndefined();
  expect(await startTracing('tests', tracingSettings({}))).toBeUndefined();
  expect(activeTracer()).toBeUndefined();
  expect(await recorded('unheard', 'server', parent, {}, async (trace) => trace)).toBe(parent);
  expect(await runInTrace(parent, () => recordedHere('unheard', {}, async () => 7))).toBe(7);
});

test('the settings are those of OpenTelemetry', () => {
  const OTEL_EXPORTER_OTLP_ENDPOINT = 'http://collector:4318';
  expect(tracingSettings({ OTEL_EXPORTER_OTLP_ENDPOINT })).toEqual({ endpoint: 'http://collector:4318', ratio: 1 });
  expect(tracingSettings({ OTEL_TRACES_EXPORTER: 'otlp', OTEL_TRACES_SAMPLER_ARG: '0.1' })).toEqual({
    endpoint: 'http://127.0.0.1:4318',
    ratio: 0.1,
  });
  expect(tracingSettings({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_TRACES_EXPORTER: 'none' })).toBeUndefined();
  expect(() => tracingSettings({ OTEL_TRACES_SAMPLER_ARG: '2' })).toThrow('OTEL_TRACES_SAMPLER_ARG');
});
