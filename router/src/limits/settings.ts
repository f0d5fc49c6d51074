import { json } from '@mercato/environment';
import { z } from 'zod';
import { type CostOptions, defaultCostOptions } from './cost/operation-cost.ts';
import { defaultWork } from './new-documents.ts';
import { type DocumentLimits, defaultDocumentLimits, defaultValueLimits, type ValueLimits } from './options.ts';

const count = z.number().int().min(1);
const countsOf = <Name extends string>(names: readonly Name[]) =>
  Object.fromEntries(names.map((name) => [name, count])) as Record<Name, typeof count>;

const documentLimits = Object.keys(defaultDocumentLimits) as (keyof DocumentLimits)[];
const valueLimits = Object.keys(defaultValueLimits) as (keyof ValueLimits)[];
const costLimits = ['maximumCost', 'defaultListSize', 'introspectionCost'] as const satisfies (keyof CostOptions)[];

const limits = z
  .object({
    ...countsOf([...documentLimits, ...valueLimits, ...costLimits, 'body']),
    enforceCost: z.boolean().default(defaultCostOptions.enforceCost),
  })
  .partial();

const budget = z.object({ points: count, seconds: count }).nullable();
const budgets = z.object({ guest: budget, customer: budget, partner: budget, staff: budget }).partial();
const rateLimits = z.object({
  budgets: onlyKeysOf(budgets).default({}),
  loopback: z.boolean().default(false),
  newDocuments: z.object({ milliseconds: count, seconds: count }).nullable().default(defaultWork),
});

/** A name that is misspelt would leave its limit as it was; it is told instead. */
function onlyKeysOf<Shape extends z.ZodObject>(schema: Shape) {
  return z
    .record(z.string(), z.unknown())
    .superRefine((given, context) => {
      for (const key of Object.keys(given)) {
        if (!(key in schema.shape)) context.addIssue({ code: 'custom', message: `there is no "${key}"` });
      }
    })
    .pipe(schema);
}

/** A number of proxies, or their addresses. */
const proxies = z
  .string()
  .regex(/^(\d+|[\w.:/]+( *, *[\w.:/]+)*)$/)
  .transform((text) => (/^\d+$/.test(text) ? Number(text) : text.split(/ *, */)));

/** The limits in the environment. */
export const limitsEnvironment = {
  LIMITS: json(onlyKeysOf(limits)).default({}).describe('JSON such as {"depth": 15, "maximumCost": 10000}'),
  RATE_LIMITS: json(onlyKeysOf(rateLimits))
    .default({ budgets: {}, loopback: false, newDocuments: defaultWork })
    .describe('JSON such as {"budgets": {"guest": {"points": 60000, "seconds": 60}, "staff": null}, "loopback": true}'),
  TRUST_PROXY: proxies
    .optional()
    .describe('how many proxies stand before the router, such as 1, or their addresses, such as 10.0.0.0/8,loopback'),
};
