import { EnvironmentError } from '@mercato/environment';
import { createLogger } from '@mercato/telemetry';
import { readPaymentSandboxEnvironment } from './environment.ts';
import { createPaymentSandbox } from './server.ts';

/** The stand-alone process: a card processor's stand-in until it is told to stop. */
async function main(): Promise<void> {
  const environment = readPaymentSandboxEnvironment();
  const logger = createLogger({
    name: 'payment-sandbox',
    level: environment.LOG_LEVEL,
    pretty: environment.LOG_PRETTY,
  });
  const sandbox = await createPaymentSandbox({
    port: environment.PAYMENT_SANDBOX_PORT,
    host: environment.PAYMENT_SANDBOX_HOST,
    publicUrl: environment.PAYMENT_SANDBOX_PUBLIC_URL,
    apiKey: environment.PAYMENT_SANDBOX_API_KEY,
    dataFile: environment.PAYMENT_SANDBOX_DATA_FILE,
    slowMs: environment.PAYMENT_SANDBOX_SLOW_MS,
    silenceMs: environment.PAYMENT_SANDBOX_SILENCE_MS,
    logger,
  });
  logger.info({ url: sandbox.url }, 'The payment sandbox is ready');
  process.send?.({ kind: 'ready', url: sandbox.url });

  const stop = () => void sandbox.close().finally(() => process.exit());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  // The launcher is gone: nobody else would stop this process.
  process.once('disconnect', stop);
}

main().catch((error: unknown) => {
  process.stderr.write(
    `${error instanceof EnvironmentError ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = 1;
});
