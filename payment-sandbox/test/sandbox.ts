import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '@mercato/telemetry';
import { request } from 'undici';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { createPaymentSandbox } from '../src/index.ts';

export const apiKey = 'sandbox-key-for-tests';
const logger = createLogger({ name: 'payment-sandbox', level: 'silent' });

/** Only what tests look at. */
const answerSchema = z
  .object({
    id: z.string(),
    status: z.string(),
    declineCode: z.string().nullable(),
    actionUrl: z.string().nullable(),
    capturedAmount: z.string(),
    refundedAmount: z.string(),
    data: z.array(z.object({ id: z.string(), status: z.string(), reference: z.string() })),
    authorization: z.object({ status: z.string(), capturedAmount: z.string(), refundedAmount: z.string() }),
    capture: z.object({ id: z.string(), amount: z.string() }),
    refund: z.object({ id: z.string(), amount: z.string() }),
    voided: z.array(z.string()),
    error: z.object({ code: z.string(), message: z.string(), param: z.string().nullable() }),
  })
  .partial();

export function aDataFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'payment-sandbox-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'journal.jsonl');
}

export async function aSandbox(options: { dataFile?: string; slowMs?: number; silenceMs?: number } = {}) {
  const { dataFile = aDataFile(), slowMs = 50, silenceMs = 100 } = options;
  const sandbox = await createPaymentSandbox({
    host: '127.0.0.1',
    port: 0,
    apiKey,
    dataFile,
    slowMs,
    silenceMs,
    logger,
  });
  onTestFinished(() => sandbox.close());
  return { ...sandbox, dataFile, ...callsTo(sandbox.url) };
}

export function callsTo(url: string) {
  async function call(method: 'GET' | 'POST', path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await request(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    return { status: response.statusCode, body: answerSchema.parse(await response.body.json()) };
  }
  const authorize = (key: string, body: Record<string, unknown> = {}) =>
    call(
      'POST',
      '/v1/authorizations',
      { amount: '4299', currency: 'USD', token: 'tok_visa', reference: 'order_1', ...body },
      { 'idempotency-key': key },
    );
  return { call, authorize };
}
