import { json } from '@mercato/environment';
import { z } from 'zod';

const tags = z.array(z.string().min(1));
const filter = z.strictObject({ include: tags.optional(), exclude: tags.optional() });

/** Settings of the router about contracts: those of the schema unless set, `{}` for none. */
export const contractVariables = {
  CONTRACTS: json(z.record(z.string().regex(/^[a-z][a-z0-9-]*$/), filter))
    .optional()
    .describe('JSON such as {"partner": {"include": ["partner"]}}'),
};
