/** The part of any domain's Prisma client that removing old rows needs. */
interface RetentionDatabase {
  $executeRaw(query: TemplateStringsArray, ...values: number[]): PromiseLike<number>;
}

const publishedForDays = 30;
const receivedForDays = 90;

/**
 * Events that were carried to their hearers. The same 30 days as a delivery that failed stays with its queue: as long as
 * staff may find and mend a fault, they can see what was told, and have it told again. One that was not carried yet is
 * never removed, however old it is.
 */
export const publishedEvents = {
  name: 'published events',
  keptForDays: publishedForDays,
  drop: (db: RetentionDatabase, limit: number) => db.$executeRaw`
    DELETE FROM outbox_event WHERE id = ANY(ARRAY(
      SELECT id FROM outbox_event WHERE published_at < now() - make_interval(days => ${publishedForDays}::int)
      ORDER BY published_at LIMIT ${limit}::int FOR UPDATE SKIP LOCKED))`,
};

/**
 * What was applied, by which a second delivery is known. An event may be told again up to 30 days after it was told
 * first, and that delivery may fail, wait for staff for 30 more, and be retried: 90 days leave a month to spare. What
 * comes later still is refused (`oldestAppliedInDays`), as nobody knows any more whether it was applied.
 */
export const receivedEvents = {
  name: 'received events',
  keptForDays: receivedForDays,
  drop: (db: RetentionDatabase, limit: number) => db.$executeRaw`
    DELETE FROM inbox_event WHERE event_id = ANY(ARRAY(
      SELECT event_id FROM inbox_event WHERE received_at < now() - make_interval(days => ${receivedForDays}::int)
      ORDER BY received_at LIMIT ${limit}::int FOR UPDATE SKIP LOCKED))`,
};

/** A day less than the inbox remembers, since the clocks of two databases are never the same. */
export const oldestAppliedInDays = receivedForDays - 1;
