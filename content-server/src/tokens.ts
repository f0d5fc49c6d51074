import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { ContentApiError, notAllowed } from './errors.ts';
import { type Stage, stages } from './store/documents.ts';

const permission = z.strictObject({
  /** A model's name, or `*`. */
  model: z.string(),
  action: z.enum(['read', 'create', 'update', 'delete', 'publish', 'unpublish']),
  stages: z.array(z.enum(stages)),
});

export const contentToken = z.strictObject({
  name: z.string().min(1),
  /** A permanent auth token: it has the shape of a JWT. */
  value: z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/, 'a permanent auth token is a JWT: three parts between two dots'),
  /** What a request reads that names no stage. */
  defaultStage: z.enum(stages).default('PUBLISHED'),
  permissions: z.array(permission).default([{ model: '*', action: 'read', stages: [...stages] }]),
});

export type Permission = z.output<typeof permission>;
export type ContentToken = z.input<typeof contentToken>;
type Token = z.output<typeof contentToken>;

/** Permissions of a caller, and the stage they read when they name none. */
export class Access {
  readonly defaultStage: Stage;
  readonly #permissions: readonly Permission[];

  constructor(defaultStage: Stage, permissions: readonly Permission[]) {
    this.defaultStage = defaultStage;
    this.#permissions = permissions;
  }

  /** @throws ContentApiError 403. */
  demandRead(model: string, stage: Stage): void {
    const allowed = this.#permissions.some(
      (given) =>
        given.action === 'read' && (given.model === '*' || given.model === model) && given.stages.includes(stage),
    );
    if (!allowed) throw notAllowed(model, stage);
  }
}

/** What a caller without a token may do where the public API is on. */
const publicPermissions: readonly Permission[] = [{ model: '*', action: 'read', stages: ['PUBLISHED'] }];

/** Knows the project's permanent auth tokens. */
export class Tokens {
  readonly #tokens: readonly { token: Token; digest: Buffer }[];
  readonly #public: Access | null;

  /** Without any token the published content is open to everyone, which suits a laptop; with tokens the public API is off. */
  constructor(given: readonly ContentToken[]) {
    this.#tokens = given.map((token) => ({ token: contentToken.parse(token), digest: digestOf(token.value) }));
    this.#public = given.length === 0 ? new Access('PUBLISHED', publicPermissions) : null;
  }

  /** @throws ContentApiError 401 without a known token, 400 for what is no token at all. */
  accessOf(authorization: string | undefined): Access {
    if (authorization === undefined || authorization === '') {
      if (this.#public) return this.#public;
      throw new ContentApiError(401, 'missing authorization token', { code: '401' });
    }
    const value = /^Bearer (\S+)$/i.exec(authorization)?.[1] ?? '';
    if (!contentToken.shape.value.safeParse(value).success)
      throw new ContentApiError(400, 'token is not a valid JWT', { code: '400' });
    const digest = digestOf(value);
    const known = this.#tokens.find((candidate) => timingSafeEqual(candidate.digest, digest));
    if (!known) throw new ContentApiError(401, 'token is not valid for this environment', { code: '401' });
    return new Access(known.token.defaultStage, known.token.permissions);
  }
}

const digestOf = (value: string): Buffer => createHash('sha256').update(value).digest();

/** A new token value in the shape of a JWT. Nobody signs it: the server knows it by heart. */
export function newTokenValue(name: string): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'none', typ: 'JWT' })}.${part({ sub: name, jti: randomBytes(8).toString('hex') })}.${randomBytes(32).toString('base64url')}`;
}
