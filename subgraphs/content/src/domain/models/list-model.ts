import type { z } from 'zod';

/** A list of the CMS that is read whole. */
export interface ListModel<Arguments, Entry extends object> {
  readonly operation: string;
  /** Its list is answered as `entries`. */
  readonly document: string;
  readonly variables: (given: Arguments) => Readonly<Record<string, unknown>>;
  /** Reads one entry of an answer. */
  readonly read: z.ZodType<Entry>;
}
