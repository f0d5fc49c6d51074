import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Authorization, refused, total } from '../authorization.ts';
import type { Ledger } from '../ledger.ts';
import type { MovementRequest, Processor } from '../processor.ts';
import { ApiError, readRequest, unlessRefused } from './errors.ts';

export interface AuthorizationRoutes {
  readonly processor: Processor;
  readonly ledger: Ledger;
  /** How late `tok_slow` answers, in milliseconds. */
  readonly slowMs: number;
  /** After how long an answer that is to be lost becomes a lost connection, in milliseconds. */
  readonly silenceMs: number;
  /** Where the shopper takes the step at the bank. */
  readonly actionUrl: (authorization: Authorization) => string;
}

const amount = z
  .string('must be a string of minor units such as "4299"')
  .regex(/^[1-9]\d{0,14}$/, 'must be minor units from 1 to 15 digits, such as "4299"')
  .transform(BigInt);
const reference = z.string().regex(/^[\w.:-]{1,200}$/, 'must be 1 to 200 letters, digits, and . : _ -');
const authorizeBody = z.object({
  amount,
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be three letters such as "USD"'),
  token: z.string().min(1).max(200),
  reference,
  returnUrl: z.url({ protocol: /^https?$/, message: 'must be an http or https URL' }).nullish(),
});
const movementBody = z.object({ amount: amount.optional() });
const byId = z.object({ id: z.string() });
const listQuery = z.object({ reference: z.string().optional(), idempotencyKey: z.string().optional() });

export function serveAuthorizations(server: FastifyInstance, routes: AuthorizationRoutes): void {
  const { processor, ledger } = routes;
  const view = (authorization: Authorization) => wire(authorization, routes.actionUrl);

  server.post('/v1/authorizations', async (request, reply) => {
    const body = readRequest(authorizeBody, request.body);
    const idempotencyKey = readKey(request);
    const result = processor.authorize({ ...body, returnUrl: body.returnUrl ?? null, idempotencyKey });

    if (result.kind === 'error-500') throw new ApiError(500, 'processing_error', 'Try again with the same key.');
    if (result.kind === 'lost') return loseAnswer(reply, routes.silenceMs);
    const { authorization, answer } = unlessRefused(result);
    if (answer === 'lost') return loseAnswer(reply, routes.silenceMs);
    if (answer === 'slow') await delay(routes.slowMs);
    return view(authorization);
  });

  server.get('/v1/authorizations', async (request) => ({
    data: ledger.authorizations(readRequest(listQuery, request.query)).map(view),
  }));

  server.get('/v1/authorizations/:id', async (request) => {
    const { id } = readRequest(byId, request.params);
    return view(
      ledger.authorization(id) ?? unlessRefused(refused(404, 'not_found', `There is no authorization ${id}.`)),
    );
  });

  server.post('/v1/authorizations/:id/capture', async (request) => {
    const { authorization, movement } = unlessRefused(processor.capture(readMovement(request)));
    return { capture: movement && wireMovement(movement), authorization: view(authorization) };
  });

  server.post('/v1/authorizations/:id/refunds', async (request) => {
    const { authorization, movement } = unlessRefused(processor.refund(readMovement(request)));
    return { refund: movement && wireMovement(movement), authorization: view(authorization) };
  });

  server.post('/v1/authorizations/:id/void', async (request) =>
    view(unlessRefused(processor.void(readRequest(byId, request.params).id)).authorization),
  );

  server.post('/v1/references/:reference/cancel', async (request) => {
    const params = readRequest(z.object({ reference }), request.params);
    const { voided } = unlessRefused(processor.cancelReference(params.reference));
    return { reference: params.reference, cancelled: true, voided: voided.map(({ id }) => id) };
  });
}

function readKey(request: FastifyRequest): string {
  const key = request.headers['idempotency-key'];
  if (typeof key === 'string' && key.length > 0 && key.length <= 255) return key;
  throw new ApiError(400, 'invalid_request', 'Header Idempotency-Key: must be 1 to 255 letters.', 'Idempotency-Key');
}

function readMovement(request: FastifyRequest): MovementRequest {
  const { id } = readRequest(byId, request.params);
  return {
    authorizationId: id,
    idempotencyKey: readKey(request),
    amount: readRequest(movementBody, request.body).amount,
  };
}

/** The connection stays open without a word and breaks in the end, sooner when the client gives up. */
async function loseAnswer(reply: FastifyReply, silenceMs: number): Promise<FastifyReply> {
  reply.hijack();
  const { socket } = reply.raw;
  const timer = setTimeout(() => socket?.destroy(), silenceMs);
  socket?.once('close', () => clearTimeout(timer));
  return reply;
}

function wire(authorization: Authorization, actionUrl: (authorization: Authorization) => string) {
  const { captures, refunds, returnUrl: _returnUrl, ...rest } = authorization;
  return {
    ...rest,
    amount: rest.amount.toString(),
    actionUrl: rest.status === 'requires_action' ? actionUrl(authorization) : null,
    capturedAmount: total(captures).toString(),
    refundedAmount: total(refunds).toString(),
    captures: captures.map(wireMovement),
    refunds: refunds.map(wireMovement),
  };
}

const wireMovement = ({ id, amount: moved }: { id: string; amount: bigint }) => ({ id, amount: moved.toString() });
