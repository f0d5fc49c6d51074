import { z } from 'zod';

/** What an instance says of itself, and repeats for as long as it lives. */
export const leaseSchema = z.object({
  subgraph: z.string().min(1),
  /** Of the process. */
  id: z.string().min(1),
  /** Of its GraphQL endpoint, as others reach it. */
  url: z.url({ protocol: /^https?$/ }),
  schemaHash: z.string().optional(),
  draining: z.boolean().optional(),
  /** Milliseconds since the epoch by its own clock: of two at one address the later one is there. */
  since: z.number(),
});

export type Lease = z.infer<typeof leaseSchema>;

/** Reads what somebody else wrote. @returns undefined for what is no lease, such as one of a later version */
export function readLease(text: string): Lease | undefined {
  try {
    return leaseSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Names an SDL that instances of a subgraph serve, or served: it is kept when they are gone. */
export interface PublishedName {
  readonly subgraph: string;
  readonly hash: string;
  /** When the last instance began to serve it, in milliseconds since the epoch by its own clock. */
  readonly at: number;
}

/** SDLs of a subgraph that are kept: those published last. */
export const keptSchemas = 8;

/** Where leases are kept: each for a while only, unless it is put again. */
export interface LeaseStore {
  /** Keeps an SDL; the same again changes nothing. */
  publish(schema: PublishedName & { readonly sdl: string }): Promise<void>;
  published(): Promise<readonly PublishedName[]>;
  /** @returns undefined where it is kept no more */
  sdl(name: Pick<PublishedName, 'subgraph' | 'hash'>): Promise<string | undefined>;
  put(lease: Lease): Promise<void>;
  remove(id: string): Promise<void>;
  /** All that have not lapsed. */
  list(): Promise<readonly Lease[]>;
  /** Tells as soon as it can that something changed; it may miss changes. */
  watch(listener: () => void): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds. */
export interface Rhythm {
  /** How often an instance repeats that it lives. */
  readonly heartbeatMs: number;
  /** After which silence it is taken for gone. */
  readonly leaseMs: number;
  /** How often the list is read without a hint that it changed. */
  readonly readMs: number;
  /** How long one whose lease lapsed is still listed: a store that was lost is filled again by heartbeats. */
  readonly missedMs: number;
}

export const defaultRhythm: Rhythm = { heartbeatMs: 2_500, leaseMs: 10_000, readMs: 5_000, missedMs: 4_000 };
