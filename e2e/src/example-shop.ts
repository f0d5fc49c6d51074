import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cloneDatabase, databaseName } from '@mercato/database';

/** Of a data folder, what belongs to the shop and not to the machine or the run. */
const entries = ['mercato-data', 'keys', 'products', 'payment-sandbox.jsonl', 'seeded'];

/** Where a system keeps what it has. */
export interface Place {
  readonly dataDir: string;
  readonly databasePrefix: string;
}

export function aPlace(): Place {
  return {
    dataDir: mkdtempSync(join(tmpdir(), 'mercato-e2e-')),
    databasePrefix: `test_e2e_${randomBytes(4).toString('hex')}_`,
  };
}

interface ExampleShop extends Place {
  /** Of its domains. */
  readonly databaseUrls: readonly string[];
}

let shop: Promise<ExampleShop> | undefined;

/**
 * Puts the seeded example shop at a place. It is seeded once for all tests of a run, and copied: making it takes longer
 * than the rest of a start.
 * @param seed starts a system at a place and stops it; gives the addresses of its databases
 */
export async function putExampleShop(
  to: Place,
  adminUrl: string,
  seed: (at: Place) => Promise<readonly string[]>,
): Promise<void> {
  shop ??= make(seed);
  const { dataDir, databasePrefix, databaseUrls } = await shop;
  for (const url of databaseUrls) {
    const name = databaseName(url);
    await cloneDatabase(adminUrl, name, name.replace(databasePrefix, to.databasePrefix));
  }
  for (const entry of entries) {
    if (existsSync(join(dataDir, entry))) cpSync(join(dataDir, entry), join(to.dataDir, entry), { recursive: true });
  }
  const marker = join(to.dataDir, 'seeded');
  writeFileSync(marker, readFileSync(marker, 'utf8').replaceAll(databasePrefix, to.databasePrefix));
}

async function make(seed: (at: Place) => Promise<readonly string[]>): Promise<ExampleShop> {
  const place = aPlace();
  // The databases go with those of all tests when the next run begins.
  process.once('exit', () => rmSync(place.dataDir, { recursive: true, force: true }));
  return { ...place, databaseUrls: await seed(place) };
}
