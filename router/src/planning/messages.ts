import type { PublishedSubgraph } from './compose-published.ts';

/** What the planning thread is asked. It works on one message at a time. */
export type Request =
  | { readonly kind: 'load'; readonly graph: number; readonly supergraphSdl: string }
  | {
      readonly kind: 'plan' | 'describe';
      readonly graph: number;
      readonly text: string;
      readonly operationName: string | undefined;
    }
  | { readonly kind: 'release'; readonly graph: number }
  | { readonly kind: 'compose'; readonly subgraphs: readonly PublishedSubgraph[] };

/**
 * What it answers, in the order it was asked. `value` is the API schema's SDL of a load; of a plan the plan, and of a
 * composition its outcome, as JSON; of a description the plan for people.
 */
export type Reply =
  | { readonly kind: 'done'; readonly value: string }
  | { readonly kind: 'failed'; readonly message: string };
