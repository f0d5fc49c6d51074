import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { Queues } from '@mercato/queue';
import type { FastifyInstance } from 'fastify';
import { type DashboardGuard, mayEnterDashboard } from './dashboard-guard.ts';

export interface DashboardSettings extends DashboardGuard {
  readonly queues: Pick<Queues, 'bullQueues'>;
  readonly queueNames: readonly string[];
}

/** Where the dashboard stands. */
export const dashboardPath = '/queues';

/** The dashboard's page asks Google for its letters; nobody there need know who looks at our queues. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "frame-ancestors 'none'",
].join('; ');

/** What waits, runs and failed, with a button to try failed jobs again. */
export async function useQueueDashboard(server: FastifyInstance, settings: DashboardSettings): Promise<void> {
  const adapter = new FastifyAdapter();
  adapter.setBasePath(dashboardPath);
  createBullBoard({
    queues: settings.queues.bullQueues(settings.queueNames).map((queue) => new BullMQAdapter(queue)),
    serverAdapter: adapter,
    options: { uiConfig: { boardTitle: 'Mercato queues', favIcon: { default: 'data:,', alternative: 'data:,' } } },
  });
  await server.register(async (scope) => {
    scope.addHook('onRequest', async (request, reply) => {
      reply.header('content-security-policy', contentSecurityPolicy);
      const verdict = await mayEnterDashboard(request, settings);
      if (verdict.kind === 'enter') return;
      if (verdict.kind === 'ask') reply.header('www-authenticate', 'Basic realm="Queues", charset="UTF-8"');
      return reply
        .code(verdict.kind === 'ask' ? 401 : 403)
        .type('text/plain; charset=utf-8')
        .send(`${verdict.reason}\n`);
    });
    await scope.register(adapter.registerPlugin(), { prefix: dashboardPath });
  });
}
