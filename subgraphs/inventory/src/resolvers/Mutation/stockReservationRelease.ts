import { checkText } from '../../domain/input-check.ts';
import { releaseReservation } from '../../domain/reservation/release.ts';
import type { MutationResolvers } from '../../generated/graphql.ts';
import { invalidInput } from '../user-errors.ts';

export const stockReservationRelease: MutationResolvers['stockReservationRelease'] = async (
  _parent,
  { input },
  { db },
) => {
  const fault = checkText(input.orderId, 'orderId');
  if (fault) return { reservation: null, userErrors: [invalidInput(fault)] };
  const outcome = await releaseReservation(db, input.orderId, input.reason ?? null);
  switch (outcome.kind) {
    case 'released':
      return { reservation: outcome.reservation, userErrors: [] };
    case 'nothing-to-release':
      return { reservation: null, userErrors: [] };
    case 'already-fulfilled':
      return {
        reservation: null,
        userErrors: [
          {
            __typename: 'InvalidInputError',
            message: 'The goods of this order have left; there is nothing to give back.',
            path: ['input', 'orderId'],
          },
        ],
      };
  }
};
