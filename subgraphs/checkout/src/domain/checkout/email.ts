import { z } from 'zod';
import { type InvalidInput, invalid } from './outcomes.ts';

// The form only; whether anyone reads it a message alone can tell. RFC 5321 allows 254 letters.
const address = z.email().max(254);

export function readEmail(
  given: string | null | undefined,
): { readonly kind: 'email'; readonly email: string | null } | InvalidInput {
  if (given === null || given === undefined) return { kind: 'email', email: null };
  const email = given.trim();
  if (address.safeParse(email).success) return { kind: 'email', email };
  return invalid('`email` is no e-mail address; write one such as `ada@example.com`.', ['email']);
}
