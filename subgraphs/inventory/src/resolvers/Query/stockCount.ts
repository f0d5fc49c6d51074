import { findCount } from '../../domain/count/submit.ts';
import type { QueryResolvers } from '../../generated/graphql.ts';

export const stockCount: QueryResolvers['stockCount'] = (_parent, { id }, { db, viewer }) => findCount(db, viewer, id);
