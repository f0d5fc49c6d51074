import type { Logger } from '@mercato/telemetry';
import { z } from 'zod';

/**
 * An entry of an answer, or null for one that lacks what it must have: it is told and left out, and spoils neither
 * its neighbours nor the page.
 */
export function readEntry<Entry>(
  schema: z.ZodType<Entry>,
  entry: unknown,
  { operation, logger }: { readonly operation: string; readonly logger: Logger },
): Entry | null {
  const parsed = schema.safeParse(entry);
  if (parsed.success) return parsed.data;
  logger.warn(
    { operation, problem: z.prettifyError(parsed.error) },
    'An entry of the CMS lacks something; it is left out',
  );
  return null;
}
