export const benchmarkNames = [
  'gateways',
  'router',
  'subscriptions',
  'statements',
  'product-list',
  'import',
  'reconciliation',
  'stores',
] as const;

export type BenchmarkName = (typeof benchmarkNames)[number];
