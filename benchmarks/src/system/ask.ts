import type { z } from 'zod';
import type { GraphQLRequest, LoadClient } from '../load/client.ts';

/** The data of an answer, in the form that is expected of it. */
export async function ask<Data>(client: LoadClient, request: GraphQLRequest, form: z.ZodType<Data>): Promise<Data> {
  const answer: unknown = JSON.parse(await client.send(request));
  const data = typeof answer === 'object' && answer !== null && 'data' in answer ? answer.data : undefined;
  const parsed = form.safeParse(data);
  if (!parsed.success) throw new Error(`An answer of another form than expected: ${JSON.stringify(data)}`);
  return parsed.data;
}
