import type { BalancedInstance } from './balanced-instance.ts';

const question = JSON.stringify({ query: '{ __typename }' });

/**
 * Whether an instance answers GraphQL at all, if only by asking for a token. It takes the way that calls take, so that
 * a process which accepts connections and then says nothing does not pass.
 */
export async function probe({ pool, address, host }: BalancedInstance, timeoutMs: number): Promise<boolean> {
  try {
    const { statusCode, body } = await pool.request({
      path: address.pathname,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        'x-mercato-timeout-ms': String(timeoutMs),
        ...(host === undefined ? {} : { host }),
      },
      body: question,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answer: unknown = await body.json();
    return (
      statusCode < 500 && typeof answer === 'object' && answer !== null && ('data' in answer || 'errors' in answer)
    );
  } catch {
    // Why it does not answer changes nothing: it stays out.
    return false;
  }
}
