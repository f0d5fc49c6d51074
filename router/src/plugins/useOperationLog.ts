import type { ApolloServerPlugin } from '@apollo/server';
import type { Logger } from '@mercato/telemetry';
import type { RouterContext } from '../context.ts';
import type { TraceOfError } from '../trace-of-error.ts';

/** Clients name themselves: a name is cut, so that it cannot fill the log. */
const short = (text: string | null | undefined): string | undefined => text?.slice(0, 100) || undefined;

/** One line an operation: what was asked by whom, how long it took, how it ended. Never its variables. */
export function useOperationLog(logger: Logger, traces: TraceOfError): ApolloServerPlugin<RouterContext> {
  return {
    async contextCreationDidFail({ error }) {
      logger.info({ status: 'refused', reason: error.message, ...traces.find(error) }, 'operation');
    },
    async invalidRequestWasReceived({ error }) {
      logger.info({ status: 'refused', reason: error.message }, 'operation');
    },
    async requestDidStart() {
      const startedAt = performance.now();
      return {
        async willSendResponse({ request, operationName, operation, contextValue, errors, response }) {
          const headers = request.http?.headers;
          const codes = errors?.map(({ extensions }) => extensions.code ?? 'INTERNAL_SERVER_ERROR');
          logger.info(
            {
              operation: short(operationName ?? request.operationName) ?? 'anonymous',
              type: operation?.operation,
              durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
              status: codes?.length ? 'errors' : 'ok',
              ...(codes?.length ? { codes: [...new Set(codes)] } : {}),
              httpStatus: response.http.status ?? 200,
              viewer: contextValue.viewer.kind,
              client: short(headers?.get('apollographql-client-name')),
              clientVersion: short(headers?.get('apollographql-client-version')),
              ...contextValue.trace,
            },
            'operation',
          );
        },
      };
    },
  };
}
