/** What the planning thread is asked. It works on one message at a time. */
export type Request =
  | { readonly kind: 'load'; readonly graph: number; readonly supergraphSdl: string }
  | {
      readonly kind: 'plan';
      readonly graph: number;
      readonly text: string;
      readonly operationName: string | undefined;
    }
  | { readonly kind: 'release'; readonly graph: number };

/** What it answers, in the order it was asked. `value` is the API schema's SDL of a load, the plan as JSON of a plan. */
export type Reply =
  | { readonly kind: 'done'; readonly value: string }
  | { readonly kind: 'failed'; readonly message: string };
