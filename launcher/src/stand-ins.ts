import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContentServer } from '@mercato/content-server';
import { createPaymentSandbox } from '@mercato/payment-sandbox';
import type { Logger } from '@mercato/telemetry';
import type { LaunchOptions } from './environment.ts';

/** Third parties as the services see them: addresses and credentials, of the real one or of a stand-in. */
export interface ThirdParties {
  readonly hygraph: { readonly endpoint: string; readonly token: string | undefined };
  readonly paymentSandbox: { readonly url: string; readonly apiKey: string };
  stop(): Promise<void>;
}

/** Starts a stand-in for each third party that the options do not name. */
export async function startStandIns(options: LaunchOptions, logger: Logger): Promise<ThirdParties> {
  const content = options.hygraph ? undefined : await createContentServer({ host: options.host, port: 0, logger });
  const apiKey = readOrCreateSecret(join(options.dataDir, 'keys', 'payment-sandbox'));
  const payments = options.paymentSandbox
    ? undefined
    : await createPaymentSandbox({
        host: options.host,
        port: 0,
        apiKey,
        dataFile: join(options.dataDir, 'payment-sandbox.jsonl'),
        logger,
      });
  return {
    hygraph: options.hygraph ?? { endpoint: content?.url ?? '', token: undefined },
    paymentSandbox: options.paymentSandbox ?? { url: payments?.url ?? '', apiKey },
    async stop() {
      await Promise.all([content?.close(), payments?.close()]);
    },
  };
}

function readOrCreateSecret(file: string): string {
  try {
    writeFileSync(file, randomBytes(24).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  return readFileSync(file, 'utf8');
}
