import { type AddressInfo, createServer, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { PaymentProviders } from '../../src/payment/index.ts';
import { aDataFile, anAttempt, aProcessor, aProcessorProcess, aProvider, onRecord } from './processor.ts';

describe('authorize', () => {
  test('promises the money once, however often it is asked', async () => {
    const { provider, url } = await aProcessor();
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => provider.authorize(anAttempt())));

    expect(new Set(outcomes.map((outcome) => JSON.stringify(outcome))).size).toBe(1);
    expect(outcomes[0]).toEqual({ kind: 'authorized', providerReference: expect.stringMatching(/^auth_/) });
    expect(await onRecord(url)).toEqual([
      expect.objectContaining({ status: 'authorized', amount: '4299', reference: 'order_1' }),
    ]);
  });

  test.each([
    ['tok_declined', 'GENERIC'],
    ['tok_insufficient_funds', 'INSUFFICIENT_FUNDS'],
    ['tok_expired_card', 'EXPIRED_CARD'],
    ['tok_incorrect_cvc', 'INCORRECT_DETAILS'],
    ['tok_fraud', 'SUSPECTED_FRAUD'],
    ['tok_nobody_knows', 'INCORRECT_DETAILS'],
  ])('%s is declined as %s', async (token, code) => {
    const { provider } = await aProcessor();
    expect(await provider.authorize(anAttempt({ token }))).toEqual({ kind: 'declined', code });
  });

  test('an answer that is late but in time counts', async () => {
    const { provider } = await aProcessor();
    expect(await provider.authorize(anAttempt({ token: 'tok_slow' }))).toMatchObject({ kind: 'authorized' });
  });

  test('a step at the bank is asked for, and the same call goes on after it', async () => {
    const { provider } = await aProcessor();
    const attempt = anAttempt({ token: 'tok_3ds', returnUrl: 'https://shop.example/back' });
    const asked = await provider.authorize(attempt);
    if (asked.kind !== 'action-required') throw new Error(`Unexpected: ${asked.kind}`);

    expect(await provider.lookup(attempt.idempotencyKey)).toEqual(asked);
    await decide(asked.actionUrl, 'approve');
    const { providerReference } = asked;
    expect(await provider.authorize(attempt)).toEqual({ kind: 'authorized', providerReference });
    expect(await provider.lookup(attempt.idempotencyKey)).toEqual({ kind: 'authorized', providerReference });
  });

  test('a step that was not passed is a decline', async () => {
    const { provider } = await aProcessor();
    const asked = await provider.authorize(anAttempt({ token: 'tok_3ds' }));
    if (asked.kind !== 'action-required') throw new Error(`Unexpected: ${asked.kind}`);
    await decide(asked.actionUrl, 'decline');

    const declined = { kind: 'declined', code: 'AUTHENTICATION_FAILED' };
    expect(await provider.authorize(anAttempt({ token: 'tok_3ds' }))).toEqual(declined);
    expect(await provider.lookup(anAttempt().idempotencyKey)).toEqual(declined);
  });

  test('a key used for something else is a bug and throws', async () => {
    const { provider } = await aProcessor();
    await provider.authorize(anAttempt());
    await expect(provider.authorize(anAttempt({ orderId: 'order_2' }))).rejects.toThrow('idempotency_key_reused');
  });
});

describe('trouble on the way is never guessed away', () => {
  test('a charge whose answer is lost is unknown, and the lookup finds it', async () => {
    const { provider } = await aProcessor({ timeoutMs: 300 });
    const outcome = await provider.authorize(anAttempt({ token: 'tok_timeout_then_charged' }));

    expect(outcome).toEqual({ kind: 'unknown', reason: 'no answer within 300 ms' });
    expect(await provider.lookup(anAttempt().idempotencyKey)).toMatchObject({ kind: 'authorized' });
  });

  test('a try that never arrived is unknown, and the lookup does not find it', async () => {
    const { provider } = await aProcessor({ timeoutMs: 300 });

    expect(await provider.authorize(anAttempt({ token: 'tok_timeout_not_charged' }))).toMatchObject({
      kind: 'unknown',
    });
    expect(await provider.lookup(anAttempt().idempotencyKey)).toEqual({ kind: 'not-found' });
  });

  test('errors of the processor are tried again with the same key', async () => {
    const { provider, url } = await aProcessor();

    expect(await provider.authorize(anAttempt({ token: 'tok_error_500' }))).toMatchObject({ kind: 'authorized' });
    expect(await onRecord(url)).toHaveLength(1);
  });

  test('nobody there, or wrong credentials: unknown', async () => {
    const { url } = await aProcessor();
    const misconfigured = aProvider(url, { apiKey: 'another key' });
    const alone = aProvider('http://127.0.0.1:1');

    expect(await misconfigured.authorize(anAttempt())).toMatchObject({
      kind: 'unknown',
      reason: expect.stringContaining('credentials'),
    });
    for (const outcome of [
      await alone.authorize(anAttempt()),
      await alone.lookup('key'),
      await alone.cancel({ orderId: 'order_1' }),
      await alone.capture({ idempotencyKey: 'k', providerReference: 'auth_1', amount: anAttempt().amount }),
    ]) {
      expect(outcome).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('connection failed') });
    }
  });

  test.each([
    ['is no JSON', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n<htm>'],
    ['lacks what matters', 'HTTP/1.1 200 OK\r\ncontent-length: 13\r\n\r\n{"status":""}'],
    ['is cut short', 'HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{"id":'],
    ['is a refusal by something in between', 'HTTP/1.1 404 Not Found\r\ncontent-length: 4\r\n\r\nnope'],
    ['is no HTTP', 'hello\r\n\r\n'],
    ['never ends', `HTTP/1.1 200 OK\r\ncontent-length: 3000000\r\n\r\n${' '.repeat(1_500_000)}`],
  ])('an answer that %s: unknown', async (_name, bytes) => {
    const provider = aProvider(await aRawServer((socket) => socket.end(bytes)));
    expect(await provider.authorize(anAttempt())).toMatchObject({ kind: 'unknown' });
  });

  test('the processor is killed amid a call: unknown; it comes back and knows', async () => {
    const dataFile = aDataFile();
    const first = await aProcessorProcess(dataFile);
    const provider = aProvider(first.url, { timeoutMs: 20_000 });
    const underWay = provider.authorize(anAttempt({ token: 'tok_timeout_then_charged' }));
    await vi.waitFor(async () => expect(await onRecord(first.url)).toHaveLength(1));
    await first.kill();
    expect(await underWay).toMatchObject({ kind: 'unknown', reason: expect.stringContaining('connection failed') });

    const second = await aProcessorProcess(dataFile, Number(new URL(first.url).port));
    expect(await provider.lookup(anAttempt().idempotencyKey)).toMatchObject({ kind: 'authorized' });
    expect(await onRecord(second.url)).toHaveLength(1);
  });

  test('the processor is away for a moment: the same call comes through when it is back', async () => {
    const dataFile = aDataFile();
    const first = await aProcessor({ dataFile });
    await first.close();
    const underWay = first.provider.authorize(anAttempt());
    await aProcessor({ dataFile, port: Number(new URL(first.url).port) });

    // Within the tries or after them: never a guess, and the next call settles it.
    expect(['authorized', 'unknown']).toContain((await underWay).kind);
    expect(await first.provider.authorize(anAttempt())).toMatchObject({ kind: 'authorized' });
  });
});

describe('cancel', () => {
  test('lets go of what was promised and shuts the door on what comes late', async () => {
    const { provider, url } = await aProcessor();
    await provider.authorize(anAttempt());

    expect(await provider.cancel({ orderId: 'order_1' })).toEqual({ kind: 'done' });
    expect(await provider.cancel({ orderId: 'order_1' })).toEqual({ kind: 'done' });
    expect(await provider.authorize(anAttempt({ idempotencyKey: 'late' }))).toEqual({ kind: 'cancelled' });
    expect(await provider.authorize(anAttempt())).toEqual({ kind: 'cancelled' });
    expect(await provider.lookup(anAttempt().idempotencyKey)).toEqual({ kind: 'cancelled' });
    expect((await onRecord(url)).map(({ status }) => status)).toEqual(['voided']);
  });

  test('forty racers: whichever way they fall, nothing stays promised', async () => {
    const { provider, url } = await aProcessor();
    await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        n === 20
          ? provider.cancel({ orderId: 'order_1' })
          : provider.authorize(anAttempt({ idempotencyKey: `order_1:payment:${n}` })),
      ),
    );

    expect((await onRecord(url)).filter(({ status }) => status !== 'voided')).toEqual([]);
  });

  test('money that was taken is not let go', async () => {
    const { provider } = await aProcessor();
    const { providerReference } = await anAuthorization(provider);
    const amount = { amount: 1n, currency: 'USD' };
    await provider.capture({ idempotencyKey: 'capture', providerReference, amount });

    expect(await provider.cancel({ orderId: 'order_1' })).toEqual({ kind: 'captured' });
  });
});

describe('capture and refund', () => {
  test('move money once a key, in parts, and refuse what is not there', async () => {
    const { provider, url } = await aProcessor();
    const { providerReference } = await anAuthorization(provider);
    const usd = (amount: bigint) => ({ providerReference, amount: { amount, currency: 'USD' } });

    const captured = await provider.capture({ idempotencyKey: 'capture:1', ...usd(4000n) });
    expect(captured).toMatchObject({ kind: 'done', movementReference: expect.stringMatching(/^cap_/) });
    expect(await provider.capture({ idempotencyKey: 'capture:1', ...usd(4000n) })).toEqual(captured);
    expect(await provider.capture({ idempotencyKey: 'capture:2', ...usd(300n) })).toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('299'),
    });
    const refunded = await provider.refund({ idempotencyKey: 'refund:1', ...usd(1000n) });
    expect(refunded).toMatchObject({ kind: 'done', movementReference: expect.stringMatching(/^re_/) });
    expect(await provider.refund({ idempotencyKey: 'refund:1', ...usd(1000n) })).toEqual(refunded);
    expect(await provider.refund({ idempotencyKey: 'refund:2', ...usd(3001n) })).toMatchObject({ kind: 'refused' });
    expect(await onRecord(url)).toEqual([expect.objectContaining({ status: 'partially_captured' })]);
  });
});

describe('the registry', () => {
  test('gives what is configured and says what is not', async () => {
    const { provider } = await aProcessor();
    const providers = new PaymentProviders({ SANDBOX: provider });

    expect(providers.choose('SANDBOX')).toEqual({ kind: 'ok', provider });
    expect(providers.choose('STRIPE')).toEqual({
      kind: 'not-configured',
      message: 'Payment provider STRIPE is not configured in this shop. Use SANDBOX.',
    });
    expect(new PaymentProviders({}).choose('SANDBOX')).toMatchObject({ kind: 'not-configured' });
    expect(providers.of({ provider: 'SANDBOX' })).toBe(provider);
    expect(() => providers.of({ provider: 'STRIPE' })).toThrow('STRIPE is not configured');
  });
});

async function anAuthorization(provider: ReturnType<typeof aProvider>): Promise<{ providerReference: string }> {
  const outcome = await provider.authorize(anAttempt());
  if (outcome.kind !== 'authorized') throw new Error(`Unexpected: ${outcome.kind}`);
  return outcome;
}

async function decide(actionUrl: string, decision: 'approve' | 'decline'): Promise<void> {
  await fetch(actionUrl, { method: 'POST', body: new URLSearchParams({ decision }), redirect: 'manual' });
}

/** Something on the way that answers whatever comes with these bytes. */
async function aRawServer(answer: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.once('data', () => answer(socket));
    socket.on('error', () => socket.destroy());
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}
