import { expect } from 'vitest';
import type { Client } from './client.ts';
import type { UserError } from './shop.ts';
import type { SupergraphUnderTest } from './supergraph.ts';

export interface Discrepancy {
  id: string;
  kind: string;
  sku: string;
  warehouse: { code: string } | null;
  expected: number;
  actual: number;
  difference: number;
  resolution: string;
  resolvedAt: string | null;
  cause: string;
}

export interface Run {
  id: string;
  status: string;
  trigger: string;
  startedAt: string | null;
  finishedAt: string | null;
  progress: { scanned: number; total: number | null };
  summary: Record<'released' | 'recomputed' | 'orphaned' | 'counted' | 'healed' | 'pending', number>;
  /** Those of all pages. */
  discrepancies: Discrepancy[];
}

interface RunPage extends Omit<Run, 'discrepancies'> {
  discrepancies: {
    totalCount: number;
    pageInfo: { hasNextPage: boolean; endCursor: string | null };
    nodes: Discrepancy[];
  };
}

export interface Scope {
  warehouse?: string;
  skus?: string[];
}

/** What a run tells that found nothing. */
export const nothingFound = {
  status: 'COMPLETED',
  summary: { released: 0, recomputed: 0, orphaned: 0, counted: 0, healed: 0, pending: 0 },
  discrepancies: [],
};

export const stockKeeper = (shop: SupergraphUnderTest): Promise<Client> =>
  shop.staff('inventory:read', 'inventory:write');

/** Starts a run. @returns its id */
export async function startRun(staff: Client, scope?: Scope): Promise<string> {
  const { reconciliationStart } = await staff.ask<{
    reconciliationStart: { run: { id: string } | null; userErrors: UserError[] };
  }>('ReconciliationStart', { input: scope ? { scope } : {} });
  expect(reconciliationStart.userErrors).toEqual([]);
  if (!reconciliationStart.run) throw new Error('No run was started.');
  return reconciliationStart.run.id;
}

/** A run as it stands, with what it found, page by page. */
export async function readRun(staff: Client, id: string, resolution?: string): Promise<Run> {
  const pageAfter = async (after: string | null): Promise<RunPage> =>
    (await staff.ask<{ reconciliationRun: RunPage }>('ReconciliationRun', { id, resolution, after })).reconciliationRun;
  let page = await pageAfter(null);
  const found = [...page.discrepancies.nodes];
  while (page.discrepancies.pageInfo.hasNextPage) {
    page = await pageAfter(page.discrepancies.pageInfo.endCursor);
    found.push(...page.discrepancies.nodes);
  }
  expect(found).toHaveLength(page.discrepancies.totalCount);
  return { ...page, discrepancies: found };
}

/** A run once it has ended. */
export async function endedRun(staff: Client, id: string): Promise<Run> {
  const status = async () =>
    (await staff.ask<{ reconciliationRun: RunPage }>('ReconciliationRun', { id })).reconciliationRun.status;
  await expect.poll(status, { timeout: 60_000, interval: 50 }).toMatch(/COMPLETED|FAILED|CANCELLED/);
  return readRun(staff, id);
}

/** Starts a run and waits for its end. */
export const reconcile = async (staff: Client, scope?: Scope): Promise<Run> =>
  endedRun(staff, await startRun(staff, scope));

export const listRuns = async (staff: Client): Promise<Pick<Run, 'id' | 'status' | 'trigger' | 'summary'>[]> =>
  (await staff.ask<{ reconciliationRuns: { nodes: Run[] } }>('ReconciliationRuns')).reconciliationRuns.nodes;

/** The timetable starts a run with the worker; tests begin when it is over. */
export async function untilFirstRunEnded(staff: Client): Promise<void> {
  const statuses = async () => [...new Set((await listRuns(staff)).map(({ status }) => status))];
  await expect.poll(statuses, { timeout: 60_000, interval: 50 }).toEqual(['COMPLETED']);
}

/** Where levels, ledger and open reservations do not say the same. */
export const driftedLevels = (shop: SupergraphUnderTest): Promise<{ sku: string }[]> =>
  shop.sql(
    'inventory',
    `WITH ledger AS (SELECT sku, warehouse_id, sum(quantity)::int AS units FROM stock_movement GROUP BY 1, 2),
       held AS (SELECT l.sku, l.warehouse_id, sum(l.quantity - l.fulfilled_quantity)::int AS units
         FROM reservation_line l JOIN reservation r ON r.id = l.reservation_id
         WHERE r.status IN ('HELD', 'CONFIRMED') GROUP BY 1, 2)
     SELECT sku, warehouse_id, level.on_hand, ledger.units AS ledger, level.reserved, held.units AS held
     FROM stock_level level FULL JOIN ledger USING (sku, warehouse_id) FULL JOIN held USING (sku, warehouse_id)
     WHERE level.on_hand IS DISTINCT FROM coalesce(ledger.units, 0) OR level.reserved IS DISTINCT FROM coalesce(held.units, 0)`,
  );
