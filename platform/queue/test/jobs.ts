import { z } from 'zod';
import { defineJob } from '../src/index.ts';

export const held = defineJob({ queue: 'held', name: 'hold', payload: z.object({ n: z.int() }) });

/** A dead worker's job is found within three seconds. */
export const quickRecovery = { lockDuration: 2_000, stalledInterval: 1_000 };

/** What one side waits to pass and the other opens. */
export function gate(): { passed: Promise<void>; open(): void } {
  let open = () => {};
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}
