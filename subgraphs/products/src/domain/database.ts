import { prismaAdapter, transactionOptions } from '@mercato/database';
import { type Prisma, PrismaClient } from '../generated/prisma/client.ts';

export type ProductsDatabase = PrismaClient;
export type Transaction = Prisma.TransactionClient;

/** What reads: the database, or a transaction that wants to see its own writes. */
export type Reader = Pick<Transaction, '$queryRaw'>;

export const connectDatabase = (url: string): ProductsDatabase =>
  new PrismaClient({ adapter: prismaAdapter(url), transactionOptions });
