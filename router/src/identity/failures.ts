import { GraphQLError } from 'graphql';

export const invalidToken = (message: string): GraphQLError =>
  new GraphQLError(message, {
    extensions: {
      code: 'UNAUTHENTICATED',
      http: { status: 401, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } },
    },
  });

/** @param what such as "token": nothing is said of whether it holds */
export const cannotBeChecked = (what: string, cause: unknown): GraphQLError =>
  new GraphQLError(`The ${what} cannot be checked right now; try again shortly.`, {
    extensions: { code: 'SERVICE_UNAVAILABLE', http: { status: 503 } },
    originalError: cause instanceof Error ? cause : new Error(String(cause)),
  });
