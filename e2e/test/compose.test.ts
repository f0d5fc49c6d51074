import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ensurePostgres, type Postgres } from '@mercato/database';
import { freePorts } from '@mercato/ports';
import { type DetectedQueueBackend, detectQueueBackend } from '@mercato/queue';
import { createLogger } from '@mercato/telemetry';
import { Ajv } from 'ajv';
import { Agent } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '../src/client.ts';
import {
  type ComposeFile,
  type ComposeService,
  composeText,
  readCompose,
  readEnvFile,
  variablesOf,
} from '../src/compose.ts';
import { bareEnvironment } from '../src/environment.ts';

const root = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'mercato-compose-'));
const run = promisify(execFile);
let compose: ComposeFile;

beforeAll(() => {
  execFileSync(process.execPath, ['deploy/make-env.mjs', join(folder, '.env'), join(folder, 'data')], { cwd: root });
  compose = readCompose(composeText(), readEnvFile(join(folder, '.env')));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Those that run our image. */
const ours = (): [string, ComposeService][] =>
  Object.entries(compose.services).filter(([, { image }]) => image === 'mercato:local');

describe('the file', () => {
  test('is what the Compose specification describes', () => {
    const schemaFile = join(dirname(createRequire(import.meta.url).resolve('dclint/package.json')), 'schemas');
    const schema = JSON.parse(readFileSync(join(schemaFile, 'compose.schema.json'), 'utf8')) as { $schema?: string };
    const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile({
      ...schema,
      $schema: 'http://json-schema.org/draft-07/schema#',
    });
    expect(validate(compose), JSON.stringify(validate.errors, null, 2)).toBe(true);
    expect(validate({ ...compose, services: { router: { ports: 'all' } } })).toBe(false);
  });

  test('asks for every secret and has none', () => {
    const secrets = variablesOf(composeText()).filter(({ name }) => /PASSWORD|KEY/.test(name));
    expect(secrets.length).toBeGreaterThan(10);
    expect(secrets.filter(({ operator }) => operator !== ':?')).toEqual([]);
    expect(() => readCompose(composeText(), {})).toThrow('npm run compose:env');
    expect(readFileSync(join(root, 'Dockerfile'), 'utf8')).not.toMatch(/PASSWORD|SECRET|_KEY/);
  });

  test('bounds every process, and looks after the health of all that stay', () => {
    for (const [name, { deploy, healthcheck }] of Object.entries(compose.services)) {
      expect(deploy?.resources?.limits, name).toMatchObject({ cpus: expect.any(String), memory: expect.any(String) });
      if (name !== 'migrate' && name !== 'seed') expect(healthcheck?.test.length, name).toBeGreaterThan(1);
    }
  });
});

describe('its services, as processes of this machine', () => {
  let postgres: Postgres;
  let redis: DetectedQueueBackend;
  const running = new Map<string, ChildProcess>();
  let commandsOf: Awaited<ReturnType<typeof onThisMachine>>;

  beforeAll(async () => {
    const logger = createLogger({ name: 'compose-test', level: 'fatal' });
    postgres = await ensurePostgres({ dataDir: join(folder, 'postgres'), durable: false, logger });
    redis = await detectQueueBackend({ dataDir: folder, postgresUrl: postgres.url, logger });
    execFileSync(process.execPath, ['--import', 'tsx', 'launcher/src/bundle-image.ts', join(folder, 'dist')], {
      cwd: root,
    });
    commandsOf = await onThisMachine(compose, postgres.url, redis.connection.url);
  });
  afterAll(async () => {
    const gone = [...running.values()].map((child) => (child.exitCode === null ? once(child, 'exit') : undefined));
    for (const child of running.values()) child.kill('SIGTERM');
    await Promise.all(gone);
    await redis?.stop();
    await postgres?.stop();
  });

  test('migrate and seed, then all are well, and the router serves the catalog', async ({ skip }) => {
    if (redis.connection.kind !== 'redis') skip('There is no redis-server here.');
    for (const name of ['migrate', 'migrate', 'seed']) {
      const { command, environment } = commandsOf(name);
      await run(command[0] ?? '', command.slice(1), { cwd: root, env: environment });
    }
    for (const [name] of ours()) {
      if (name === 'migrate' || name === 'seed') continue;
      const { command, environment } = commandsOf(name);
      const child = spawn(command[0] ?? '', command.slice(1), { cwd: root, env: environment, stdio: 'ignore' });
      running.set(name, child);
    }
    await Promise.all([...running.keys()].map((name) => untilHealthy(name)));

    const agent = new Agent();
    const shopper = createClient(`http://127.0.0.1:${commandsOf('router').environment.PORT}`, agent);
    const { products } = await shopper.ask<{ products: { totalCount: number } }>('ProductList', { first: 1 });
    expect(products.totalCount).toBeGreaterThanOrEqual(60);
    const { product } = await shopper.ask<{ product: { content: { headline: string } } }>('ProductPage', {
      handle: 'stoneware-mug',
    });
    expect(product.content.headline).toBeTruthy();
    await agent.destroy();
  });

  async function untilHealthy(name: string): Promise<void> {
    const { health, environment } = commandsOf(name);
    const healthy = async () => {
      const child = running.get(name);
      if (child?.exitCode !== null) throw new Error(`${name} ended with ${child?.exitCode}.`);
      return run(health[0] ?? '', health.slice(1), { env: environment }).then(
        () => true,
        () => false,
      );
    };
    await expect.poll(healthy, { timeout: 60_000, interval: 1_000, message: name }).toBe(true);
  }
});

/** Each service's command, environment and health check with hosts, ports and folders of this machine. */
async function onThisMachine(file: ComposeFile, postgresUrl: string, redisUrl: string) {
  const names = Object.keys(file.services);
  const chosen = await freePorts(
    '127.0.0.1',
    names.map(() => 0),
  );
  const portOf = new Map(names.map((name, index) => [name, String(chosen[index])]));
  const { username, password, host } = new URL(postgresUrl);

  return (name: string) => {
    const service = file.services[name];
    if (!service) throw new Error(`The file has no service ${name}.`);
    const own = service.environment ?? {};
    const ownPort = own.PORT ?? own.CONTENT_SERVER_PORT ?? own.PAYMENT_SANDBOX_PORT ?? 'none';
    const translate = (text: string): string =>
      text
        .replace(/postgresql:\/\/[^@]+@postgres:5432/, `postgresql://${username}:${password}@${host}`)
        .replace(/redis:\/\/[^@]+@redis:6379/, redisUrl)
        .replaceAll(/http:\/\/([a-z-]+):(\d+)/g, (whole, target: string) =>
          portOf.has(target) ? `http://127.0.0.1:${portOf.get(target)}` : whole,
        )
        .replaceAll(`127.0.0.1:${ownPort}/`, `127.0.0.1:${portOf.get(name)}/`)
        .replaceAll('0.0.0.0', '127.0.0.1')
        .replace(/^\/data/, storageOf(service));
    const environment = Object.fromEntries(
      Object.entries(own).map(([key, value]) => [
        key,
        value === ownPort && key.endsWith('PORT') ? (portOf.get(name) ?? '') : translate(value ?? ''),
      ]),
    );
    const inImage = (words: readonly string[]) =>
      words.map((word) =>
        word === 'node' ? process.execPath : translate(word).replace(/^dist\//, `${join(folder, 'dist')}/`),
      );
    return {
      command: inImage(Array.isArray(service.command) ? service.command : []),
      environment: { ...bareEnvironment(), ...environment },
      // The first word only says that what follows is a command.
      health: inImage(service.healthcheck?.test.slice(1) ?? []),
    };
  };
}

/** Services that share a volume share a folder. */
function storageOf({ volumes = [] }: ComposeService): string {
  const path = join(folder, 'volumes', volumes[0]?.split(':')[0] ?? 'none');
  mkdirSync(path, { recursive: true });
  return path;
}
