import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ContentApiError } from '../errors.ts';
import { type Faults, fault } from './faults.ts';

const digestOf = (value: string): Buffer => createHash('sha256').update(value).digest();

/** `GET`, `POST` and `DELETE /__faults`, for whoever has the admin token. No part of the dialect. */
export function serveFaults(server: FastifyInstance, faults: Faults, adminToken: string): void {
  const expected = digestOf(`Bearer ${adminToken}`);
  const demandAdmin = async (request: FastifyRequest): Promise<void> => {
    if (!timingSafeEqual(digestOf(request.headers.authorization ?? ''), expected)) {
      throw new ContentApiError(401, 'this needs the admin token', { code: '401' });
    }
  };

  server.route({ method: 'GET', url: '/__faults', preHandler: demandAdmin, handler: async () => faults.state });
  server.route({
    method: 'POST',
    url: '/__faults',
    preHandler: demandAdmin,
    handler: async (request) => {
      const given = fault.safeParse(request.body);
      if (!given.success) throw new ContentApiError(400, z.prettifyError(given.error), { code: '400' });
      faults.set(given.data);
      return faults.state;
    },
  });
  server.route({
    method: 'DELETE',
    url: '/__faults',
    preHandler: demandAdmin,
    handler: async () => {
      faults.clear();
      return faults.state;
    },
  });
}
