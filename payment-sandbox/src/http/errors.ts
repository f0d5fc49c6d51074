import type { Logger } from '@mercato/telemetry';
import type { FastifyError, FastifyInstance } from 'fastify';
import type { z } from 'zod';
import type { Refusal } from '../authorization.ts';

/** A refusal on its way out of a route. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly param: string | null = null,
  ) {
    super(message);
  }
}

/** Lets results pass and throws refusals, for the error handler to write. */
export function unlessRefused<T extends { readonly kind: string }>(result: T): Exclude<T, Refusal> {
  if (isRefusal(result)) throw new ApiError(result.status, result.code, result.message);
  // A result that is no refusal is what remains of the union.
  return result as Exclude<T, Refusal>;
}

const isRefusal = (result: { readonly kind: string }): result is Refusal => result.kind === 'refused';

/** Reads what a client sent. @throws ApiError 400 that names the first wrong parameter. */
export function readRequest<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value ?? {});
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const param = issue?.path.join('.') || null;
  throw new ApiError(400, 'invalid_request', `${param ?? 'The request'}: ${issue?.message ?? 'is wrong'}.`, param);
}

/** Every failure has one envelope; what is no refusal is logged and tells nothing. */
export function answerErrors(server: FastifyInstance, logger: Logger): void {
  server.setNotFoundHandler((request, reply) =>
    reply.code(404).send(envelope('not_found', `There is no ${request.method} ${request.url.split('?')[0]}.`)),
  );
  server.setErrorHandler<FastifyError | ApiError>((error, _request, reply) => {
    if (error instanceof ApiError)
      return reply.code(error.status).send(envelope(error.code, error.message, error.param));
    if (error.statusCode !== undefined && error.statusCode < 500) {
      return reply.code(error.statusCode).send(envelope('invalid_request', error.message));
    }
    logger.error({ err: error }, 'The payment sandbox failed to answer');
    return reply.code(500).send(envelope('internal_error', 'Something went wrong.'));
  });
}

const envelope = (code: string, message: string, param: string | null = null) => ({ error: { code, message, param } });
