import { prismaAdapter } from '@mercato/database';
import { type Prisma, PrismaClient } from '../generated/prisma/client.ts';

export type InventoryDatabase = PrismaClient;
export type InventoryTransaction = Prisma.TransactionClient;
/** What only reads, in a transaction or outside one. */
export type InventoryReader = PrismaClient | Prisma.TransactionClient;

/** Everyone who wants the last of a sku waits for its lock: long enough for a rush, short enough to be told. */
const transactionOptions = { maxWait: 15_000, timeout: 20_000 };

export const openDatabase = (url: string): InventoryDatabase =>
  new PrismaClient({ adapter: prismaAdapter(url, { max: 12 }), transactionOptions });
