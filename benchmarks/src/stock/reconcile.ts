import { z } from 'zod';
import { ask } from '../system/ask.ts';
import type { System } from '../system/system.ts';
import { until } from '../system/until.ts';

const started = z.object({
  reconciliationStart: z.object({
    run: z.object({ id: z.string() }).nullable(),
    userErrors: z.array(z.object({ message: z.string() })),
  }),
});

const runForm = z.object({
  id: z.string(),
  status: z.string(),
  startedAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  omission: z.string().nullable(),
  summary: z.object({
    released: z.number(),
    recomputed: z.number(),
    orphaned: z.number(),
    healed: z.number(),
    pending: z.number(),
  }),
});
const found = z.object({ reconciliationRun: runForm });

export interface ReconciliationOutcome extends z.infer<typeof runForm> {
  readonly seconds: number;
}

/** A run over all stock, from when a worker took it to its end. @throws Error unless it completes */
export async function reconcile(system: System): Promise<ReconciliationOutcome> {
  const staff = await system.client(1, ['inventory:write', 'inventory:read']);
  try {
    const { reconciliationStart } = await ask(staff, { query: startMutation, variables: { input: {} } }, started);
    const id = reconciliationStart.run?.id;
    if (!id) throw new Error(`Refused: ${JSON.stringify(reconciliationStart.userErrors)}`);
    let run: z.infer<typeof runForm> | undefined;
    await until(
      'The reconciliation',
      async () => {
        run = (await ask(staff, { query: runQuery, variables: { id } }, found)).reconciliationRun;
        return run.finishedAt !== null;
      },
      { everyMs: 500, timeoutMs: 1_800_000 },
    );
    if (run?.status !== 'COMPLETED' || !run.startedAt || !run.finishedAt) throw new Error(`It ended ${run?.status}.`);
    return { ...run, seconds: (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000 };
  } finally {
    await staff.close();
  }
}

const startMutation = `mutation ($input: ReconciliationStartInput!) {
  reconciliationStart(input: $input) { run { id } userErrors { ... on UserError { message } } }
}`;

const runQuery = `query ($id: ID!) {
  reconciliationRun(id: $id) {
    id status startedAt finishedAt omission summary { released recomputed orphaned healed pending }
  }
}`;
