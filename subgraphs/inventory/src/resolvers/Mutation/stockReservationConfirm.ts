import { confirmReservation } from '../../domain/reservation/confirm.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { notFound } from '../user-errors.ts';
import { reservationReleased } from './reservation-released.ts';

export const stockReservationConfirm: MutationResolvers['stockReservationConfirm'] = async (
  _parent,
  { input },
  { db },
) => {
  const outcome = await confirmReservation(db, input.orderId);
  switch (outcome.kind) {
    case 'confirmed':
      return { reservation: outcome.reservation, userErrors: [] };
    case 'not-found':
      return { reservation: null, userErrors: [notFound('This order has no reservation; reserve first.', 'orderId')] };
    case 'released':
      return { reservation: null, userErrors: [reservationReleased()] };
  }
};
