import type pg from 'pg';

/** What an API key may do and for whom; its secret is not here. */
export interface ApiKey {
  /** `key_…` */
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly kind: ApiKeyKind;
  /** The viewer's id: a partner's or a staff member's; the key's own where nobody was named. */
  readonly ownerId: string;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

export type ApiKeyKind = 'partner' | 'staff';

/** As it is kept: with the SHA-256 of its text. */
export interface StoredApiKey extends ApiKey {
  readonly hash: Buffer;
}

type Database = Pick<pg.ClientBase, 'query'>;

const columns = `
  id, name, lower(kind::text) AS kind, owner_id AS "ownerId", scopes, created_at AS "createdAt",
  last_used_at AS "lastUsedAt", expires_at AS "expiresAt", revoked_at AS "revokedAt"`;

export async function insertApiKey(
  database: Database,
  { id, hash, name, kind, ownerId, scopes, expiresAt }: Omit<StoredApiKey, 'createdAt' | 'lastUsedAt' | 'revokedAt'>,
): Promise<void> {
  await database.query(
    `INSERT INTO api_key (id, hash, name, kind, owner_id, scopes, expires_at)
     VALUES ($1, $2, $3, $4::"ApiKeyKind", $5, $6, $7)`,
    [id, hash, name, kind.toUpperCase(), ownerId, scopes, expiresAt],
  );
}

/** Those of the ids that there are. */
export async function findApiKeys(database: Database, ids: readonly string[]): Promise<StoredApiKey[]> {
  const { rows } = await database.query<StoredApiKey>(`SELECT ${columns}, hash FROM api_key WHERE id = ANY($1)`, [ids]);
  return rows;
}

/** All, the newest first. */
export async function listApiKeys(database: Database): Promise<ApiKey[]> {
  const { rows } = await database.query<ApiKey>(`SELECT ${columns} FROM api_key ORDER BY id DESC`);
  return rows;
}

/** `again` when it was revoked before: it stays revoked since then. */
export async function revokeApiKey(
  database: Database,
  id: string,
): Promise<{ kind: 'revoked' | 'again'; name: string } | { kind: 'unknown' }> {
  const revoked = await database.query<{ name: string }>(
    'UPDATE api_key SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL RETURNING name',
    [id],
  );
  if (revoked.rows[0]) return { kind: 'revoked', name: revoked.rows[0].name };
  const { rows } = await database.query<{ name: string }>('SELECT name FROM api_key WHERE id = $1', [id]);
  return rows[0] ? { kind: 'again', name: rows[0].name } : { kind: 'unknown' };
}

/** Saves when keys were last used, by id in ms since the epoch. Of several routers the latest wins. */
export async function saveUses(database: Database, uses: ReadonlyMap<string, number>): Promise<void> {
  await database.query(
    `UPDATE api_key SET last_used_at = GREATEST(last_used_at, used.at)
     FROM unnest($1::text[], $2::timestamptz[]) AS used (id, at) WHERE api_key.id = used.id`,
    [[...uses.keys()], [...uses.values()].map((at) => new Date(at))],
  );
}
