import { createHash, timingSafeEqual } from 'node:crypto';
import type { onRequestHookHandler } from 'fastify';
import { ApiError } from './errors.ts';

/** Lets nobody pass without `Authorization: Bearer <the key>`; compared in constant time. */
export function requireApiKey(apiKey: string): onRequestHookHandler {
  const expected = digest(`Bearer ${apiKey}`);
  return (request, _reply, done) => {
    const given = digest(request.headers.authorization ?? '');
    done(
      timingSafeEqual(expected, given)
        ? undefined
        : new ApiError(401, 'unauthenticated', 'The API key is missing or wrong.'),
    );
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
