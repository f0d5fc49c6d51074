import type { Trace } from '@mercato/telemetry';
import { activeTracer, type Span } from '@mercato/telemetry/tracing';
import type { OperationEnd } from '../operations/log-operation.ts';

/** Begins to record an operation, where anything is recorded. */
export const startOperation = (within: Trace): Span | undefined => activeTracer()?.start('GraphQL', 'server', within);

/** What was asked and how it ended: as the log, never its variables. */
export function endOperation(span: Span, { operation, tool, errors, httpStatus, spent, context }: OperationEnd): void {
  const name = operation?.name?.slice(0, 100);
  if (tool !== undefined) span.rename(`tool ${tool}`);
  else if (operation) span.rename(name ? `${operation.type} ${name}` : operation.type);
  span.set({
    'graphql.operation.type': operation?.type,
    'graphql.operation.name': name,
    'http.response.status_code': httpStatus,
    'mercato.viewer': context?.viewer.kind,
    'mercato.cost': spent?.actual,
  });
  const [error] = errors;
  if (error) span.failed(String(error.extensions?.code ?? 'INTERNAL_SERVER_ERROR'));
  span.end();
}

/** Records how long an operation waits for a plan that was not known. */
export async function recordPlanning<T>(plan: Promise<T>, within: Trace): Promise<T> {
  const span = activeTracer()?.start('plan', 'internal', within);
  try {
    return await plan;
  } catch (error) {
    span?.failed(error);
    throw error;
  } finally {
    span?.end();
  }
}
