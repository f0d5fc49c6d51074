import type { DeliveryOptionResolvers } from '../generated/graphql.ts';

const day = (date: Date): string => date.toISOString().slice(0, 10);

export const DeliveryOption: DeliveryOptionResolvers = {
  estimatedDelivery: ({ earliest, latest }) => ({ earliest: day(earliest), latest: day(latest) }),
};
