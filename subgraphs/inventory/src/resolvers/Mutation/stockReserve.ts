import { type ReserveOutcome, reserveStock } from '../../domain/reservation/reserve.ts';
import type { MutationResolvers, StockReserveInput } from '../../generated/graphql.ts';
import { insufficientStock, invalidInput } from '../user-errors.ts';
import { reservationReleased } from './reservation-released.ts';

export const stockReserve: MutationResolvers['stockReserve'] = async (_parent, { input }, { db }) => {
  const outcome = await reserveStock(db, { ...input, country: input.country ?? null });
  if (outcome.kind === 'reserved') return { reservation: outcome.reservation, userErrors: [] };
  return { reservation: null, userErrors: [errorOf(outcome, input)] };
};

function errorOf(outcome: Exclude<ReserveOutcome, { kind: 'reserved' }>, input: StockReserveInput) {
  switch (outcome.kind) {
    case 'insufficient':
      return insufficientStock(outcome, input.lines);
    case 'unknown-sku':
      return {
        __typename: 'UnknownSkuError' as const,
        message: `The sku ${JSON.stringify(outcome.sku)} is not sold here.`,
        path: ['input', 'lines', String(input.lines.findIndex(({ sku }) => sku === outcome.sku)), 'sku'],
        sku: outcome.sku,
      };
    case 'released':
      return reservationReleased();
    case 'invalid-input':
      return invalidInput(outcome);
  }
}
