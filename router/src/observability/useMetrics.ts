import { type Exposition, exposition, type Registry } from '@mercato/telemetry/metrics';
import type { FastifyInstance } from 'fastify';
import type { Identity } from '../identity/identity.ts';
import { comesFromThisMachine } from '../plugins/dashboard-guard.ts';

export interface MetricsGuard {
  readonly identity: Identity;
  /** Whether this machine needs no credential. */
  readonly open: boolean;
}

/** Where the metrics stand. */
export const metricsPath = '/metrics';

const scope = 'metrics:read';

/** What the router and its process measure, for whoever holds the scope `metrics:read`. */
export function useMetrics(server: FastifyInstance, registry: Registry, { identity, open }: MetricsGuard): Exposition {
  const exposed = exposition(registry);
  server.get(metricsPath, async (request, reply) => {
    reply.header('cache-control', 'no-store');
    if (!(open && comesFromThisMachine(request))) {
      const { kind, scopes } = await identity.identify(request.headers.authorization);
      if (!scopes.includes(scope)) {
        return reply
          .code(kind === 'guest' ? 401 : 403)
          .headers(kind === 'guest' ? { 'www-authenticate': 'Bearer realm="Metrics"' } : {})
          .type('text/plain; charset=utf-8')
          .send(`Metrics are for credentials with the scope ${scope}.\n`);
      }
    }
    return reply.type(exposed.contentType).send(await exposed.text());
  });
  return exposed;
}
