import type { GraphQLFormattedError } from 'graphql';
import { missingData } from '../subgraphs/missing-data.ts';
import type { FetchStep } from './compiled-plan.ts';
import { type Data, type Path, pathsOfObjectsAt } from './data.ts';
import type { Execution } from './execute-plan.ts';
import type { FetchOutcome } from './subgraph-fetch.ts';

/** An entity that was asked about, and the objects in the data that it completes, by their number. */
interface ErringEntity {
  readonly representation: Data;
  readonly targets: readonly number[];
}

/** Tells errors of a subgraph at the client's paths. */
export class EntityErrors {
  readonly #step: FetchStep;
  readonly #targets: readonly Data[];
  readonly #execution: Execution;
  readonly #told = new Set<GraphQLFormattedError>();
  #paths: readonly Path[] | undefined;

  constructor(step: FetchStep, targets: readonly Data[], execution: Execution) {
    this.#step = step;
    this.#targets = targets;
    this.#execution = execution;
  }

  tell({ errors, failed }: FetchOutcome, index: number, want: ErringEntity): void {
    for (const error of errors) {
      const { path = [] } = error;
      const at = path[1];
      if (!failed && typeof at === 'number') {
        // An error of one entity is an error wherever the entity shows.
        if (at === index)
          for (const target of want.targets) this.#push(error, [...this.#pathOf(target), ...path.slice(2)]);
      } else if (!this.#told.has(error)) {
        // One error says enough of a call without an answer, and of errors that belong to no entity.
        if (failed) this.#tellMissing(error, want);
        else this.#push(error, this.#place());
        for (const same of failed ? errors : [error]) this.#told.add(same);
      }
    }
  }

  /** Of a call without an answer: what this step would have had of it, at the first object. */
  #tellMissing(error: GraphQLFormattedError, { representation, targets }: ErringEntity): void {
    const here = this.#pathOf(targets[0] ?? 0);
    for (const path of missingData(this.#step.query, { representations: [representation] })) {
      this.#push(error, [...here, ...path.slice(2)]);
    }
  }

  #push(error: GraphQLFormattedError, path: Path): void {
    this.#execution.errors.push({ ...error, path });
  }

  #pathOf(target: number): Path {
    this.#paths ??= pathsOfObjectsAt(this.#execution.data, this.#step.path);
    return this.#targets.length === this.#paths.length ? (this.#paths[target] ?? []) : this.#place();
  }

  #place(): Path {
    return this.#step.path.filter((part) => part !== '@');
  }
}
