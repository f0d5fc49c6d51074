import type { ReservationLineResolvers } from '../generated/graphql.ts';
import { warehouseOf } from './warehouse-of.ts';

export const ReservationLine: ReservationLineResolvers = { warehouse: warehouseOf };
