import { z } from 'zod';

/** Settings of the router about where its schema comes from. */
export const schemaVariables = {
  SUPERGRAPH_FILE: z.string().optional(),
  SCHEMA_CHECKS: z
    .enum(['refuse', 'warn'])
    .default('refuse')
    .describe('refuse or warn: what is done with a published schema that breaks documents in use'),
  APOLLO_KEY: z.string().min(1).optional(),
  APOLLO_GRAPH_REF: z
    .string()
    .regex(/^[^@\s]+@[^@\s]+$/, 'it wants graph@variant')
    .optional(),
  APOLLO_SCHEMA_CONFIG_DELIVERY_ENDPOINT: z.string().optional().describe('addresses, separated by commas'),
  APOLLO_USAGE_REPORTING_INGRESS_URL: z.url({ protocol: /^https?$/ }).optional(),
  APOLLO_FIELD_LEVEL_INSTRUMENTATION: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0.01)
    .describe('0 to 1: the share of operations of which GraphOS is told what each field took'),
};

type SchemaEnvironment = z.output<z.ZodObject<typeof schemaVariables>>;

/** A graph in Apollo GraphOS. */
export interface GraphosGraph {
  readonly apiKey: string;
  /** Such as `shop@current`. */
  readonly graphRef: string;
}

export const graphosGraph = ({ APOLLO_KEY, APOLLO_GRAPH_REF }: SchemaEnvironment): GraphosGraph | undefined =>
  APOLLO_KEY && APOLLO_GRAPH_REF ? { apiKey: APOLLO_KEY, graphRef: APOLLO_GRAPH_REF } : undefined;
