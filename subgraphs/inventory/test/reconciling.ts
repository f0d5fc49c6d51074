import type { Subgraph } from '@mercato/subgraph-server';
import { askData } from '@mercato/testkit';
import { expect, vi } from 'vitest';
import { manager } from './stock.ts';

export interface Discrepancy {
  id: string;
  kind: string;
  sku: string;
  warehouse: { code: string } | null;
  expected: number;
  actual: number;
  difference: number;
  cause: string;
  resolution: string;
  resolvedAt: string | null;
  orderIds: string[];
}

export interface Run {
  id: string;
  status: string;
  trigger: string;
  omission: string | null;
  startedAt: string | null;
  finishedAt: string | null;
  progress: { scanned: number; total: number | null };
  summary: Record<'released' | 'recomputed' | 'orphaned' | 'counted' | 'healed' | 'pending', number>;
  discrepancies: { totalCount: number; nodes: Discrepancy[] };
}

const runFields = `id status trigger omission startedAt finishedAt progress { scanned total }
  summary { released recomputed orphaned counted healed pending }
  discrepancies(first: 100) { totalCount nodes {
    id kind sku warehouse { code } expected actual difference cause resolution resolvedAt orderIds } }`;

export async function findRun(inventory: Subgraph, id: string): Promise<Run | null> {
  const { reconciliationRun } = await askData<{ reconciliationRun: Run | null }>(
    inventory,
    `query ($id: ID!) { reconciliationRun(id: $id) { ${runFields} } }`,
    { id },
    manager,
  );
  return reconciliationRun;
}

export async function listRuns(inventory: Subgraph): Promise<Run[]> {
  const { reconciliationRuns } = await askData<{ reconciliationRuns: { nodes: Run[] } }>(
    inventory,
    `{ reconciliationRuns(first: 100) { nodes { ${runFields} } } }`,
    {},
    manager,
  );
  return reconciliationRuns.nodes;
}

interface StartPayload {
  run: { id: string; status: string } | null;
  userErrors: { __typename: string; message: string; run?: { id: string } }[];
}

export async function startRun(inventory: Subgraph, scope?: { warehouse?: string; skus?: string[] }) {
  const { reconciliationStart } = await askData<{ reconciliationStart: StartPayload }>(
    inventory,
    `mutation ($input: ReconciliationStartInput!) { reconciliationStart(input: $input) {
      run { id status }
      userErrors { ... on UserError { __typename message path } ... on ReconciliationAlreadyRunningError { run { id } } } } }`,
    { input: scope ? { scope } : {} },
    manager,
  );
  return reconciliationStart;
}

/** The run once it has ended. */
export async function ended(inventory: Subgraph, id: string, timeout = 20_000): Promise<Run> {
  return vi.waitFor(
    async () => {
      const run = await findRun(inventory, id);
      expect(['COMPLETED', 'FAILED', 'CANCELLED']).toContain(run?.status);
      if (!run) throw new Error('The run vanished.');
      return run;
    },
    { timeout, interval: 50 },
  );
}

/** Starts a run and waits for its end. */
export async function reconcile(inventory: Subgraph, scope?: { warehouse?: string; skus?: string[] }): Promise<Run> {
  const { run, userErrors } = await startRun(inventory, scope);
  expect(userErrors).toEqual([]);
  if (!run) throw new Error('No run was started.');
  return ended(inventory, run.id);
}

/** The timetable starts a run with the worker; tests begin when it is over. */
export async function firstRunEnded(inventory: Subgraph): Promise<void> {
  await vi.waitFor(
    async () => {
      const runs = await listRuns(inventory);
      expect(runs.length).toBeGreaterThan(0);
      expect(runs.every(({ status }) => status === 'COMPLETED')).toBe(true);
    },
    { timeout: 20_000, interval: 50 },
  );
}
