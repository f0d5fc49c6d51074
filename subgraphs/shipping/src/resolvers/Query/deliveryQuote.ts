import { findQuote } from '../../domain/quotes/find-quote.ts';
import type { QueryResolvers } from '../../generated/graphql.ts';

export const deliveryQuote: QueryResolvers['deliveryQuote'] = (_parent, args, { db }) => findQuote(db, args);
