/** The part of any domain's Prisma client that removing old rows needs. */
interface RetentionDatabase {
  $executeRaw(query: TemplateStringsArray, ...values: number[]): PromiseLike<number>;
}

const answersForDays = 30;

/**
 * First answers, by which a repeat is known. Clients repeat within minutes, a partner's batch after a weekend or a
 * holiday; the schema promises them 30 days. A key that is being claimed has no row that others see, and so is not
 * removed under its caller.
 */
export const rememberedAnswers = {
  name: 'remembered answers',
  keptForDays: answersForDays,
  drop: (db: RetentionDatabase, limit: number) => db.$executeRaw`
    DELETE FROM idempotency_record WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM idempotency_record
      WHERE created_at < now() - make_interval(days => ${answersForDays}::int)
      ORDER BY created_at LIMIT ${limit}::int FOR UPDATE SKIP LOCKED))`,
};
