import type { ReservationResolvers } from '../generated/graphql.ts';

export const Reservation: ReservationResolvers = {
  __resolveReference: ({ id }, { loaders }) => loaders.reservationById.load(id),
};
