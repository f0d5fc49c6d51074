import { createHash } from 'node:crypto';

export { rememberedAnswers } from './retention.ts';

/** The part of any domain's Prisma transaction that this needs: a model `IdempotencyRecord` (see the README). */
export interface IdempotencyTransaction {
  $queryRaw<Rows>(query: TemplateStringsArray, ...values: unknown[]): Promise<Rows>;
}

export type Once<Result> =
  | { readonly kind: 'first'; readonly result: Result }
  | { readonly kind: 'repeated'; readonly result: Result }
  | { readonly kind: 'key-reused' };

/**
 * Runs the work of a call once for its key, within the caller's transaction. The same key with the same input gives
 * the first result again; with another input it gives `key-reused`. Callers that race for a key wait for the first.
 * Only what `isFinal` accepts is kept, so that a refusal that may pass can be tried again with the same key.
 *
 * @param scope who calls what, such as `stockReceive:staff_01h…`: keys of different callers never meet.
 * @param result plain JSON; bigint and Date do not survive.
 */
export async function once<Result>(
  tx: IdempotencyTransaction,
  { scope, key, input }: { scope: string; key: string; input: unknown },
  work: () => Promise<Result>,
  isFinal: (result: Result) => boolean = () => true,
): Promise<Once<Result>> {
  const inputHash = hashOf(input);
  const taken = await tx.$queryRaw<{ key: string }[]>`
    INSERT INTO idempotency_record (scope, key, input_hash) VALUES (${scope}, ${key}, ${inputHash})
    ON CONFLICT (scope, key) DO NOTHING RETURNING key`;
  if (taken.length === 0) {
    const [known] = await tx.$queryRaw<{ inputHash: string; result: Result }[]>`
      SELECT input_hash AS "inputHash", result FROM idempotency_record WHERE scope = ${scope} AND key = ${key}`;
    // It was past its time and removed in between: the key is free again.
    if (!known) return once(tx, { scope, key, input }, work, isFinal);
    return known.inputHash === inputHash ? { kind: 'repeated', result: known.result } : { kind: 'key-reused' };
  }
  const result = await work();
  if (isFinal(result)) {
    await tx.$queryRaw`
      UPDATE idempotency_record SET result = ${JSON.stringify(result)}::jsonb WHERE scope = ${scope} AND key = ${key}`;
  } else {
    await tx.$queryRaw`DELETE FROM idempotency_record WHERE scope = ${scope} AND key = ${key}`;
  }
  return { kind: 'first', result };
}

/**
 * What became of a key, without claiming it: for work that must ask other services, outside any transaction, before
 * it may begin, and must not ask again when it is a repeat.
 * @returns null when the key is free
 */
export async function recall<Result>(
  database: IdempotencyTransaction,
  { scope, key, input }: { scope: string; key: string; input: unknown },
): Promise<Exclude<Once<Result>, { kind: 'first' }> | null> {
  const [known] = await database.$queryRaw<{ inputHash: string; result: Result }[]>`
    SELECT input_hash AS "inputHash", result FROM idempotency_record WHERE scope = ${scope} AND key = ${key}`;
  if (!known) return null;
  return known.inputHash === hashOf(input) ? { kind: 'repeated', result: known.result } : { kind: 'key-reused' };
}

/** The same for any order of an object's keys; absent and undefined are the same. */
export const hashOf = (input: unknown): string =>
  createHash('sha256')
    .update(
      JSON.stringify(input, (_key, value: unknown) => {
        if (typeof value === 'bigint') return `${value}n`;
        if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
        return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
      }) ?? '',
    )
    .digest('base64url');
