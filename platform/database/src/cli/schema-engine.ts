import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { SchemaEngine } from '@prisma/schema-engine-wasm';
import { databaseName, databaseUrl, dropDatabase, ensureDatabase, withClient } from '../databases.ts';
import { errorMessage } from '../errors.ts';
import { dataLoss } from '../migrations/data-loss.ts';
import { openEngine } from '../migrations/engine.ts';
import { nextMigration } from '../migrations/next.ts';

/**
 * Takes the place of the schema engine program that Prisma's CLI would download: the same command line and the
 * same JSON-RPC on stdin and stdout, served by the wasm engine. Prisma finds it by PRISMA_SCHEMA_ENGINE_BINARY.
 */
const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: {
    datasource: { type: 'string' },
    datamodels: { type: 'string', multiple: true },
    'enabled-preview-features': { type: 'string' },
    'extension-types': { type: 'string' },
    version: { type: 'boolean' },
  },
});

const datasource = typeof values.datasource === 'string' ? JSON.parse(values.datasource) : {};
const url: string = datasource.url ?? 'postgresql://127.0.0.1:1/none';
const models = (values.datamodels ?? []).filter((path) => typeof path === 'string');

if (values.version || positionals[0] === 'version') console.log('schema-engine-cli wasm');
else if (positionals[0] === 'cli') await command(positionals[1] ?? '');
else serve();

/** `cli can-connect-to-database` and its like; the outcome is a line of JSON on stderr and the exit code. */
async function command(name: string): Promise<void> {
  const adminUrl = databaseUrl(url, 'postgres');
  const commands: Record<string, () => Promise<unknown>> = {
    'can-connect-to-database': () => withClient(url, (client) => client.query('SELECT 1')),
    'create-database': () => ensureDatabase(adminUrl, databaseName(url)),
    'drop-database': () => dropDatabase(adminUrl, databaseName(url)),
  };
  try {
    const run = commands[name];
    if (!run) throw new Error(`The schema engine has no command ${name}.`);
    await run();
    log('INFO', { message: `${name} done` });
  } catch (error) {
    const message = errorMessage(error);
    const code = /does not exist/.test(message) ? 'P1003' : /refuses/.test(message) ? 'P1000' : 'P1001';
    log('ERROR', { message, error_code: code });
    process.exitCode = 1;
  }
}

function log(level: string, fields: object): void {
  const line = { timestamp: new Date().toISOString(), level, fields, target: 'schema_engine::logger' };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

interface Request {
  id: number;
  method?: keyof SchemaEngine;
  // Whatever the method wants: Prisma's CLI and its engine agree on it, and it only passes through here.
  params: never;
}

function serve(): void {
  const opening = openEngine(
    url,
    models.map((path) => ({ path, content: readFileSync(path, 'utf8') })),
  );
  let queue: Promise<void> = Promise.resolve();
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      const request: Request = JSON.parse(line);
      queue = queue.then(() => answer(request, opening));
    })
    .on('close', () => {
      queue = queue.then(async () => (await opening).close());
    });
}

async function answer({ id, method, params }: Request, opening: ReturnType<typeof openEngine>): Promise<void> {
  if (!method) return;
  try {
    const result = await call((await opening).engine, method, params);
    // A diff's text is printed by the program, not returned.
    if (method === 'diff' && isPrintable(result)) {
      send({ id: `print-${id}`, method: 'print', params: { content: result.stdout } });
    }
    send({ id, result: result ?? {} });
  } catch (error) {
    send({
      id,
      error: { code: 4466, message: 'An error happened. Check the data field for details.', data: told(error) },
    });
  }
}

async function call(engine: SchemaEngine, method: keyof SchemaEngine, params: never): Promise<unknown> {
  if (method === 'createMigration') return createMigration(engine, params);
  if (method === 'evaluateDataLoss') return evaluateDataLoss(params);
  const handler: unknown = engine[method];
  if (typeof handler !== 'function') throw new Error(`The schema engine has no method ${String(method)}.`);
  return handler.call(engine, params);
}

function createMigration(engine: SchemaEngine, params: Parameters<SchemaEngine['createMigration']>[0]) {
  const { migrationsList, schema, migrationName: name, draft } = params;
  return nextMigration(engine, migrationsList, schema.files, { name, draft });
}

function evaluateDataLoss({ schema }: Parameters<SchemaEngine['evaluateDataLoss']>[0]) {
  return dataLoss(url, schema.files);
}

function isPrintable(result: unknown): result is { stdout: string } {
  return typeof result === 'object' && result !== null && 'stdout' in result && typeof result.stdout === 'string';
}

function told(error: unknown): object {
  const detail = typeof error === 'object' && error !== null ? error : {};
  return {
    is_panic: false,
    message: errorMessage(error),
    error_code: 'code' in detail ? detail.code : undefined,
    meta: 'meta' in detail ? detail.meta : undefined,
  };
}

function send(message: object): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}
