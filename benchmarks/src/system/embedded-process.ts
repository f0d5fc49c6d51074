import { launch } from '@mercato/launcher';
import { createLogger } from '@mercato/telemetry';
import { launchOptions } from './launch-options.ts';

/** The embedded topology in a process of its own, so that who measures it takes nothing from it. */
const [dataDir, entityCache] = process.argv.slice(2);
if (!dataDir || (entityCache !== 'on' && entityCache !== 'off')) {
  throw new Error('Name the data folder, and whether the entity cache is on or off.');
}
const logger = createLogger({ name: 'embedded', level: 'warn' });
const { url, foundation, stop } = await launch(
  launchOptions('embedded', { dataDir, reset: false, seed: false, entityCache }),
  {
    logger,
    tell: () => undefined,
  },
);
process.once('SIGTERM', () => void stop().then(() => process.exit()));
process.send?.({ kind: 'ready', url, databaseUrls: foundation.databaseUrls });
