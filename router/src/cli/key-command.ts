import { parseArgs } from 'node:util';
import { EnvironmentError } from '@mercato/environment';
import type pg from 'pg';
import { z } from 'zod';
import { idMeant, newApiKey } from '../identity/api-keys/key-text.ts';
import { insertApiKey, listApiKeys, revokeApiKey } from '../identity/api-keys/store.ts';
import { tableOfKeys } from './key-table.ts';
import { isSetupError } from './router-database.ts';

/** What a command has to say: `out` to programs and people, `note` to people only. */
export interface Said {
  readonly out: string;
  readonly note?: string;
}

export type KeyCommand = (database: Pick<pg.ClientBase, 'query'>) => Promise<Said>;

const options = {
  name: { type: 'string' },
  scope: { type: 'string', multiple: true },
  kind: { type: 'string' },
  owner: { type: 'string' },
  expires: { type: 'string' },
  all: { type: 'boolean' },
  json: { type: 'boolean' },
  'data-dir': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const oneLine = /^[^\p{Cc}\p{Zl}\p{Zp}]+$/u;

const wanted = z.object({
  name: z
    .string('--name wants a text for people, such as "Acme feed"')
    .max(100, '--name wants 100 characters at most')
    .regex(oneLine, '--name wants one line of text'),
  scope: z
    .array(
      z
        .string()
        .regex(/^[\w:.-]+$/, '--scope wants one scope, such as inventory:count; repeat it for more')
        .refine(
          (scope) => !scope.startsWith('service:'),
          '--scope wants none of services: those have keys of their own',
        ),
    )
    .default([]),
  kind: z.enum(['partner', 'staff'], { error: '--kind wants partner or staff' }).default('partner'),
  owner: z.string().max(255, '--owner wants 255 characters at most').regex(oneLine, '--owner wants an id').optional(),
  expires: z
    .string()
    .regex(/^[1-9]\d{0,3}[hdw]$/, '--expires wants a time such as 12h, 90d or 52w')
    .optional(),
});

type Flags = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

/** What is wanted is read before the database is looked for. @throws an error that `sentenceOf` has a sentence for */
export function readKeyCommand(args: readonly string[]): 'help' | { dataDir: string | undefined; command: KeyCommand } {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  return values.help ? 'help' : { dataDir: values['data-dir'], command: commandOf(positionals, values) };
}

function commandOf([command, ...rest]: readonly string[], flags: Flags): KeyCommand {
  if (command === 'create' && rest.length === 0) return createKey(wanted.parse(flags));
  if (command === 'list' && rest.length === 0) return listKeys(flags);
  if (command === 'revoke' && rest.length === 1) return revokeKey(rest[0] ?? '');
  throw new CommandError('Say what to do: create, list, or revoke and one id.');
}

/** What the person at the keyboard can mend. */
class CommandError extends Error {}

function createKey({ name, scope: scopes, kind, owner, expires }: z.output<typeof wanted>): KeyCommand {
  return async (database) => {
    const { id, hash, text } = newApiKey();
    const expiresAt = expires === undefined ? null : new Date(Date.now() + durationOf(expires));
    await insertApiKey(database, { id, hash, name, kind, ownerId: owner ?? id, scopes, expiresAt });
    return { out: text, note: `This is ${id}; its text is shown this once and kept nowhere.` };
  };
}

const listKeys =
  ({ all, json }: Flags): KeyCommand =>
  async (database) => {
    const now = new Date();
    const keys = (await listApiKeys(database)).filter(
      ({ revokedAt, expiresAt }) => all || (!revokedAt && !(expiresAt && expiresAt <= now)),
    );
    return { out: json ? JSON.stringify(keys, null, 2) : tableOfKeys(keys, now) };
  };

function revokeKey(idOrText: string): KeyCommand {
  const id = idMeant(idOrText);
  if (id === undefined)
    throw new CommandError('revoke wants an id such as key_01jb2v5w3je8r9m6wq1y4f0k2d, or the whole key.');
  return async (database) => {
    const outcome = await revokeApiKey(database, id);
    if (outcome.kind === 'unknown') throw new CommandError(`There is no key ${id} here.`);
    const what =
      outcome.kind === 'again' ? 'was revoked before' : 'is revoked: routers refuse it within about a second';
    return { out: `${id} (${outcome.name}) ${what}.` };
  };
}

const hours = { h: 1, d: 24, w: 7 * 24 };

function durationOf(text: string): number {
  const unit = z.enum(['h', 'd', 'w']).parse(text.at(-1));
  return Number.parseInt(text, 10) * hours[unit] * 3_600_000;
}

/** What the person at the keyboard is told; undefined for a bug. */
export function sentenceOf(error: unknown): string | undefined {
  if (error instanceof z.ZodError) return error.issues.map(({ message }) => message).join('\n');
  const isMistake = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  const isExpected = error instanceof CommandError || error instanceof EnvironmentError || isSetupError(error);
  return isMistake || isExpected ? error.message : undefined;
}
