import { GraphQLError } from 'graphql';
import { type AvailabilityNews, followAvailability } from '../../domain/follow-availability.ts';
import type { SubscriptionResolvers } from '../../generated/graphql.ts';

export const availabilityChanged: SubscriptionResolvers['availabilityChanged'] = {
  subscribe: async (_parent, { skus }, { live, availabilityNow }) => {
    const outcome = await followAvailability({ live, now: availabilityNow }, skus);
    if (outcome.kind === 'followed') return outcome.news;
    throw new GraphQLError(outcome.message, { extensions: { code: 'BAD_USER_INPUT', argument: 'skus' } });
  },
  resolve: (news: AvailabilityNews) => news,
};
