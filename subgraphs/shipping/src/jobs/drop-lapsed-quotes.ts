import { defineJob } from '@mercato/queue';
import { z } from 'zod';

/** Throws away quotes that nobody can choose any more. */
export const dropLapsedQuotesJob = defineJob({ queue: 'shipping', name: 'drop-lapsed-quotes', payload: z.object({}) });

export const dropLapsedQuotesEvery = 60 * 60_000;
