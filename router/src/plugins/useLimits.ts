import { type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import type { RouterContext } from '../context.ts';
import { measure } from '../limits/measure.ts';
import type { Limits } from '../options.ts';

/** Refuses what is too deep or too long before it is validated: validation itself is where such documents hurt. */
export function useLimits(limits: Limits): ApolloServerPlugin<RouterContext> {
  return {
    async requestDidStart() {
      return {
        async validationDidStart({ document }) {
          const { depth, fields } = measure(document, limits);
          if (depth > limits.depth) {
            throw tooCostly(`The operation is more than ${limits.depth} fields deep. Ask for less at a time.`);
          }
          if (fields > limits.fields) {
            throw tooCostly(`The document holds ${fields} fields, more than ${limits.fields}. Split it.`);
          }
        },
      };
    },
  };
}

const tooCostly = (message: string): GraphQLError =>
  new GraphQLError(message, {
    extensions: { code: 'OPERATION_TOO_COSTLY', http: { status: 400, headers: new HeaderMap() } },
  });
