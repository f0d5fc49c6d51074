import { prismaAdapter, transactionOptions } from '@mercato/database';
import { Prisma, PrismaClient } from '../generated/prisma/client.ts';

export { Prisma };
export type ShippingDatabase = PrismaClient;
export type ShippingTransaction = Prisma.TransactionClient;

export const connectDatabase = (url: string): ShippingDatabase =>
  new PrismaClient({ adapter: prismaAdapter(url), transactionOptions });
