import { prismaAdapter, transactionOptions } from '@mercato/database';
import { type Prisma, PrismaClient } from '../generated/prisma/client.ts';

export type InventoryDatabase = PrismaClient;
export type InventoryTransaction = Prisma.TransactionClient;
/** What only reads, in a transaction or outside one. */
export type InventoryReader = PrismaClient | Prisma.TransactionClient;

export const openDatabase = (url: string): InventoryDatabase =>
  new PrismaClient({ adapter: prismaAdapter(url, { max: 12 }), transactionOptions });
