import type { AddressInfo } from 'node:net';
import type { Logger } from '@mercato/telemetry';
import fastify from 'fastify';
import { actionPath, serveActionPage } from './http/action-page.ts';
import { requireApiKey } from './http/authentication.ts';
import { serveAuthorizations } from './http/authorizations-route.ts';
import { answerErrors } from './http/errors.ts';
import { Ledger } from './ledger.ts';
import { Processor } from './processor.ts';

export interface PaymentSandboxOptions {
  /** 0 takes a free one. */
  readonly port: number;
  readonly host: string;
  /** Where shoppers' browsers reach this server, when that differs from host and port. */
  readonly publicUrl?: string | undefined;
  /** What callers send as `Authorization: Bearer …`. */
  readonly apiKey: string;
  /** The journal: all that this server knows, kept over restarts and kills. One process at a time. */
  readonly dataFile: string;
  /** How late `tok_slow` answers, in milliseconds; 1,500 by default. */
  readonly slowMs?: number | undefined;
  /** How long an answer that is lost keeps its connection open, in milliseconds; 30,000 by default. */
  readonly silenceMs?: number | undefined;
  readonly logger: Logger;
}

export interface PaymentSandbox {
  /** Base URL of the API. */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts a stand-in for a card processor. @throws Error when the port is taken or the journal cannot be read. */
export async function createPaymentSandbox(options: PaymentSandboxOptions): Promise<PaymentSandbox> {
  const { port, host, apiKey, logger, slowMs = 1_500, silenceMs = 30_000 } = options;
  const ledger = new Ledger(options.dataFile);
  const processor = new Processor(ledger);
  const server = fastify({
    logger: false,
    forceCloseConnections: true,
    bodyLimit: 64 * 1024,
    routerOptions: { maxParamLength: 250 },
  });
  let url = '';

  answerErrors(server, logger);
  server.addHook('onClose', () => ledger.close());
  server.get('/health', async () => ({ status: 'ok' }));
  server.register(async (api) => {
    api.addHook('onRequest', requireApiKey(apiKey));
    const actionUrl = (authorization: Parameters<typeof actionPath>[0]) =>
      `${options.publicUrl?.replace(/\/$/, '') ?? url}${actionPath(authorization)}`;
    serveAuthorizations(api, { processor, ledger, slowMs, silenceMs, actionUrl });
  });
  server.register(async (pages) => serveActionPage(pages, { processor, ledger }));

  try {
    await server.listen({ port, host });
  } catch (error) {
    await server.close();
    throw error;
  }
  url = `http://${hostInUrl(host)}:${portOf(server.server.address())}`;
  return { url, close: () => server.close() };
}

function hostInUrl(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The payment sandbox listens on no port.');
  return address.port;
}
