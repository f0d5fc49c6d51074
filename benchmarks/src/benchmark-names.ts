export const benchmarkNames = [
  'gateways',
  'router',
  'statements',
  'product-list',
  'import',
  'reconciliation',
  'stores',
] as const;

export type BenchmarkName = (typeof benchmarkNames)[number];
