import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { bundleProgram } from '@mercato/bundle';
import { describe, expect, onTestFinished, test } from 'vitest';
import { z } from 'zod';
import { aDataFile, apiKey, aSandbox, callsTo } from './sandbox.ts';

const main = await bundleProgram('payment-sandbox/src/main.ts');

/** The stand-alone process on a free port. */
async function aProcess(dataFile: string): Promise<{ url: string; child: ChildProcess }> {
  const child = spawn(process.execPath, [main], {
    env: {
      PAYMENT_SANDBOX_PORT: '0',
      PAYMENT_SANDBOX_API_KEY: apiKey,
      PAYMENT_SANDBOX_DATA_FILE: dataFile,
      LOG_LEVEL: 'info',
      LOG_PRETTY: 'false',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  for await (const line of createInterface({ input: child.stdout })) {
    const { url } = z.object({ url: z.string().optional() }).parse(JSON.parse(line));
    if (url) return { url, child };
  }
  throw new Error('The sandbox ended before it was ready.');
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('the journal', () => {
  test('keeps all that was answered over kill -9 amid a burst of calls', async () => {
    const dataFile = aDataFile();
    const first = await aProcess(dataFile);
    const before = callsTo(first.url);
    const sure = await before.authorize('key-sure');
    await before.call('POST', '/v1/references/order_gone/cancel');
    await before.authorize('key-faulty', { token: 'tok_error_500' });

    const burst = Array.from({ length: 300 }, (_, n) =>
      before.authorize(`key-${n}`, { reference: `order_${n}` }).then(
        ({ body }) => ({ key: `key-${n}`, reference: `order_${n}`, id: body.id }),
        () => null,
      ),
    );
    await Promise.race(burst);
    await kill(first.child);
    const answered = (await Promise.all(burst)).filter((answer) => answer !== null);

    const second = await aProcess(dataFile);
    const after = callsTo(second.url);
    expect(await after.authorize('key-sure')).toEqual(sure);
    expect((await after.authorize('late', { reference: 'order_gone' })).status).toBe(409);
    const faulty = () => after.authorize('key-faulty', { token: 'tok_error_500' });
    expect([(await faulty()).status, (await faulty()).status]).toEqual([500, 200]);
    expect(answered.length).toBeGreaterThan(0);
    for (const { key, reference, id } of answered) {
      expect((await after.authorize(key, { reference })).body.id).toBe(id);
    }
  });

  test('drops a last line that was cut short, and goes on from there', async () => {
    const dataFile = aDataFile();
    const first = await aSandbox({ dataFile });
    const { body } = await first.authorize('key-1');
    await first.close();
    appendFileSync(dataFile, '{"at":"2026-10-01T00:00:00.000Z","authoriz');

    const second = await aSandbox({ dataFile });
    expect((await second.authorize('key-1')).body).toEqual(body);
    await second.authorize('key-2');
    await second.close();

    const third = await aSandbox({ dataFile });
    expect((await third.call('GET', '/v1/authorizations')).body.data).toHaveLength(2);
  });

  test('says which line cannot be read', async () => {
    const dataFile = aDataFile();
    writeFileSync(dataFile, '{"at":"2026-10-01T00:00:00.000Z"}\nnonsense\n');
    await expect(aSandbox({ dataFile })).rejects.toThrow(`Line 2 of ${dataFile} is no journal entry`);
  });

  test('holds no card token', async () => {
    const { authorize, dataFile } = await aSandbox();
    await authorize('key-1');
    expect(readFileSync(dataFile, 'utf8')).not.toContain('tok_');
  });
});
