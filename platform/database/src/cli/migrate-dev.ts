import { parseArgs } from 'node:util';
import type { SchemaContainer } from '@prisma/schema-engine-wasm';
import { DatabaseSetupError } from '../errors.ts';
import { applyMigrations } from '../migrations/apply.ts';
import { dataLoss } from '../migrations/data-loss.ts';
import { ALL, withEngine } from '../migrations/engine.ts';
import { type DomainSchema, migrationList, readSchemaFiles } from '../migrations/files.ts';
import { nextMigration, writeMigration } from '../migrations/next.ts';

/**
 * `prisma migrate dev` where nobody can be asked, which Prisma refuses: applies what is pending, writes the
 * migration that is missing and applies it.
 * @param args `--name <name>`, `--create-only`, `--accept-data-loss`
 * @throws DatabaseSetupError where Prisma would ask: a reset is needed, or rows would be lost
 */
export async function migrateDev(options: DomainSchema & { url: string }, args: string[]): Promise<void> {
  const flags = readFlags(args);
  const files = readSchemaFiles(options.schemaPath);
  await refuseReset(options, files);
  say(await applyMigrations(options), 'Applied');

  const list = migrationList(options.migrationsPath);
  const made = await withEngine(options.url, files, (engine) =>
    nextMigration(engine, list, files, { name: flags.name, draft: flags.createOnly }),
  );
  if (made.migrationScript === null) return console.log('The schema and the migrations agree.');

  await refuseLoss(options.url, files, flags);
  const path = writeMigration(options.migrationsPath, made.generatedMigrationName, made.migrationScript);
  console.log(`Created ${path}`);
  if (!flags.createOnly) say(await applyMigrations(options), 'Applied');
}

interface Flags {
  name: string;
  createOnly: boolean;
  acceptDataLoss: boolean;
}

function readFlags(args: string[]): Flags {
  const { values } = parseArgs({
    args,
    options: {
      name: { type: 'string', short: 'n' },
      'create-only': { type: 'boolean', default: false },
      'accept-data-loss': { type: 'boolean', default: false },
    },
  });
  if (!values.name) throw new DatabaseSetupError('migrate dev wants --name <what changed> when it cannot ask for it.');
  const name = values.name
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_');
  return { name, createOnly: values['create-only'], acceptDataLoss: values['accept-data-loss'] };
}

async function refuseReset(options: DomainSchema & { url: string }, files: SchemaContainer[]): Promise<void> {
  const { action } = await withEngine(options.url, files, (engine) =>
    engine.devDiagnostic({ migrationsList: migrationList(options.migrationsPath), filters: ALL }),
  );
  if (action.tag === 'reset') {
    throw new DatabaseSetupError(`${action.reason.trim()}\nThe database must be reset first: migrate reset --force`);
  }
}

async function refuseLoss(url: string, files: SchemaContainer[], flags: Flags): Promise<void> {
  const { warnings, unexecutableSteps } = await dataLoss(url, files);
  for (const { message } of [...unexecutableSteps, ...warnings]) console.error(`Warning: ${message}`);
  // A migration that is only written can still be changed by hand.
  if (flags.createOnly) return;
  if (unexecutableSteps.length > 0) {
    throw new DatabaseSetupError('The rows in the database do not allow this: write it by hand with --create-only.');
  }
  if (warnings.length > 0 && !flags.acceptDataLoss) {
    throw new DatabaseSetupError('Nothing was changed: repeat with --accept-data-loss, or edit it with --create-only.');
  }
}

function say(names: string[], verb: string): void {
  for (const name of names) console.log(`${verb} ${name}`);
}
