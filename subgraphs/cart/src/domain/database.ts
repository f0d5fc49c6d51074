import { prismaAdapter, transactionOptions } from '@mercato/database';
import { Prisma, PrismaClient } from '../generated/prisma/client.ts';

export { Prisma };
export type CartDatabase = PrismaClient;
export type CartTransaction = Prisma.TransactionClient;

export const connectDatabase = (url: string): CartDatabase =>
  new PrismaClient({ adapter: prismaAdapter(url), transactionOptions });
