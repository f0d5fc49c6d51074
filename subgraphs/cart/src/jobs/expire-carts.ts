import { defineJob } from '@mercato/queue';
import { z } from 'zod';

/** Throws away carts past their time. */
export const expireCartsJob = defineJob({ queue: 'cart', name: 'expire-carts', payload: z.object({}) });

export const expireCartsEvery = 10 * 60_000;
