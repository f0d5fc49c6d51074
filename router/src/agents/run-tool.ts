import type { Logger } from '@mercato/telemetry';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { RouterContext } from '../context.ts';
import { formatError } from '../errors.ts';
import type { Data } from '../execution/data.ts';
import type { OperationRecord } from '../observability/operation-record.ts';
import { type Answering, answerOperation } from '../operations/answer-operation.ts';
import type { Operation } from '../operations/operation.ts';
import { RequestError } from '../operations/request-error.ts';
import type { ToolDocument } from './tool.ts';

/** What came of a tool, as an agent reads it. */
export interface ToolOutcome {
  readonly data: Data | null;
  readonly errors: readonly GraphQLFormattedError[];
}

export interface ToolCall {
  readonly tool: ToolDocument;
  readonly variables: Readonly<Data>;
  readonly context: RouterContext;
  readonly record: OperationRecord;
}

/** Runs a tool's document for whoever asks, under the same rules as any operation. */
export async function runTool(
  { tool, variables, context, record }: ToolCall,
  { answering, logger }: { readonly answering: Answering; readonly logger: Logger },
): Promise<ToolOutcome> {
  const request = { query: tool.text, variables };
  record.asked = request;
  record.context = context;
  const outcomeOf = (data: Data | null, met: readonly (GraphQLError | GraphQLFormattedError)[]): ToolOutcome => {
    const errors = met.map((error) => formatError(error, context.trace, logger));
    record.end(errors, 200);
    return { data, errors };
  };
  try {
    const turning = answering.admission.mayAsk(context.account);
    if (turning) await turning;
    const operation = answering.documents.read(tool.text, undefined);
    record.operation = operation;
    refuseUnknown(operation, variables);
    const { data, errors, spent } = await answerOperation(operation, request, context, answering);
    record.spent = spent;
    return outcomeOf(data, errors);
  } catch (error) {
    if (error instanceof RequestError && context.account) answering.admission.refused(context.account, error);
    return outcomeOf(null, error instanceof RequestError ? error.errors : [asGraphQLError(error)]);
  }
}

const asGraphQLError = (error: unknown): GraphQLError =>
  new GraphQLError('The tool failed.', { originalError: error instanceof Error ? error : new Error(String(error)) });

/** A value under a misspelt name would change nothing, and nobody would know. */
function refuseUnknown({ definition }: Operation, variables: Readonly<Data>): void {
  const known = (definition.variableDefinitions ?? []).map(({ variable }) => variable.name.value);
  const unknown = Object.keys(variables).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new RequestError([
    new GraphQLError(`This tool takes no ${JSON.stringify(unknown)}; it takes ${known.join(', ') || 'nothing'}.`, {
      extensions: { code: 'BAD_USER_INPUT' },
    }),
  ]);
}
