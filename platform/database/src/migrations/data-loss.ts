import type { EvaluateDataLossOutput, SchemaContainer } from '@prisma/schema-engine-wasm';
import { ALL, withEngine } from './engine.ts';

/**
 * What bringing the database at `url` to the schema would destroy, and what it could not do, given the rows in it.
 * The engine is asked to push the schema in a transaction that is rolled back: its own `evaluateDataLoss` cannot
 * make a shadow database when it runs as wasm.
 */
export function dataLoss(url: string, files: SchemaContainer[]): Promise<EvaluateDataLossOutput> {
  return withEngine(
    url,
    files,
    async (engine) => {
      const pushed = await engine.schemaPush({ force: false, schema: { files }, filters: ALL });
      const blocked = pushed.warnings.length + pushed.unexecutable.length > 0;
      return {
        migrationSteps: blocked ? Math.max(1, pushed.executedSteps) : pushed.executedSteps,
        warnings: pushed.warnings.map((message, stepIndex) => ({ message, stepIndex })),
        unexecutableSteps: pushed.unexecutable.map((message, stepIndex) => ({ message, stepIndex })),
      };
    },
    'rehearsal',
  );
}
