import { existsSync } from 'node:fs';
import { inRoot } from './root.mjs';

/** Tells the tests where catalogs and stores of real shops lie beside the checkout; without them these tests skip. */
export function useSampleData() {
  const beside = inRoot('..', 'shared', 'data');
  if (!process.env.MERCATO_SAMPLE_DATA && existsSync(beside)) process.env.MERCATO_SAMPLE_DATA = beside;
}
