import {
  BoundedNames,
  Counter,
  Histogram,
  latencyBuckets,
  type Registry,
  secondsSince,
} from '@mercato/telemetry/metrics';
import type { OperationEnd } from '../operations/log-operation.ts';
import type { Operation } from '../operations/operation.ts';
import type { TrustedDocuments } from '../trusted-documents/trusted-documents.ts';
import type { OperationObserver } from './operation-observer.ts';

/** Names told apart beside those of trusted documents. Anyone can make up names. */
const most = { operations: 100, clients: 20, codes: 60 };

/** Requests that ended before it was known what they ask. */
const unread = 'unread';

type Outcome = 'ok' | 'errors' | 'refused';

/** The series of one operation, looked up once. */
interface Series {
  readonly name: string;
  readonly duration: { observe(seconds: number): void };
  readonly estimated: { inc(points: number): void };
  readonly actual: { inc(points: number): void };
  readonly byClient: Map<string, Record<Outcome, { inc(): void }>>;
}

/** Counts operations by their names, clients and ends, how long they took, and what they cost. */
export class OperationMetrics implements OperationObserver {
  readonly #trusted: Pick<TrustedDocuments, 'holds' | 'operationNames'>;
  readonly #series = new WeakMap<Operation, Series>();
  readonly #names = new BoundedNames(most.operations);
  readonly #clients = new BoundedNames(most.clients);
  readonly #codes = new BoundedNames(most.codes);
  readonly #unread: Series;
  readonly #tools = new Map<string, Series>();
  readonly #operations: Counter<'operation' | 'client' | 'outcome'>;
  readonly #durations: Histogram<'operation'>;
  readonly #estimated: Counter<'operation'>;
  readonly #actual: Counter<'operation'>;
  readonly #errors: Counter<'code'>;
  readonly #planning: Histogram;
  readonly #plansKnown: { inc(): void };
  readonly #plansMade: { inc(): void };
  readonly #plansFailed: { inc(): void };

  constructor(registry: Registry, trusted: Pick<TrustedDocuments, 'holds' | 'operationNames'>) {
    const registers = [registry];
    this.#trusted = trusted;
    this.#operations = new Counter({
      name: 'mercato_router_operations_total',
      help: 'Operations by name, client and end: ok, with errors, or refused before they were run',
      labelNames: ['operation', 'client', 'outcome'],
      registers,
    });
    this.#durations = new Histogram({
      name: 'mercato_router_operation_duration_seconds',
      help: 'Time from a request to its answer',
      labelNames: ['operation'],
      buckets: latencyBuckets,
      registers,
    });
    this.#estimated = new Counter({
      name: 'mercato_router_operation_cost_estimated_total',
      help: 'Points that operations were estimated at before they were run',
      labelNames: ['operation'],
      registers,
    });
    this.#actual = new Counter({
      name: 'mercato_router_operation_cost_actual_total',
      help: 'Points that operations cost',
      labelNames: ['operation'],
      registers,
    });
    this.#errors = new Counter({
      name: 'mercato_router_errors_total',
      help: 'Operations that had an error of this code, such as RATE_LIMITED',
      labelNames: ['code'],
      registers,
    });
    const plans = new Counter({
      name: 'mercato_router_plans_total',
      help: 'Query plans that were wanted: known, made, or failed',
      labelNames: ['outcome'],
      registers,
    });
    this.#plansKnown = plans.labels('known');
    this.#plansMade = plans.labels('made');
    this.#plansFailed = plans.labels('failed');
    this.#planning = new Histogram({
      name: 'mercato_router_planning_duration_seconds',
      help: 'Time that operations waited for a plan that was not known',
      buckets: latencyBuckets,
      registers,
    });
    this.#unread = this.#seriesNamed(unread);
  }

  ended({ operation, tool, errors, spent, startedAt }: OperationEnd, client: unknown): void {
    const series = tool !== undefined ? this.#seriesOfTool(tool) : operation ? this.#seriesOf(operation) : this.#unread;
    const failed = errors.length > 0;
    const outcome = failed ? (spent ? 'errors' : 'refused') : 'ok';
    this.#outcomesOf(series, client)[outcome].inc();
    series.duration.observe(secondsSince(startedAt));
    if (spent) {
      series.estimated.inc(spent.estimated);
      series.actual.inc(spent.actual);
    }
    if (!failed) return;
    for (const code of new Set(errors.map(({ extensions }) => extensions?.code ?? 'INTERNAL_SERVER_ERROR'))) {
      this.#errors.labels(this.#codes.labelOf(String(code))).inc();
    }
  }

  planAsked(plan: unknown): void {
    if (!(plan instanceof Promise)) {
      this.#plansKnown.inc();
      return;
    }
    const startedAt = performance.now();
    plan.then(
      () => {
        this.#plansMade.inc();
        this.#planning.observe(secondsSince(startedAt));
      },
      () => this.#plansFailed.inc(),
    );
  }

  #seriesOf(operation: Operation): Series {
    let series = this.#series.get(operation);
    if (!series) {
      series = this.#seriesNamed(this.#nameOf(operation));
      this.#series.set(operation, series);
    }
    return series;
  }

  /** There are as many as we wrote, and nobody else can call an operation so: its name would hold a space. */
  #seriesOfTool(tool: string): Series {
    let series = this.#tools.get(tool);
    if (!series) {
      series = this.#seriesNamed(`tool ${tool}`);
      this.#tools.set(tool, series);
    }
    return series;
  }

  /** An operation that merely has the name of a trusted one is not counted as that. */
  #nameOf({ name, text }: Operation): string {
    if (name === undefined) return 'anonymous';
    if (this.#trusted.holds(text)) return name;
    return this.#trusted.operationNames.has(name) ? 'other' : this.#names.labelOf(name);
  }

  #seriesNamed(name: string): Series {
    return {
      name,
      duration: this.#durations.labels(name),
      estimated: this.#estimated.labels(name),
      actual: this.#actual.labels(name),
      byClient: new Map(),
    };
  }

  #outcomesOf({ name, byClient }: Series, given: unknown): Record<Outcome, { inc(): void }> {
    const client = typeof given === 'string' && given !== '' ? this.#clients.labelOf(given) : 'unnamed';
    let outcomes = byClient.get(client);
    if (!outcomes) {
      outcomes = {
        ok: this.#operations.labels(name, client, 'ok'),
        errors: this.#operations.labels(name, client, 'errors'),
        refused: this.#operations.labels(name, client, 'refused'),
      };
      byClient.set(client, outcomes);
    }
    return outcomes;
  }
}
