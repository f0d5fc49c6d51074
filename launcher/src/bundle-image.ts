import { resolve } from 'node:path';
import { bundleInto } from '@mercato/bundle';
import { subgraphs } from '@mercato/schema';
import { root } from './environment.ts';

/** `node --import tsx launcher/src/bundle-image.ts dist`: every program that an image runs, bundled into that folder. */
const programs = [
  ...subgraphs.map(({ name }) => `subgraphs/${name}/src/main.ts`),
  'router/src/main.ts',
  'router/src/cli/key.ts',
  'content-server/src/main.ts',
  'payment-sandbox/src/main.ts',
  'launcher/src/migrate.ts',
  'launcher/src/seed-shop.ts',
];

await bundleInto(resolve(root, process.argv[2] ?? 'dist'), programs);
