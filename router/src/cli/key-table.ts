import type { ApiKey } from '../identity/api-keys/store.ts';

/** The keys as a table for a terminal. */
export function tableOfKeys(keys: readonly ApiKey[], now: Date): string {
  if (keys.length === 0) return 'There are no keys.';
  const rows = keys.map((key) => [
    key.id,
    key.name,
    key.kind,
    key.ownerId === key.id ? '' : key.ownerId,
    key.scopes.join(' '),
    day(key.createdAt),
    key.lastUsedAt ? minute(key.lastUsedAt) : 'never',
    stateOf(key, now),
  ]);
  const table = [['ID', 'NAME', 'KIND', 'OWNER', 'SCOPES', 'CREATED', 'LAST USED', 'STATE'], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function stateOf({ revokedAt, expiresAt }: ApiKey, now: Date): string {
  if (revokedAt) return `revoked ${day(revokedAt)}`;
  if (!expiresAt) return 'holds';
  return expiresAt <= now ? `expired ${day(expiresAt)}` : `holds until ${day(expiresAt)}`;
}

const day = (at: Date): string => at.toISOString().slice(0, 10);
const minute = (at: Date): string => at.toISOString().slice(0, 16).replace('T', ' ');
