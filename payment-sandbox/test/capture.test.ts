import { describe, expect, test } from 'vitest';
import { aSandbox } from './sandbox.ts';

async function anAuthorization(token = 'tok_visa') {
  const sandbox = await aSandbox();
  const { id } = (await sandbox.authorize('authorize', { token })).body;
  const move = (what: 'capture' | 'refunds', key: string, amount?: string) =>
    sandbox.call('POST', `/v1/authorizations/${id}/${what}`, amount === undefined ? {} : { amount }, {
      'idempotency-key': key,
    });
  const cancel = (reference = 'order_1') => sandbox.call('POST', `/v1/references/${reference}/cancel`);
  return { ...sandbox, id, move, cancel, letGo: () => sandbox.call('POST', `/v1/authorizations/${id}/void`) };
}

describe('capturing', () => {
  test('takes all by default, once a key', async () => {
    const { move } = await anAuthorization();
    const answers = await Promise.all(Array.from({ length: 8 }, () => move('capture', 'key-1')));

    expect(new Set(answers.map(({ body }) => body.capture?.id)).size).toBe(1);
    expect(answers[7]?.body).toMatchObject({
      capture: { amount: '4299' },
      authorization: { status: 'captured', capturedAmount: '4299' },
    });
  });

  test('takes parts up to the whole, and no more', async () => {
    const { move } = await anAuthorization();

    expect((await move('capture', 'key-1', '4000')).body.authorization?.status).toBe('partially_captured');
    expect((await move('capture', 'key-2', '300')).body.error?.code).toBe('amount_too_large');
    expect((await move('capture', 'key-1', '4001')).body.error?.code).toBe('idempotency_key_reused');
    expect((await move('capture', 'key-2', '299')).body.authorization).toMatchObject({
      status: 'captured',
      capturedAmount: '4299',
    });
    expect((await move('capture', 'key-3')).status).toBe(422);
  });

  test.each(['tok_declined', 'tok_3ds'])('takes nothing from %s', async (token) => {
    const { move } = await anAuthorization(token);
    expect((await move('capture', 'key-1')).body.error?.code).toBe('invalid_state');
  });
});

describe('refunding', () => {
  test('gives back what was taken, and no more', async () => {
    const { move } = await anAuthorization();
    expect((await move('refunds', 'key-0')).body.error?.code).toBe('invalid_state');
    await move('capture', 'key-1', '4000');

    const first = await move('refunds', 'key-2', '1000');
    expect(first.body).toMatchObject({ refund: { amount: '1000' }, authorization: { refundedAmount: '1000' } });
    expect((await move('refunds', 'key-2', '1000')).body).toEqual(first.body);
    expect((await move('refunds', 'key-3', '3001')).body.error?.code).toBe('amount_too_large');
    expect((await move('refunds', 'key-3')).body).toMatchObject({ refund: { amount: '3000' } });
  });
});

describe('letting go', () => {
  test('a void is final and may be repeated', async () => {
    const { letGo, move, authorize } = await anAuthorization();

    expect((await letGo()).body.status).toBe('voided');
    expect((await letGo()).body.status).toBe('voided');
    expect((await move('capture', 'key-1')).body.error?.code).toBe('invalid_state');
    expect((await authorize('authorize')).body.status).toBe('voided');
  });

  test('what was taken is not voided', async () => {
    const { letGo, move } = await anAuthorization();
    await move('capture', 'key-1', '1');
    expect((await letGo()).body.error?.code).toBe('invalid_state');
  });

  test('a cancelled reference voids what it has and refuses what comes late', async () => {
    const { cancel, id, authorize, call } = await anAuthorization();
    await authorize('other', { reference: 'order_2' });

    expect((await cancel()).body.voided).toEqual([id]);
    expect((await cancel()).body.voided).toEqual([]);
    expect((await authorize('late')).body.error?.code).toBe('reference_cancelled');
    expect((await call('GET', '/v1/authorizations')).body.data?.map(({ status }) => status)).toEqual([
      'voided',
      'authorized',
    ]);
  });

  test('a reference may be cancelled before anything is asked for it', async () => {
    const { cancel, authorize, call } = await anAuthorization();
    await cancel('order_9');

    expect((await authorize('late', { reference: 'order_9' })).status).toBe(409);
    expect((await call('GET', '/v1/authorizations?reference=order_9')).body.data).toEqual([]);
  });

  test('a cancelled step at the bank can no longer be approved', async () => {
    const { cancel, id, call, url } = await anAuthorization('tok_3ds');
    await cancel();
    await fetch(`${url}/3ds/${id}`, { method: 'POST', body: new URLSearchParams({ decision: 'approve' }) });

    expect((await call('GET', `/v1/authorizations/${id}`)).body.status).toBe('voided');
  });

  test('once money was taken the reference cannot be cancelled', async () => {
    const { cancel, move, authorize } = await anAuthorization();
    await move('capture', 'key-1');

    expect((await cancel()).body.error?.code).toBe('already_captured');
    expect((await authorize('another')).body.status).toBe('authorized');
  });
});
