import type { Viewer } from '@mercato/auth';

/** Who did something, as the ledger remembers: a staff member, a partner, a service. */
export const actorOf = (viewer: Viewer): string => viewer.id ?? viewer.kind;

/** What no one asked for, such as the timetable's. */
export const inventoryItself = 'service:inventory';
