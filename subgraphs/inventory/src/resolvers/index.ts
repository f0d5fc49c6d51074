import type { Resolvers } from '../generated/graphql.ts';
import { Discrepancy } from './Discrepancy.ts';
import { discrepancyResolve } from './Mutation/discrepancyResolve.ts';
import { reconciliationCancel } from './Mutation/reconciliationCancel.ts';
import { reconciliationStart } from './Mutation/reconciliationStart.ts';
import { stockAdjust } from './Mutation/stockAdjust.ts';
import { stockCountSubmit } from './Mutation/stockCountSubmit.ts';
import { stockReceive } from './Mutation/stockReceive.ts';
import { stockReservationConfirm } from './Mutation/stockReservationConfirm.ts';
import { stockReservationRelease } from './Mutation/stockReservationRelease.ts';
import { stockReserve } from './Mutation/stockReserve.ts';
import { stockTransfer } from './Mutation/stockTransfer.ts';
import { Product } from './Product.ts';
import { ProductVariant } from './ProductVariant.ts';
import { reconciliationRun } from './Query/reconciliationRun.ts';
import { reconciliationRuns } from './Query/reconciliationRuns.ts';
import { stockCount } from './Query/stockCount.ts';
import { stockLevels } from './Query/stockLevels.ts';
import { stockMovements } from './Query/stockMovements.ts';
import { warehouseByCode } from './Query/warehouseByCode.ts';
import { warehouses } from './Query/warehouses.ts';
import { ReconciliationRun } from './ReconciliationRun.ts';
import { ReconciliationSummary } from './ReconciliationSummary.ts';
import { Reservation } from './Reservation.ts';
import { ReservationLine } from './ReservationLine.ts';
import { StockCount } from './StockCount.ts';
import { StockLevel } from './StockLevel.ts';
import { StockMovement } from './StockMovement.ts';
import { availabilityChanged } from './Subscription/availabilityChanged.ts';
import { Warehouse } from './Warehouse.ts';

export const resolvers: Resolvers = {
  Query: {
    warehouses,
    warehouseByCode,
    stockLevels,
    stockMovements,
    stockCount,
    reconciliationRun,
    reconciliationRuns,
  },
  Mutation: {
    stockReceive,
    stockAdjust,
    stockTransfer,
    stockCountSubmit,
    reconciliationStart,
    reconciliationCancel,
    discrepancyResolve,
    stockReserve,
    stockReservationConfirm,
    stockReservationRelease,
  },
  Subscription: { availabilityChanged },
  Product,
  ProductVariant,
  Warehouse,
  StockLevel,
  StockMovement,
  Reservation,
  ReservationLine,
  StockCount,
  ReconciliationRun,
  ReconciliationSummary,
  Discrepancy,
};
