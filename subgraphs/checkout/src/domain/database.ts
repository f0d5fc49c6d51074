import { prismaAdapter, transactionOptions } from '@mercato/database';
import { Prisma, PrismaClient } from '../generated/prisma/client.ts';

export { Prisma };
export type CheckoutDatabase = PrismaClient;
export type CheckoutTransaction = Prisma.TransactionClient;

export const connectDatabase = (url: string): CheckoutDatabase =>
  new PrismaClient({ adapter: prismaAdapter(url), transactionOptions });
