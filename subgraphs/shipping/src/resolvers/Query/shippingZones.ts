import { listZones } from '../../domain/zones/read-zones.ts';
import type { QueryResolvers } from '../../generated/graphql.ts';

export const shippingZones: QueryResolvers['shippingZones'] = (_parent, args, { db }) => listZones(db, args);
