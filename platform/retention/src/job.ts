import { defineJob } from '@mercato/queue';
import { z } from 'zod';

/** Removes rows of a domain's database that nobody needs any more. Scheduled. */
export const dropOldRows = (domain: string) =>
  defineJob({ queue: domain, name: 'drop-old-rows', payload: z.object({}) });
