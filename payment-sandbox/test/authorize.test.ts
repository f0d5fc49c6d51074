import { request } from 'undici';
import { describe, expect, test } from 'vitest';
import { aSandbox } from './sandbox.ts';

describe('authorizing', () => {
  test('tok_visa is approved', async () => {
    const { authorize, call } = await aSandbox();
    const { status, body } = await authorize('key-1');

    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'authorized', declineCode: null, actionUrl: null, capturedAmount: '0' });
    expect(await call('GET', `/v1/authorizations/${body.id}`)).toEqual({ status: 200, body });
  });

  test.each([
    ['tok_declined', 'card_declined'],
    ['tok_insufficient_funds', 'insufficient_funds'],
    ['tok_expired_card', 'expired_card'],
    ['tok_incorrect_cvc', 'incorrect_cvc'],
    ['tok_fraud', 'suspected_fraud'],
  ])('%s is declined with %s, again and again', async (token, declineCode) => {
    const { authorize } = await aSandbox();

    const first = await authorize('key-1', { token });
    expect(first.body).toMatchObject({ status: 'declined', declineCode });
    expect(await authorize('key-1', { token })).toEqual(first);
  });

  test('twenty clicks with one key make one authorization', async () => {
    const { authorize, call } = await aSandbox();
    const answers = await Promise.all(Array.from({ length: 20 }, () => authorize('key-1')));

    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect((await call('GET', '/v1/authorizations?reference=order_1')).body.data).toHaveLength(1);
  });

  test.each([{ amount: '4300' }, { currency: 'EUR' }, { token: 'tok_declined' }, { reference: 'order_2' }])(
    'the same key with %o is refused',
    async (other) => {
      const { authorize, call } = await aSandbox();
      await authorize('key-1');

      const { status, body } = await authorize('key-1', other);
      expect([status, body.error?.code]).toEqual([409, 'idempotency_key_reused']);
      expect((await call('GET', '/v1/authorizations')).body.data).toHaveLength(1);
    },
  );

  test.each<[Record<string, unknown>, string]>([
    [{ amount: '42.99' }, 'amount'],
    [{ amount: 4299 }, 'amount'],
    [{ amount: '0' }, 'amount'],
    [{ amount: '-1' }, 'amount'],
    [{ currency: 'usd' }, 'currency'],
    [{ reference: '' }, 'reference'],
    [{ reference: '../x' }, 'reference'],
    [{ returnUrl: 'javascript:alert(1)' }, 'returnUrl'],
    [{ token: null }, 'token'],
  ])('%o is a bad request that names it', async (wrong, param) => {
    const { authorize } = await aSandbox();
    const { status, body } = await authorize('key-1', wrong);

    expect([status, body.error?.code, body.error?.param]).toEqual([400, 'invalid_request', param]);
  });

  test('an unknown token is refused, and the key stays free', async () => {
    const { authorize } = await aSandbox();
    const { status, body } = await authorize('key-1', { token: 'tok_gold' });

    expect([status, body.error?.code]).toEqual([400, 'unknown_token']);
    expect(body.error?.message).toContain('tok_visa');
    expect((await authorize('key-1')).body.status).toBe('authorized');
  });

  test('nothing goes without the API key or the idempotency key', async () => {
    const { call, authorize } = await aSandbox();
    const wrongKey = { authorization: 'Bearer sandbox-key-for-test' };

    expect((await call('GET', '/v1/authorizations', undefined, wrongKey)).status).toBe(401);
    expect((await call('POST', '/v1/authorizations', {}, wrongKey)).body.error?.code).toBe('unauthenticated');
    expect((await authorize('')).body.error?.param).toBe('Idempotency-Key');
    expect((await call('GET', '/v1/nothing')).status).toBe(404);
    expect((await call('GET', '/v1/authorizations/auth_none')).status).toBe(404);
  });
});

describe('trouble on the way', () => {
  test('tok_slow answers late', async () => {
    const { authorize } = await aSandbox({ slowMs: 80 });
    const started = performance.now();

    expect((await authorize('key-1', { token: 'tok_slow' })).body.status).toBe('authorized');
    expect(performance.now() - started).toBeGreaterThanOrEqual(75);
  });

  test('tok_timeout_then_charged breaks the connection, yet holds, and can be asked for by key', async () => {
    const { authorize, call } = await aSandbox();

    await expect(authorize('key-1', { token: 'tok_timeout_then_charged' })).rejects.toThrow();
    const { body } = await call('GET', '/v1/authorizations?idempotencyKey=key-1');
    expect(body.data).toMatchObject([{ status: 'authorized', reference: 'order_1' }]);
    expect((await authorize('key-1', { token: 'tok_timeout_then_charged' })).body).toMatchObject({
      id: body.data?.[0]?.id,
      status: 'authorized',
    });
  });

  test('tok_timeout_not_charged is lost before anything is decided', async () => {
    const { authorize, call } = await aSandbox();

    await expect(authorize('key-1', { token: 'tok_timeout_not_charged' })).rejects.toThrow();
    expect((await call('GET', '/v1/authorizations')).body.data).toEqual([]);
    expect((await authorize('key-1', { token: 'tok_timeout_not_charged' })).body.status).toBe('authorized');
  });

  test('tok_error_500 fails twice a key', async () => {
    const { authorize } = await aSandbox();
    const tries = ['key-1', 'key-1', 'key-2', 'key-1'];
    const statuses: number[] = [];
    for (const key of tries) statuses.push((await authorize(key, { token: 'tok_error_500' })).status);

    expect(statuses).toEqual([500, 500, 500, 200]);
    expect((await authorize('key-2')).body.error?.code).toBe('idempotency_key_reused');
  });
});

describe('the step at the bank', () => {
  test('approved on the page, the same call with the same key is authorized', async () => {
    const { authorize } = await aSandbox();
    const first = (await authorize('key-1', { token: 'tok_3ds', reference: 'order_1' })).body;
    expect(first.status).toBe('requires_action');
    expect((await authorize('key-1', { token: 'tok_3ds' })).body).toEqual(first);

    const page = await request(first.actionUrl ?? '');
    const html = await page.body.text();
    expect(page.headers['content-type']).toContain('text/html');
    expect(html).toContain('<form method="post">');
    expect(html).toContain('value="approve"');

    expect(await decide(first.actionUrl, 'approve')).toMatchObject({ statusCode: 200 });
    expect((await authorize('key-1', { token: 'tok_3ds' })).body).toMatchObject({ id: first.id, status: 'authorized' });
    // Too late to change one's mind.
    await decide(first.actionUrl, 'decline');
    expect((await authorize('key-1', { token: 'tok_3ds' })).body.status).toBe('authorized');
  });

  test('declined on the page it is declined, and the shopper is sent back to the shop', async () => {
    const { authorize } = await aSandbox();
    const returnUrl = 'https://shop.example/checkout?step=3';
    const { actionUrl } = (await authorize('key-1', { token: 'tok_3ds', returnUrl })).body;
    const answer = await decide(actionUrl, 'decline');

    expect([answer.statusCode, answer.headers.location]).toEqual([303, returnUrl]);
    expect((await authorize('key-1', { token: 'tok_3ds', returnUrl })).body).toMatchObject({
      status: 'declined',
      declineCode: 'authentication_failed',
    });
  });

  test('nonsense on the page decides nothing', async () => {
    const { authorize, url } = await aSandbox();
    const { actionUrl } = (await authorize('key-1', { token: 'tok_3ds' })).body;

    expect((await decide(actionUrl, 'perhaps')).statusCode).toBe(400);
    expect((await decide(`${url}/3ds/auth_none`, 'approve')).statusCode).toBe(404);
    expect((await authorize('key-1', { token: 'tok_3ds' })).body.status).toBe('requires_action');
  });
});

async function decide(actionUrl: string | null | undefined, decision: string) {
  const answer = await request(actionUrl ?? '', {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ decision }).toString(),
  });
  await answer.body.dump();
  return answer;
}
