import type { ApolloServerPlugin } from '@apollo/server';
import type { RouterContext } from '../context.ts';
import type { TraceOfError } from '../trace-of-error.ts';

/** Remembers of each error which request it ended, before it is formatted. */
export const useErrorTraces = (traces: TraceOfError): ApolloServerPlugin<RouterContext> => ({
  async requestDidStart({ contextValue }) {
    return {
      async didEncounterErrors({ errors }) {
        for (const error of errors) traces.remember(error, contextValue.trace);
      },
    };
  },
});
