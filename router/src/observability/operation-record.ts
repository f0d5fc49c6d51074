import type { IncomingHttpHeaders } from 'node:http';
import type { Logger, Trace } from '@mercato/telemetry';
import type { Span } from '@mercato/telemetry/tracing';
import type { GraphQLFormattedError } from 'graphql';
import type { RouterContext } from '../context.ts';
import type { SubgraphCalls } from '../graphos/subgraph-calls.ts';
import type { Usage } from '../graphos/usage-reporting.ts';
import type { Spent } from '../limits/admission.ts';
import type { Answering, OperationRequest } from '../operations/answer-operation.ts';
import { logOperation } from '../operations/log-operation.ts';
import type { Operation } from '../operations/operation.ts';
import { endOperation, startOperation } from './operation-span.ts';

/** How an operation came: a request, or the one that a WebSocket was opened with. */
export interface Arrival {
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly trace: Trace;
  /** The tool that it is the document of. */
  readonly tool?: string;
}

/**
 * One operation from its arrival to its end, over whatever it came: traced, measured, reported and logged. What is known of
 * it so far is put here, and told however it ends.
 */
export class OperationRecord {
  readonly startedAt = performance.now();
  /** What is done for it is part of that. */
  readonly trace: Trace;
  asked: OperationRequest | undefined;
  operation: Operation | undefined;
  context: RouterContext | undefined;
  spent: Spent | undefined;
  readonly #arrival: Arrival;
  readonly #answering: Pick<Answering, 'observer'>;
  readonly #logger: Logger;
  readonly #span: Span | undefined;
  readonly #usage: Usage | undefined;

  constructor(arrival: Arrival, answering: Pick<Answering, 'observer' | 'usage'>, logger: Logger) {
    this.#arrival = arrival;
    this.#answering = answering;
    this.#logger = logger;
    this.#span = startOperation(arrival.trace);
    this.trace = this.#span?.trace ?? arrival.trace;
    this.#usage = answering.usage?.begin(arrival);
  }

  get calls(): SubgraphCalls | undefined {
    return this.#usage?.calls;
  }

  /** Of a subscription, when it has begun. */
  end(errors: readonly GraphQLFormattedError[], httpStatus: number): void {
    const { asked, operation, context, spent, startedAt, trace } = this;
    const { headers, tool } = this.#arrival;
    const operationName = asked?.operationName;
    const end = { operation, operationName, tool, errors, httpStatus, spent, startedAt, context };
    logOperation(this.#logger, { headers, trace }, end, this.#answering.observer);
    if (this.#span) endOperation(this.#span, end);
    this.#usage?.end({
      text: operation?.text ?? asked?.query,
      wasNamed: asked?.query === undefined,
      operation,
      operationName,
      errors,
    });
  }
}
