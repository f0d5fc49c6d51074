import { createHash } from 'node:crypto';
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
  OperationTypeNode,
  parse,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';

export type Prepared = { document: DocumentNode } | { errors: readonly GraphQLError[] };

export interface Request {
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
}

export interface DocumentCache {
  /** The document parsed and validated, from memory when it was seen before. */
  prepare(query: string): Prepared;
}

/** The router sends the same few documents over and over: each is parsed and validated once. */
export function createDocumentCache(schema: GraphQLSchema, max = 2_000): DocumentCache {
  const cache = new LRUCache<string, Prepared>({ max });
  return {
    prepare(query) {
      const key = query.length > 512 ? createHash('sha256').update(query).digest('base64') : query;
      let prepared = cache.get(key);
      if (!prepared) {
        prepared = prepare(schema, query);
        cache.set(key, prepared);
      }
      return prepared;
    },
  };
}

function prepare(schema: GraphQLSchema, query: string): Prepared {
  try {
    const document = parse(query, { noLocation: true, maxTokens: 20_000 });
    const errors = validate(schema, document);
    return errors.length > 0 ? { errors: errors.map(withCode('GRAPHQL_VALIDATION_FAILED')) } : { document };
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [withCode('GRAPHQL_PARSE_FAILED')(error)] };
    throw error;
  }
}

const withCode = (code: string) => (error: GraphQLError) => {
  error.extensions.code = code;
  return error;
};

/** Runs one operation of a prepared document. */
export async function run(
  schema: GraphQLSchema,
  prepared: Prepared,
  request: Request,
  contextValue: unknown,
): Promise<ExecutionResult> {
  if ('errors' in prepared) return { errors: prepared.errors };
  if (getOperationAST(prepared.document, request.operationName)?.operation === OperationTypeNode.SUBSCRIPTION) {
    const message = 'A subscription gives many answers; send it with accept: text/event-stream.';
    return { errors: [withCode('BAD_USER_INPUT')(new GraphQLError(message))] };
  }
  const result = await execute({
    schema,
    document: prepared.document,
    contextValue,
    variableValues: request.variables ?? null,
    operationName: request.operationName ?? null,
  });
  // Without a path it arose before any resolver ran: from variables or the name of the operation, the caller's doing.
  for (const error of result.errors ?? []) if (error.path === undefined) error.extensions.code ??= 'BAD_USER_INPUT';
  return result;
}
