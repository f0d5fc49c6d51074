import { expect } from 'vitest';
import { editor, type Shop, type UserError } from './shop.ts';

interface Started {
  catalogImportStart: { import: { id: string; status: string } | null; userErrors: (UserError & { line?: number })[] };
}

export interface Import {
  status: string;
  progress: { processed: number; total: number | null };
  created: number;
  updated: number;
  rejected: number;
  finishedAt: string | null;
  errors: {
    totalCount: number;
    nodes: { line: number; column: string | null; message: string; value: string | null }[];
  };
}

export const tryToImport = async (shop: Shop, input: Record<string, unknown>) =>
  (
    await shop.data<Started>(
      `mutation ($input: CatalogImportStartInput!) { catalogImportStart(input: $input) { import { id status }
        userErrors { __typename ... on UserError { message path } ... on UnreadableFileError { line } } } }`,
      { input: { format: 'SHOPIFY_CSV', currency: 'USD', ...input } },
      editor,
    )
  ).catalogImportStart;

export async function startImport(shop: Shop, input: Record<string, unknown>): Promise<string> {
  const started = await tryToImport(shop, input);
  if (!started.import) throw new Error(`The import was refused: ${JSON.stringify(started.userErrors)}`);
  return started.import.id;
}

export const readImport = async (shop: Shop, id: string): Promise<Import> =>
  (
    await shop.data<{ catalogImport: Import }>(
      `query ($id: ID!) { catalogImport(id: $id) { status progress { processed total } created updated rejected finishedAt
        errors(first: 100) { totalCount nodes { line column message value } } } }`,
      { id },
      editor,
    )
  ).catalogImport;

/** The import once a worker has ended it. */
export async function finished(shop: Shop, id: string): Promise<Import> {
  await expect
    .poll(async () => (await readImport(shop, id)).status, { timeout: 60_000, interval: 50 })
    .toMatch(/COMPLETED|FAILED/);
  return readImport(shop, id);
}

export const importAll = async (shop: Shop, input: Record<string, unknown>): Promise<Import> =>
  finished(shop, await startImport(shop, input));
