import type { Logger } from '@mercato/telemetry';
import type { FastifyError, FastifyInstance } from 'fastify';
import { GraphQLError } from 'graphql';
import { httpOf } from '../errors.ts';
import { bugMessage } from '../subgraphs/failures.ts';

const mebibyte = 1024 * 1024;

/** What fails outside of GraphQL answers in GraphQL's shape too: clients read errors in one way. */
export function useErrorAnswers(server: FastifyInstance, { logger, bodyLimit }: { logger: Logger; bodyLimit: number }) {
  const sentences: Readonly<Record<string, string>> = {
    FST_ERR_CTP_BODY_TOO_LARGE: `The request body is larger than ${bodyLimit / mebibyte} MiB.`,
    FST_ERR_CTP_EMPTY_JSON_BODY: 'The request body is empty; it wants JSON with a "query".',
    FST_ERR_CTP_INVALID_JSON_BODY: 'The request body is not JSON.',
    FST_ERR_CTP_INVALID_MEDIA_TYPE: 'The request wants the header content-type: application/json.',
  };

  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).send({
      errors: [
        { message: 'There is nothing at this address; the API is at /graphql.', extensions: { code: 'NOT_FOUND' } },
      ],
    }),
  );

  server.setErrorHandler<FastifyError>((error, request, reply) => {
    if (error instanceof GraphQLError) {
      // Such as a token that does not hold: these name their status themselves.
      const { http: _http, ...extensions } = error.extensions;
      const { status, headers } = httpOf(error);
      if (status)
        return reply
          .code(status)
          .headers(headers)
          .send({ errors: [{ message: error.message, extensions }] });
    }
    const status = error.statusCode ?? 500;
    if (status < 500) {
      const message = sentences[error.code] ?? error.message;
      return reply.code(status).send({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
    }
    const { requestId } = request.trace;
    logger.error({ err: error, ...request.trace }, 'The router failed');
    return reply
      .code(500)
      .send({ errors: [{ message: bugMessage, extensions: { code: 'INTERNAL_SERVER_ERROR', requestId } }] });
  });
}
