import { measureStatements, type StatementEnded } from '@mercato/telemetry/metrics';
import { activeTracer, recordedHere } from '@mercato/telemetry/tracing';
import { PrismaPg } from '@prisma/adapter-pg';
import { databaseName } from './databases.ts';
import { statementSummary } from './statement-summary.ts';

type Connect = PrismaPg['connect'];
type Adapter = Awaited<ReturnType<Connect>>;
type Queryable = Pick<Adapter, 'queryRaw' | 'executeRaw'>;

/** The adapter with its statements counted, and recorded where the work that asks is. Values are told to nobody. */
export class MeasuredPrismaPg extends PrismaPg {
  readonly #database: string;
  readonly #ended: StatementEnded;

  constructor(url: string, ...[config, options]: ConstructorParameters<typeof PrismaPg>) {
    super(config, options);
    this.#database = databaseName(url);
    this.#ended = measureStatements(this.#database);
  }

  override async connect(): Promise<Adapter> {
    const adapter = await super.connect();
    const startTransaction = adapter.startTransaction.bind(adapter);
    this.#measure(adapter);
    adapter.startTransaction = async (isolationLevel) => {
      const transaction = await startTransaction(isolationLevel);
      this.#measure(transaction);
      return transaction;
    };
    return adapter;
  }

  #measure(queryable: Queryable): void {
    const queryRaw = queryable.queryRaw.bind(queryable);
    const executeRaw = queryable.executeRaw.bind(queryable);
    queryable.queryRaw = (query) => this.#run(query.sql, () => queryRaw(query));
    queryable.executeRaw = (query) => this.#run(query.sql, () => executeRaw(query));
  }

  async #run<T>(sql: string, statement: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    let succeeded = false;
    try {
      const result = await this.#record(sql, statement);
      succeeded = true;
      return result;
    } finally {
      this.#ended(succeeded, startedAt);
    }
  }

  #record<T>(sql: string, statement: () => Promise<T>): Promise<T> {
    if (!activeTracer()) return statement();
    const summary = statementSummary(sql);
    const about = { 'db.system.name': 'postgresql', 'db.namespace': this.#database, 'db.query.summary': summary };
    return recordedHere(summary, about, statement);
  }
}
