import { deepStrictEqual } from 'node:assert';
import type { Benchmark } from '../benchmark.ts';
import { countGate } from '../report/figure.ts';
import { loadLevels } from '../stock/levels.ts';
import { reconcile } from '../stock/reconcile.ts';
import { addWarehouses, aWarehouse } from '../stock/warehouses.ts';
import { peakMemoryDuring, residentMemory } from '../system/peak-memory.ts';
import { type System, startSystem } from '../system/system.ts';

const drifted = 100;

/** A million levels against their ledger, some of them wrong. */
export const reconciliation: Benchmark = async (run) => {
  const system = await startSystem(run, { name: 'reconciliation', topology: 'processes' });
  try {
    const codes = Array.from({ length: 20 }, (_, index) => `W${index + 1}`);
    await addWarehouses(system, codes.map(aWarehouse));
    const skus = Array.from(
      { length: run.quick ? 2_500 : 50_000 },
      (_, index) => `SKU-${String(index).padStart(6, '0')}`,
    );
    const levels = await loadLevels(system, skus, (done) => run.tell(`  ${done.toLocaleString('en')} levels loaded`));

    const pid = system.service('inventory-worker').pid;
    if (pid === undefined) throw new Error('The worker of inventory does not run.');
    const before = await residentMemory(pid);
    const expected = await drift(system);
    const seconds: number[] = [];
    const peak = await peakMemoryDuring(pid, async () => {
      const first = await reconcile(system);
      deepStrictEqual(await levelsFound(system, first.id), expected);
      if (first.summary.recomputed !== drifted) throw new Error(`It found ${JSON.stringify(first.summary)}.`);
      seconds.push(first.seconds);
      run.tell(`  ${drifted} of ${drifted} found in ${first.seconds.toFixed(1)} s; again`);
      const second = await reconcile(system);
      deepStrictEqual(await levelsFound(system, second.id), []);
      seconds.push(second.seconds);
    });
    return [
      {
        name: `${levels.toLocaleString('en')} levels`,
        unit: 'levels/s',
        values: seconds.map((taken) => levels / taken),
      },
      { name: 'wrong levels found, of 100', unit: '', values: [expected.length], wish: countGate('at least', drifted) },
      { name: 'memory of the worker before', unit: 'MiB', values: [before] },
      { name: 'memory of the worker, growth', unit: 'MiB', values: [peak - before], wish: countGate('at most', 200) },
    ];
  } finally {
    await system.stop();
  }
};

/** Makes levels wrong behind the ledger's back, here and there. @returns which, as `sku@warehouse` */
async function drift(system: System): Promise<string[]> {
  const rows = await system.sql<{ level: string }>(
    'inventory',
    `WITH chosen AS (SELECT id FROM stock_level ORDER BY md5(id) LIMIT ${drifted})
     UPDATE stock_level l SET on_hand = on_hand + 3 FROM chosen WHERE l.id = chosen.id
     RETURNING l.sku || '@' || l.warehouse_id AS level`,
  );
  return rows.map(({ level }) => level).sort();
}

async function levelsFound(system: System, runId: string): Promise<string[]> {
  const rows = await system.sql<{ level: string }>(
    'inventory',
    `SELECT sku || '@' || warehouse_id AS level FROM discrepancy WHERE run_id = $1 AND kind = 'LEDGER_DRIFT'`,
    [runId],
  );
  return rows.map(({ level }) => level).sort();
}
