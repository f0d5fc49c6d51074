import { issueToken } from '@mercato/router';

/** Who asks: always the same customer, or with every request one who was never seen before. */
export type IdentityKind = 'one' | 'distinct';

/**
 * Customers' tokens for requests, made before the clock starts.
 * @param first the index of the first request; an index is a customer
 */
export async function tokensFor(
  identities: IdentityKind,
  { dataDir, first, count }: { dataDir: string; first: number; count: number },
): Promise<(index: number) => string> {
  const issue = (subject: string) => issueToken({ dataDir, scopes: [], kind: 'customer', subject, expires: '8h' });
  if (identities === 'one') {
    const token = `Bearer ${await issue('customer_one')}`;
    return () => token;
  }
  const tokens: string[] = [];
  for (let index = first; index < first + count; index += 1) tokens.push(`Bearer ${await issue(`customer_${index}`)}`);
  return (index) => tokens[index - first] ?? '';
}
