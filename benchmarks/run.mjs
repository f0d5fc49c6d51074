import '../scripts/lib/node-version.mjs';
import { installWorkspace } from '../scripts/lib/install.mjs';
import { makeReady } from '../scripts/lib/ready.mjs';
import { inRoot, root } from '../scripts/lib/root.mjs';
import { runMain } from '../scripts/lib/steps.mjs';
import { becomeProgram } from '../scripts/lib/typescript.mjs';

await runMain(async () => {
  await makeReady();
  await installWorkspace('benchmarks');
});
process.chdir(root);
// biome-ignore lint/style/noProcessEnv: Apollo reads it when its packages load, which is below.
process.env.APOLLO_TELEMETRY_DISABLED ??= '1';
await becomeProgram(inRoot('benchmarks', 'src', 'main.ts'));
