import { formatAmount } from '@mercato/money';
import type { MoneyResolvers } from '../generated/graphql.ts';

export const Money: MoneyResolvers = {
  amount: (money) => formatAmount(money),
};
