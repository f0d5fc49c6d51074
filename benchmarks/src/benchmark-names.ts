export const benchmarkNames = ['router', 'product-list', 'import', 'reconciliation'] as const;

export type BenchmarkName = (typeof benchmarkNames)[number];
