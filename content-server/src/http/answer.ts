import { type DocumentNode, execute, GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { z } from 'zod';
import { badInput, ContentApiError, type ErrorBody, envelope } from '../errors.ts';
import type { RequestContext } from '../schema/context.ts';

export interface Answer {
  status: number;
  /** Text only where a fault wants it broken. */
  body: object | string;
}

const request = z.object({
  query: z.string().min(1),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

type Parsed = { document: DocumentNode } | { errors: readonly ErrorBody[] };

/** Executes requests over the schema and words what is wrong with them as the dialect does. */
export class Executor {
  readonly #schema: GraphQLSchema;
  /** Documents by their text: clients send the same few. */
  readonly #parsed = new Map<string, Parsed>();

  constructor(schema: GraphQLSchema) {
    this.#schema = schema;
  }

  /** @throws whatever a bug threw. */
  async answer(body: unknown, context: RequestContext, requestId: string): Promise<Answer> {
    const sent = request.safeParse(body);
    if (!sent.success) throw badInput('the body needs a `query`');
    const parsed = this.#parse(sent.data.query);
    if ('errors' in parsed) return { status: 400, body: envelope(requestId, parsed.errors) };
    const result = await execute({
      schema: this.#schema,
      document: parsed.document,
      variableValues: sent.data.variables ?? {},
      operationName: sent.data.operationName ?? null,
      contextValue: context,
    });
    if (!result.errors?.length) return { status: 200, body: { data: result.data } };
    return refusal(result.errors, requestId);
  }

  #parse(text: string): Parsed {
    const known = this.#parsed.get(text);
    if (known) return known;
    const parsed = this.#read(text);
    if (this.#parsed.size >= 500) this.#parsed.clear();
    this.#parsed.set(text, parsed);
    return parsed;
  }

  #read(text: string): Parsed {
    try {
      const document = parse(text);
      const errors = validate(this.#schema, document);
      return errors.length > 0 ? { errors: errors.map(worded) } : { document };
    } catch (error) {
      if (error instanceof GraphQLError) return { errors: [worded(error)] };
      throw error;
    }
  }
}

/** `input:<line>: <what>` and a line break. */
const worded = (error: GraphQLError): ErrorBody => ({
  message: badInput(error.message, error.locations?.[0]?.line).message,
});

/** What a caller caused: a refusal of ours, or a variable that graphql-js could not read. */
const isOfCaller = (error: Error): boolean => error instanceof ContentApiError || error instanceof GraphQLError;

/** One refused field refuses the whole answer. */
function refusal(errors: readonly GraphQLError[], requestId: string): Answer {
  const bug = errors.find(({ originalError }) => originalError && !isOfCaller(originalError))?.originalError;
  if (bug) throw bug;
  const refused = errors.flatMap(({ originalError }) =>
    originalError instanceof ContentApiError ? [originalError] : [],
  );
  const status = refused[0]?.status ?? 400;
  const bodies = errors.map((error) =>
    error.originalError instanceof ContentApiError ? error.originalError.body : worded(error),
  );
  return { status, body: envelope(requestId, bodies) };
}
