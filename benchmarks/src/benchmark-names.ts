export const benchmarkNames = ['router'] as const;

export type BenchmarkName = (typeof benchmarkNames)[number];
