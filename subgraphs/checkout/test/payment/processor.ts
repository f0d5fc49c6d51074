import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bundleProgram } from '@mercato/bundle';
import { createPaymentSandbox } from '@mercato/payment-sandbox';
import { createLogger } from '@mercato/telemetry';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { type AuthorizeRequest, type PaymentProvider, sandboxProvider } from '../../src/payment/index.ts';

export const apiKey = 'sandbox-key-for-checkout';
const logger = createLogger({ name: 'payment-sandbox', level: 'silent' });

export function aDataFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'checkout-payment-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'journal.jsonl');
}

/** The real processor over HTTP, and a provider that talks to it. */
export async function aProcessor(options: { timeoutMs?: number; dataFile?: string; port?: number } = {}) {
  const { timeoutMs = 3_000, dataFile = aDataFile(), port = 0 } = options;
  const processor = await createPaymentSandbox({
    host: '127.0.0.1',
    port,
    apiKey,
    dataFile,
    slowMs: 30,
    silenceMs: 20_000,
    logger,
  });
  onTestFinished(() => processor.close());
  return { ...processor, dataFile, provider: aProvider(processor.url, { timeoutMs }) };
}

const main = await bundleProgram('payment-sandbox/src/main.ts');

/** The real processor as a process of its own, to be killed. */
export async function aProcessorProcess(dataFile: string, port = 0) {
  const child = spawn(process.execPath, [main], {
    env: { PAYMENT_SANDBOX_PORT: `${port}`, PAYMENT_SANDBOX_API_KEY: apiKey, PAYMENT_SANDBOX_DATA_FILE: dataFile },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  for await (const line of createInterface({ input: child.stdout })) {
    const { url } = z.object({ url: z.string().optional() }).parse(JSON.parse(line));
    if (url) return { url, kill: () => kill(child) };
  }
  throw new Error('The processor ended before it was ready.');
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

export function aProvider(baseUrl: string, options: { timeoutMs?: number; apiKey?: string } = {}): PaymentProvider {
  const provider = sandboxProvider({ baseUrl, apiKey, timeoutMs: 3_000, ...options });
  onTestFinished(() => provider.close());
  return provider;
}

export function anAttempt(changes: Partial<AuthorizeRequest> = {}): AuthorizeRequest {
  return {
    idempotencyKey: 'order_1:payment:1',
    orderId: 'order_1',
    amount: { amount: 4299n, currency: 'USD' },
    token: 'tok_visa',
    returnUrl: null,
    ...changes,
  };
}

/** What the processor itself has on record. */
export async function onRecord(url: string): Promise<{ status: string; amount: string; reference: string }[]> {
  const response = await fetch(`${url}/v1/authorizations`, { headers: { authorization: `Bearer ${apiKey}` } });
  const record = z.object({ status: z.string(), amount: z.string(), reference: z.string() });
  return z.object({ data: z.array(record) }).parse(await response.json()).data;
}
