import { getHeapStatistics } from 'node:v8';

/**
 * Mebibytes that the main thread's heap may take, as Node chose by the memory of the machine or container, or as
 * `--max-old-space-size` says. What is kept of documents and of subgraphs' answers takes a part of it, so that a small
 * container is not filled.
 */
export const heapMb = (): number => getHeapStatistics().heap_size_limit / 1024 / 1024;
