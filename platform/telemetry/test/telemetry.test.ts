import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { createLogger, currentTrace, newTrace, runInTrace, traceFromHeaders, traceHeaders } from '../src/index.ts';

function logged(write: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(createLogger({ name: 'test', destination: { write: (line: string) => void lines.push(line) } }));
  return lines.map((line) => JSON.parse(line));
}

test('secrets are left out, however deep', () => {
  const lines = logged((logger) => {
    logger.info({
      cartId: 'cart_secret',
      headers: { authorization: 'Bearer secret' },
      a: { b: { input: { token: 'secret' } } },
    });
    logger.info({ checkout: { checkoutId: 'secret', password: 'secret' }, sku: 'MUG' });
  });
  expect(JSON.stringify(lines)).not.toContain('secret');
  expect(lines[1]).toMatchObject({ sku: 'MUG', checkout: { password: '[redacted]' } });
});

test.each(['Authorization', 'set-cookie', 'x-api-key', 'access_token', 'ACCESS_TOKEN', 'clientSecret', 'email'])(
  'whatever is called %s is left out',
  (name) => {
    const lines = logged((logger) =>
      logger.info({ request: { [name]: 'something secret' }, tokens: 3, secretary: 'Ada' }),
    );
    expect(JSON.stringify(lines)).not.toContain('something secret');
    expect(lines[0]).toMatchObject({ tokens: 3, secretary: 'Ada' });
  },
);

test('secrets are left out of lists and errors too, and the logged object stays as it was', () => {
  const given = { lines: [{ cartId: 'secret', sku: 'MUG' }], at: new Date(0) };
  const error = Object.assign(new Error('Refused'), { request: { headers: { authorization: 'Bearer secret' } } });
  const lines = logged((logger) => {
    logger.info(given);
    logger.warn({ err: error }, 'failed');
  });
  expect(JSON.stringify(lines)).not.toContain('secret');
  expect(lines[0]).toMatchObject({ lines: [{ sku: 'MUG' }], at: '1970-01-01T00:00:00.000Z' });
  expect(lines[1]).toMatchObject({
    msg: 'failed',
    err: { type: 'Error', message: 'Refused', stack: expect.any(String) },
  });
  expect(given.lines[0]?.cartId).toBe('secret');
});

test('what refers to itself is logged all the same', () => {
  const loop: Record<string, unknown> = { sku: 'MUG' };
  loop.self = loop;
  expect(logged((logger) => logger.info({ loop }))[0]).toMatchObject({ loop: { sku: 'MUG' } });
});

test('a line tells which request and trace it belongs to', () => {
  const trace = newTrace('request-1');
  const [inside, outside] = logged((logger) => {
    runInTrace(trace, () => logger.info('inside'));
    logger.info('outside');
  });
  expect(inside).toMatchObject({ requestId: 'request-1', traceId: trace.traceId });
  expect(outside).not.toHaveProperty('requestId');
});

test('a trace goes on in the service that is called', () => {
  const trace = newTrace();
  expect(traceFromHeaders(traceHeaders(trace))).toMatchObject(trace);
  const part = { ...trace, spanId: '00f067aa0ba902b7', sampled: false };
  expect(traceHeaders(part).traceparent).toBe(`00-${trace.traceId}-00f067aa0ba902b7-00`);
  expect(traceFromHeaders(traceHeaders(part))).toEqual(part);
  expect(traceFromHeaders({ traceparent: `00-${'0'.repeat(32)}-00f067aa0ba902b7-01` })).not.toHaveProperty('spanId');
  expect(currentTrace()).toBeUndefined();
});

test.each([['two\nlines'], ['x'.repeat(200)], [''], ['{"forged":true}']])(
  'the request id %j is not taken over',
  (id) => {
    expect(traceFromHeaders({ 'x-request-id': id, traceparent: 'nonsense' }).requestId).toMatch(/^[\da-f-]{36}$/);
  },
);

test('a process that ends has written its last lines, in order, whichever logger said them', async () => {
  const program = `
    import { createLogger } from '${new URL('../src/index.ts', import.meta.url)}';
    const [one, two] = ['one', 'two'].map((name) => createLogger({ name }));
    for (let line = 0; line < 500; line += 1) (line % 2 ? one : two).info({ line }, 'said');
    process.exit(0);`;
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--import',
    'tsx',
    '--input-type=module',
    '-e',
    program,
  ]);
  const lines: { line: number }[] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ line }) => line)).toEqual(Array.from({ length: 500 }, (_, line) => line));
});
