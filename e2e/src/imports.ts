import { request } from 'undici';
import { expect } from 'vitest';
import type { Client } from './client.ts';
import type { UserError } from './shop.ts';
import type { SupergraphUnderTest } from './supergraph.ts';

export interface Import {
  status: string;
  progress: { processed: number; total: number | null };
  created: number;
  updated: number;
  rejected: number;
  errors: {
    totalCount: number;
    nodes: { line: number; column: string | null; message: string; value: string | null }[];
  };
}

export const catalogEditor = (shop: SupergraphUnderTest): Promise<Client> =>
  shop.staff('catalog:read', 'catalog:write');

/** Asks for an import of Shopify's CSV in dollars for MAIN, unless `input` says otherwise. */
export async function startImport(
  editor: Client,
  input: Record<string, unknown>,
): Promise<{ import: { id: string } | null; userErrors: UserError[] }> {
  const { catalogImportStart } = await editor.ask<{
    catalogImportStart: { import: { id: string } | null; userErrors: UserError[] };
  }>('CatalogImportStart', { input: { format: 'SHOPIFY_CSV', currency: 'USD', warehouse: 'MAIN', ...input } });
  return catalogImportStart;
}

/** Imports, and waits until it is done. */
export async function importCatalog(editor: Client, input: Record<string, unknown>): Promise<Import> {
  const { import: started, userErrors } = await startImport(editor, input);
  expect(userErrors).toEqual([]);
  const read = async () =>
    (await editor.ask<{ catalogImport: Import }>('CatalogImport', { id: started?.id })).catalogImport;
  await expect.poll(async () => (await read()).status, { timeout: 60_000, interval: 50 }).toMatch(/COMPLETED|FAILED/);
  return read();
}

/** Sends a file's bytes as they are. @returns its uploadId */
export async function uploadCatalog(shop: SupergraphUnderTest, content: Uint8Array): Promise<string> {
  const { statusCode, body } = await request(`${shop.url}/uploads/catalog`, {
    method: 'POST',
    headers: { authorization: `Bearer ${await shop.token('catalog:write')}`, 'content-type': 'text/csv' },
    body: content,
  });
  const answer = (await body.json()) as { uploadId: string; bytes: number };
  expect({ statusCode, bytes: answer.bytes }).toEqual({ statusCode: 201, bytes: content.byteLength });
  return answer.uploadId;
}
