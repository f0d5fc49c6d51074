import { request } from 'undici';
import { z } from 'zod';
import type { LoadClient } from '../load/client.ts';
import { ask } from '../system/ask.ts';
import type { System } from '../system/system.ts';
import { until } from '../system/until.ts';

export interface ImportOutcome {
  /** From when it was asked for to when it had ended. */
  readonly seconds: number;
  readonly created: number;
  readonly updated: number;
  readonly rejected: number;
}

const scopes = ['catalog:write', 'catalog:read', 'inventory:read'];

const started = z.object({
  catalogImportStart: z.object({
    import: z.object({ id: z.string() }).nullable(),
    userErrors: z.array(z.object({ message: z.string() })),
  }),
});
const progress = z.object({
  catalogImport: z.object({
    status: z.string(),
    created: z.number(),
    updated: z.number(),
    rejected: z.number(),
    createdAt: z.string(),
    finishedAt: z.string().nullable(),
    errors: z.object({ nodes: z.array(z.object({ line: z.number().nullable(), message: z.string() })) }),
  }),
});

/** Uploads a Shopify CSV and imports it, as staff would; waits for its end. @throws Error when it fails */
export async function importCatalog(system: System, csv: string | Buffer, warehouse: string): Promise<ImportOutcome> {
  const staff = await system.client(1, scopes);
  try {
    const id = await start(staff, await upload(system, csv), warehouse);
    let last: z.infer<typeof progress>['catalogImport'] | undefined;
    await until('The import', async () => {
      last = (await ask(staff, { query: progressQuery, variables: { id } }, progress)).catalogImport;
      return last.finishedAt !== null;
    });
    if (last?.status !== 'COMPLETED' || !last.finishedAt) {
      throw new Error(`The import ended ${last?.status}: ${JSON.stringify(last?.errors.nodes)}`);
    }
    const { created, updated, rejected, createdAt, finishedAt } = last;
    return { seconds: (Date.parse(finishedAt) - Date.parse(createdAt)) / 1000, created, updated, rejected };
  } finally {
    await staff.close();
  }
}

/** Waits until inventory has booked the opening stock of so many skus. */
export const untilStockIsBooked = (system: System, skus: number): Promise<void> =>
  until('Hearing of all variants', async () => {
    const [{ count = 0 } = {}] = await system.sql<{ count: number }>(
      'inventory',
      'SELECT count(DISTINCT l.sku)::int AS count FROM stock_level l JOIN catalog_variant v USING (sku)',
    );
    return count >= skus;
  });

/** Waits until nothing that happened in these domains is still to be told. */
export const untilToldAll = (system: System, domains: readonly string[]): Promise<void> =>
  until('Telling of all events', async () => {
    const waiting = await Promise.all(
      domains.map((domain) => system.sql(domain, 'SELECT FROM outbox_event WHERE published_at IS NULL LIMIT 1')),
    );
    return waiting.every((rows) => rows.length === 0);
  });

async function upload(system: System, csv: string | Buffer): Promise<string> {
  const { statusCode, body } = await request(`${system.url}/uploads/catalog`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', authorization: `Bearer ${await system.staffToken(scopes)}` },
    body: csv,
  });
  const answer: unknown = await body.json();
  if (statusCode !== 201) throw new Error(`The upload was answered ${statusCode}: ${JSON.stringify(answer)}`);
  return z.object({ uploadId: z.string() }).parse(answer).uploadId;
}

async function start(staff: LoadClient, uploadId: string, warehouse: string): Promise<string> {
  const input = { format: 'SHOPIFY_CSV', currency: 'USD', warehouse, uploadId };
  const { catalogImportStart } = await ask(staff, { query: startMutation, variables: { input } }, started);
  if (!catalogImportStart.import) throw new Error(`Refused: ${JSON.stringify(catalogImportStart.userErrors)}`);
  return catalogImportStart.import.id;
}

const startMutation = `mutation ($input: CatalogImportStartInput!) {
  catalogImportStart(input: $input) { import { id } userErrors { ... on UserError { message } } }
}`;

const progressQuery = `query ($id: ID!) {
  catalogImport(id: $id) { status created updated rejected createdAt finishedAt errors(first: 3) { nodes { line message } } }
}`;
