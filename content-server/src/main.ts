import { EnvironmentError } from '@mercato/environment';
import { createLogger } from '@mercato/telemetry';
import { readContentServerEnvironment } from './environment.ts';
import { createContentServer } from './server.ts';

/** The stand-alone process: a Content API until it is told to stop. */
async function main(): Promise<void> {
  const environment = readContentServerEnvironment();
  const logger = createLogger({ name: 'content-server', level: environment.LOG_LEVEL, pretty: environment.LOG_PRETTY });
  const server = await createContentServer({
    port: environment.CONTENT_SERVER_PORT,
    host: environment.CONTENT_SERVER_HOST,
    publicUrl: environment.CONTENT_SERVER_PUBLIC_URL,
    dataDir: environment.CONTENT_SERVER_DATA_DIR,
    tokens: environment.CONTENT_SERVER_TOKENS,
    faults: { adminToken: environment.CONTENT_SERVER_ADMIN_TOKEN },
    limits: { requestsPerSecond: environment.CONTENT_SERVER_REQUESTS_PER_SECOND },
    logger,
  });
  logger.info({ url: server.url, cdnUrl: server.cdnUrl }, 'The content server is ready');
  process.send?.({ kind: 'ready', url: server.url });

  const stop = () => void server.close().finally(() => process.exit());
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
