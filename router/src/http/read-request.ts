import type { FastifyRequest } from 'fastify';
import type { Data } from '../execution/data.ts';
import type { OperationRequest } from '../operations/answer-operation.ts';
import { badRequest } from './bad-request.ts';

/**
 * What a client asks, from a POST's body or a GET's address:
 * https://graphql.github.io/graphql-over-http/draft/#sec-Request
 * @throws RequestError
 */
export function readRequest(request: FastifyRequest): OperationRequest {
  return request.method === 'GET' ? readAddress(request) : readBody(request.body);
}

function readBody(body: unknown): OperationRequest {
  if (Array.isArray(body)) throw badRequest('One operation a request; batches are not taken.');
  if (!isMap(body)) throw badRequest('The request wants a JSON object with a "query" as its body.');
  return requestFrom(body);
}

/** Forms and images of other sites can send a GET, but not these headers, nor such a content type. */
const preflighted = ['apollo-require-preflight', 'x-apollo-operation-name'];
const jsonType = /^\s*application\/json\s*(;|$)/i;

function readAddress({ headers, query }: FastifyRequest): OperationRequest {
  const type = headers['content-type'];
  // A GET has no body that could be of a type; some clients send this one still. Browsers do not agree on which others
  // a page may send unasked: https://github.com/apollographql/apollo-server/security/advisories/GHSA-9q82-xgwf-vj6h
  if (type !== undefined && type !== '' && !jsonType.test(type)) {
    throw badRequest('A GET has no body: leave "content-type" out, or say "application/json".', 415);
  }
  if (!type && !preflighted.some((name) => headers[name])) {
    throw badRequest(
      'A GET wants a header that pages of other sites cannot send: "apollo-require-preflight" with any value.',
    );
  }
  const given = isMap(query) ? query : {};
  return requestFrom({
    ...given,
    variables: parsed('variables', given.variables),
    extensions: parsed('extensions', given.extensions),
  });
}

function parsed(name: string, text: unknown): unknown {
  if (text === undefined || text === '') return undefined;
  try {
    return JSON.parse(String(text));
  } catch {
    throw badRequest(`"${name}" is not JSON.`);
  }
}

/** @throws RequestError when they make no request */
export function requestFrom({ query, documentId, operationName, variables, extensions }: Data): OperationRequest {
  if (query !== undefined && query !== null && typeof query !== 'string') {
    throw badRequest('The request wants a GraphQL document as text in "query".');
  }
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') {
    throw badRequest('"operationName" wants a text.');
  }
  return {
    query: query ?? undefined,
    documentId,
    operationName: operationName ?? undefined,
    variables: mapOrNothing('variables', variables),
    extensions: mapOrNothing('extensions', extensions),
  };
}

function mapOrNothing(name: string, value: unknown): Data | undefined {
  if (value === undefined || value === null) return undefined;
  if (isMap(value)) return value;
  throw badRequest(`"${name}" wants a JSON object.`);
}

const isMap = (value: unknown): value is Data => typeof value === 'object' && value !== null && !Array.isArray(value);
