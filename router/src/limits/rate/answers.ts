import { GraphQLError } from 'graphql';
import type { Decision } from './rate-limiter.ts';

/** https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/, with the policy named after who asks. */
export function rateHeaders({ policy, remaining, resetsIn, allowed, retryAfter }: Decision): Record<string, string> {
  const headers: Record<string, string> = {
    'ratelimit-policy': policy.header,
    ratelimit: `"${policy.kind}";r=${remaining};t=${resetsIn}`,
  };
  if (!allowed) headers['retry-after'] = String(retryAfter);
  return headers;
}

/** 429 for what nobody has asked before; what is known is answered. @param retryAfter seconds */
export const tooMuchNew = (retryAfter: number): GraphQLError =>
  new GraphQLError(
    `Reading and planning what you ask for the first time takes too long. Ask again in ${retryAfter} s, or what you asked before.`,
    {
      extensions: {
        code: 'RATE_LIMITED',
        retryAfter,
        http: { status: 429, headers: { 'retry-after': String(retryAfter) } },
      },
    },
  );

/** 429, with the headers that every answer has, and when to ask again. */
export function rateLimited(decision: Decision): GraphQLError {
  const { policy, retryAfter } = decision;
  return new GraphQLError(
    `The ${policy.points} points for ${policy.seconds} s are spent. Ask again in ${retryAfter} s, or for less.`,
    { extensions: { code: 'RATE_LIMITED', retryAfter, http: { status: 429, headers: rateHeaders(decision) } } },
  );
}
