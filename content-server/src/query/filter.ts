import { type ContentModel, componentNamed, type Field, modelNamed } from '../model/description.ts';
import {
  type ComponentValue,
  componentsIn,
  type Entry,
  type FieldValue,
  stages,
  stringsIn,
  valueIn,
} from '../store/documents.ts';
import type { ContentStore } from '../store/store.ts';
import {
  idOperators,
  instantOperators,
  listOperators,
  type Operator,
  operatorsOf,
  quantifiers,
  type Scalar,
} from './operators.ts';

/** A `where` after GraphQL checked it against the input type of its model. */
export type Where = Readonly<Record<string, unknown>>;

/** What a filter looks at: an entry, or a component within one. */
interface Subject {
  id: string;
  entry: Entry;
  fields: readonly Field[];
  value: (field: Field) => FieldValue;
  isEntry: boolean;
}

export const isWhere = (value: unknown): value is Where =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const asList = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];
const isScalar = (value: unknown): value is Scalar => ['string', 'number', 'boolean'].includes(typeof value);
const wheresIn = (value: unknown): readonly Where[] => asList(value).filter(isWhere);

/** Decides which entries pass a `where`. */
export class Filter {
  readonly #content: ContentModel;
  readonly #store: ContentStore;

  constructor(content: ContentModel, store: ContentStore) {
    this.#content = content;
    this.#store = store;
  }

  matches(entry: Entry, where: Where): boolean {
    return this.#matches(this.#entrySubject(entry), where);
  }

  matchesComponent(component: ComponentValue, entry: Entry, where: Where): boolean {
    return this.#matches(this.#componentSubject(component, entry), where);
  }

  #matches(subject: Subject, where: Where): boolean {
    return Object.entries(where).every(([key, operand]) => this.#passes(subject, key, operand));
  }

  #passes(subject: Subject, key: string, operand: unknown): boolean {
    if (key === 'AND') return wheresIn(operand).every((where) => this.#matches(subject, where));
    // An empty OR restricts nothing; inferred.
    if (key === 'OR')
      return asList(operand).length === 0 || wheresIn(operand).some((where) => this.#matches(subject, where));
    if (key === 'NOT')
      return !wheresIn(operand).every((where) => this.#matches(subject, where)) || asList(operand).length === 0;
    if (key === '_search') return search(subject, String(operand ?? ''));
    return this.#passesSystem(subject, key, operand) ?? this.#passesField(subject, key, operand);
  }

  /** Filters that every entry has; undefined when the key is none of them. */
  #passesSystem(subject: Subject, key: string, operand: unknown): boolean | undefined {
    const { stamps } = subject.entry.snapshot;
    if (key.startsWith('id')) {
      const operator = idOperators.find(({ suffix }) => key === `id${suffix}`);
      if (operator) return apply(operator, subject.id, operand);
    }
    if (!subject.isEntry) return undefined;
    for (const name of ['createdAt', 'updatedAt', 'publishedAt'] as const) {
      const operator = instantOperators.find(({ suffix }) => key === `${name}${suffix}`);
      if (operator) return apply(operator, stamps[name], operand);
    }
    for (const name of ['createdBy', 'updatedBy', 'publishedBy'] as const) {
      if (key === name) return this.#passesOne(stamps[name], subject.entry, operand);
    }
    const quantifier = quantifiers.find(({ suffix }) => key === `documentInStages${suffix}`);
    return quantifier?.holds(this.#inStages(subject.entry), (other) =>
      this.#passesStage(subject.entry, other, operand),
    );
  }

  #passesField(subject: Subject, key: string, operand: unknown): boolean {
    for (const field of subject.fields) {
      if (!key.startsWith(field.name)) continue;
      const suffix = key.slice(field.name.length);
      const outcome = this.#passesSuffix(subject, field, suffix, operand);
      if (outcome !== undefined) return outcome;
    }
    throw new Error(`The schema let the filter ${key} pass, which no field has.`);
  }

  #passesSuffix(subject: Subject, field: Field, suffix: string, operand: unknown): boolean | undefined {
    const value = subject.value(field);
    if (field.kind === 'strings') {
      const operator = listOperators.find((candidate) => candidate.suffix === suffix);
      return operator?.test(
        stringsIn(value),
        asList(operand).filter((item) => typeof item === 'string'),
      );
    }
    if (field.kind === 'relation' || field.kind === 'component')
      return this.#passesNested(subject, field, suffix, operand);
    const operator = operatorsOf(field).find((candidate) => candidate.suffix === suffix);
    return operator && apply(operator, isScalar(value) ? value : null, operand);
  }

  #passesNested(subject: Subject, field: Field, suffix: string, operand: unknown): boolean | undefined {
    const list = 'list' in field && field.list;
    const quantifier = quantifiers.find((candidate) => candidate.suffix === suffix);
    if (list ? !quantifier : suffix !== '') return undefined;
    const subjects = this.#nested(subject, field);
    const where = isWhere(operand) ? operand : null;
    // To-one: `null` asks for entries that have none.
    if (!list || !quantifier)
      return where ? subjects.some((other) => this.#matches(other, where)) : subjects.length === 0;
    return quantifier.holds(subjects, (other) => this.#matches(other, where ?? {}));
  }

  #nested({ value, entry }: Subject, field: Field): Subject[] {
    if (field.kind === 'component')
      return componentsIn(value(field)).map((component) => this.#componentSubject(component, entry));
    if (field.kind !== 'relation') return [];
    const related = this.#store.related(entry, field, stringsIn(value(field)), entry.locales);
    return related.map((other) => this.#entrySubject(other));
  }

  #passesOne(id: string | null, entry: Entry, operand: unknown): boolean {
    const other = id === null ? null : this.#store.entry(id, entry.snapshot.stage, entry.locales);
    return isWhere(operand) ? other !== null && this.matches(other, operand) : other === null;
  }

  #inStages({ snapshot, locales }: Entry): Entry[] {
    return stages.flatMap((stage) => this.#store.entry(snapshot.id, stage, locales) ?? []);
  }

  /** `compareWithParent.outdated_to: true` asks for a snapshot that is older than the entry itself; inferred. */
  #passesStage(parent: Entry, other: Entry, operand: unknown): boolean {
    if (!isWhere(operand)) return true;
    const { stage, compareWithParent } = operand;
    if (typeof stage === 'string' && other.snapshot.stage !== stage) return false;
    const outdated = isWhere(compareWithParent) ? compareWithParent.outdated_to : undefined;
    if (typeof outdated === 'boolean' && other.snapshot.revision < parent.snapshot.revision !== outdated) return false;
    return wheresIn(operand.AND).every((where) => this.#passesStage(parent, other, where));
  }

  #entrySubject(entry: Entry): Subject {
    const { fields } = modelNamed(this.#content, entry.snapshot.model);
    return { id: entry.snapshot.id, entry, fields, value: (field) => valueIn(entry, field), isEntry: true };
  }

  #componentSubject(component: ComponentValue, entry: Entry): Subject {
    const { fields } = componentNamed(this.#content, component.component);
    return { id: component.id, entry, fields, value: (field) => component.fields[field.name] ?? null, isEntry: false };
  }
}

function apply(operator: Operator, value: Scalar | null, operand: unknown): boolean {
  // A list that is itself null filters nothing; inferred.
  if (operator.list && (operand === null || operand === undefined)) return true;
  return operator.test(
    value,
    asList(operand ?? null).map((item) => (isScalar(item) ? item : null)),
  );
}

/** Looks through strings, several strings and numbers, whatever the case; rich text is not searched. */
function search({ fields, value, id }: Subject, wanted: string): boolean {
  const needle = wanted.toLocaleLowerCase();
  const holds = (text: string): boolean => text.toLocaleLowerCase().includes(needle);
  return (
    id === wanted ||
    fields.some((field) => {
      if (field.kind === 'string') return holds(String(value(field) ?? ''));
      if (field.kind === 'strings') return stringsIn(value(field)).some(holds);
      return (
        (field.kind === 'int' || field.kind === 'float') && value(field) !== null && String(value(field)) === needle
      );
    })
  );
}
