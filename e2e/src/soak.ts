import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { loadOrCreateKeys } from '@mercato/auth';
import { bundleProgram, programOptions } from '@mercato/bundle';
import { Agent } from 'undici';
import { createClient } from './client.ts';
import { bareEnvironment } from './environment.ts';
import { browse } from './load.ts';
import { type SupergraphUnderTest, startSupergraph } from './supergraph.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const committed = readFileSync(join(root, 'schema', 'supergraph.graphql'), 'utf8');

const help = `npm run soak: a router of the whole shop is given a new schema again and again, while shoppers look at products.

  --seconds 600    for how long
  --every 1000     milliseconds from one schema to the next
  --shoppers 2     who ask without a pause

It ends with 0 when no request failed and no schema was refused.
`;

/** A router of its own beside the shop's, whose supergraph is a file. */
async function startRouter(shop: SupergraphUnderTest, file: string): Promise<{ process: ChildProcess; url: string }> {
  const { own } = loadOrCreateKeys(join(shop.dataDir, 'keys'), ['router']);
  const child = spawn(process.execPath, [...programOptions, await bundleProgram('router/src/main.ts')], {
    cwd: root,
    env: {
      ...bareEnvironment(),
      PORT: '0',
      SUBGRAPH_URLS: '{}',
      REGISTRY_URL: pathToFileURL(join(shop.dataDir, 'instances')).href,
      SIGNING_KEY: JSON.stringify(own.router),
      SUPERGRAPH_FILE: file,
      LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [ready] = (await once(child, 'message')) as [{ url: string }];
  return { process: child, url: ready.url };
}

const version = (number: number): string => `# Version ${number}\n${committed}`;

/** The schema of this number, as careful writers put it: at once. */
function write(file: string, number: number): void {
  writeFileSync(`${file}.new`, version(number));
  renameSync(`${file}.new`, file);
}

const rssOf = (pid: number | undefined): number =>
  Math.round(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024);

interface Health {
  readonly schema: { readonly version: string; readonly refused?: { readonly reason: string } };
}

async function soak({ seconds, every, shoppers }: { seconds: number; every: number; shoppers: number }) {
  const shop = await startSupergraph({ topology: 'processes', queue: 'postgres' });
  const agent = new Agent();
  const file = join(shop.dataDir, 'supergraph.graphql');
  let router: ChildProcess | undefined;
  try {
    write(file, 0);
    const started = await startRouter(shop, file);
    router = started.process;
    const guest = createClient(started.url, agent);
    const { products } = await guest.ask<{ products: { nodes: { handle: string }[] } }>('ProductList', { first: 40 });
    const load = browse(
      guest,
      products.nodes.map(({ handle }) => handle),
      shoppers,
    );
    const health = async () => (await (await fetch(`${started.url}/health/ready`)).json()) as Health;
    const versions = new Set<string>();
    const refusals = new Set<string>();
    let highest = 0;
    const until = Date.now() + seconds * 1_000;
    for (let number = 1; Date.now() < until; number += 1) {
      write(file, number);
      await wait(every);
      const { schema } = await health();
      versions.add(schema.version);
      if (schema.refused) refusals.add(schema.refused.reason);
      highest = Math.max(highest, rssOf(router.pid));
      if (number % 15 === 0)
        console.log(
          `${Math.round((until - Date.now()) / 1_000)} s left: ${versions.size} schemas served of ${number} written, ${load.answered} requests, RSS ${rssOf(router.pid)} MB`,
        );
    }
    const failures = await load.stop();
    console.log(
      `${versions.size} schemas served, ${load.answered} requests answered, ${failures.length} failed, ${refusals.size} refusals; RSS at most ${highest} MB, at the end ${rssOf(router.pid)} MB`,
    );
    for (const failure of failures.slice(0, 10)) console.error(failure);
    for (const reason of refusals) console.error(`A schema was refused: ${reason}`);
    return failures.length === 0 && refusals.size === 0 && versions.size > 1;
  } finally {
    if (router?.exitCode === null) {
      router.kill('SIGTERM');
      await once(router, 'exit');
    }
    await agent.destroy();
    await shop.stop();
  }
}

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    every: { type: 'string', default: '1000' },
    shoppers: { type: 'string', default: '2' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(help);
} else {
  const { seconds, every, shoppers } = values;
  const isGood = await soak({ seconds: Number(seconds), every: Number(every), shoppers: Number(shoppers) });
  process.exit(isGood ? 0 : 1);
}
