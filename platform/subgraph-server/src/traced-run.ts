import type { ExecutionResult, GraphQLSchema } from 'graphql';
import type { Answer } from './answer.ts';
import { type Prepared, type Request, run } from './execute.ts';

/** Whether the caller, a gateway that reports to Apollo, wants to know what each field took. */
export const wantsTrace = (headers: Readonly<Record<string, string>>): boolean =>
  headers['apollo-federation-include-trace'] === 'ftv1';

type TracedRun = (
  prepared: Prepared,
  request: Request,
  context: object,
  answerOf: (result: ExecutionResult) => Answer,
) => Promise<Answer>;

/** Runs operations with a trace of their fields. What that takes is loaded and built by the first of them. */
export function createTracedRun(buildSchema: () => GraphQLSchema): TracedRun {
  const prepareOnce = async () => {
    const { makeTraceable, traceCall } = await import('./federated-trace.ts');
    return { schema: makeTraceable(buildSchema()), traceCall };
  };
  let traceable: ReturnType<typeof prepareOnce> | undefined;
  return async (prepared, request, context, answerOf) => {
    traceable ??= prepareOnce();
    const { schema, traceCall } = await traceable;
    const trace = traceCall(context);
    const answer = answerOf(await run(schema, prepared, request, context));
    const ftv1 = trace.encode(answer.errors ?? []);
    return ftv1 === undefined ? answer : { ...answer, extensions: { ftv1 } };
  };
}
