import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { measureProcess, processRegistry } from './process-registry.ts';

/** All that a process measures, in the text format of Prometheus. */
export interface Exposition {
  readonly contentType: string;
  text(): Promise<string>;
}

/** @param own what is measured beside what every process measures */
export function exposition(...own: readonly Registry[]): Exposition {
  measureProcess();
  const registries = [...own, processRegistry];
  return {
    contentType: Registry.PROMETHEUS_CONTENT_TYPE,
    async text() {
      const parts = await Promise.all(registries.map((registry) => registry.metrics()));
      return parts.join('\n');
    },
  };
}

export interface MetricsListener {
  readonly url: string;
  close(): Promise<void>;
}

/** Answers `GET /metrics`, whoever asks: for a port that only Prometheus reaches. */
export async function listenForMetrics(
  { contentType, text }: Exposition,
  { port, host }: { readonly port: number; readonly host: string },
): Promise<MetricsListener> {
  const server = createServer((request, response) => {
    if (request.method !== 'GET' || request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    text().then(
      (metrics) => response.writeHead(200, { 'content-type': contentType }).end(metrics),
      () => response.writeHead(500).end(),
    );
  });
  server.listen(port, host);
  await once(server, 'listening');
  const { port: actual } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actual}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
