import type { FastifyReply } from 'fastify';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { httpOf } from '../errors.ts';
import type { Data } from '../execution/data.ts';
import type { RequestError } from '../operations/request-error.ts';
import { type AnswerType, contentTypes, streamedEvent } from './media-types.ts';

/** An answer as it stands in the body. */
export interface AnswerBody {
  readonly errors?: readonly GraphQLFormattedError[];
  readonly data?: Data | null;
  readonly extensions?: Readonly<Data>;
}

export function writeAnswer(reply: FastifyReply, type: AnswerType, body: AnswerBody): FastifyReply {
  const text = JSON.stringify(body);
  const written = type === 'events' ? streamedEvent('next', text) + streamedEvent('complete', '') : text;
  // As bytes: a text would be measured, and then translated into a buffer of three times its size.
  return reply.header('content-type', contentTypes[type]).send(Buffer.from(written));
}

/**
 * Errors of the document or its variables are 400 for clients that know the newer media type, and 200 for those that
 * do not: https://graphql.github.io/graphql-over-http/draft/#sec-Status-Codes. Others name their status themselves.
 */
export function statusOf({ errors }: RequestError, reply: FastifyReply, type: AnswerType): number {
  let chosen: number | undefined;
  for (const error of errors) {
    if (!(error instanceof GraphQLError)) continue;
    const { status, headers } = httpOf(error);
    chosen ??= status;
    reply.headers(headers);
  }
  return chosen ?? (type === 'graphql' ? 400 : 200);
}
