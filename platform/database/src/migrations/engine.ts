import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import type { SchemaEngine, SchemaFilter } from '@prisma/schema-engine-wasm';
import * as wasm from '@prisma/schema-engine-wasm/schema_engine_bg';
import { type AdapterMode, type MigrationAdapter, migrationAdapter } from './adapter.ts';

/** Every table and enum of the database is Prisma's. */
export const ALL: SchemaFilter = { externalTables: [], externalEnums: [] };

let loading: Promise<void> | undefined;

/**
 * Runs `work` with Prisma's own schema engine, from npm, without a downloaded program.
 * @param files `.prisma` files; none for work that only reads migrations
 */
export async function withEngine<T>(
  url: string,
  files: { path: string; content: string }[],
  work: (engine: SchemaEngine) => Promise<T>,
  mode: AdapterMode = 'real',
): Promise<T> {
  const opened = await openEngine(url, files, mode);
  try {
    return await work(opened.engine);
  } catch (error) {
    const said = opened.scriptError();
    throw said === null ? error : new Error(said, { cause: error });
  } finally {
    await opened.close();
  }
}

export interface OpenEngine {
  engine: SchemaEngine;
  scriptError: MigrationAdapter['scriptError'];
  close(): Promise<void>;
}

/** For a longer life than one call; `close` frees the engine and its connections. */
export async function openEngine(
  url: string,
  files: { path: string; content: string }[],
  mode: AdapterMode = 'real',
): Promise<OpenEngine> {
  loading ??= load();
  await loading;
  const adapter = migrationAdapter(url, mode);
  const engine = await wasm.SchemaEngine.new(
    { datamodels: files.length > 0 ? files.map(({ path, content }) => [path, content]) : undefined },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(adapter),
  );
  const close = async () => {
    engine.free();
    await adapter.close();
  };
  return { engine, close, scriptError: adapter.scriptError };
}

async function load(): Promise<void> {
  // A panic in the engine is reported here before it surfaces as an error without a message.
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: { set_message: (text: string) => console.error(text) } });
  const folder = dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
  const bytes = readFileSync(join(folder, 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': importsOf(wasm) });
  wasm.__wbg_set_wasm(instance.exports);
  const start = instance.exports.__wbindgen_start;
  if (typeof start === 'function') start();
}

/**
 * The module's functions, its timers changed so that they do not keep the process: the engine sets one of ten
 * seconds for its lock and never clears it.
 */
function importsOf(module: object): Record<string, CallableFunction> {
  return Object.fromEntries(
    Object.entries(module).flatMap(([name, value]: [string, unknown]) =>
      typeof value === 'function'
        ? [[name, name.startsWith('__wbg_setTimeout') ? unreferenced(value) : value] as const]
        : [],
    ),
  );
}

function unreferenced(setTimer: CallableFunction) {
  return (...args: unknown[]): unknown => {
    const timer: unknown = setTimer(...args);
    if (timer instanceof Object && 'unref' in timer && typeof timer.unref === 'function') timer.unref();
    return timer;
  };
}
