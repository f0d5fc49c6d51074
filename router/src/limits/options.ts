/** What one document may hold. A document is measured once; the figures count fragments wherever they are spread. */
export interface DocumentLimits {
  /** Characters of its text. Values of any length travel as variables. */
  readonly characters: number;
  readonly tokens: number;
  /** Operations written in it. */
  readonly operations: number;
  /** Fragments written in it. */
  readonly fragments: number;
  /** Fields as written: validation compares those of one name with each other. */
  readonly fields: number;
  /** Fields within fields. */
  readonly depth: number;
  /** Fields of one operation, each response name counted once in each of its selection sets. */
  readonly height: number;
  /** Fields, spreads and inline fragments of one operation with every spread written out: what a planner walks. */
  readonly selections: number;
  /** Pairs of fields that share a place in the answer: validation compares each of them. */
  readonly overlaps: number;
  readonly aliases: number;
  readonly rootFields: number;
  /** `__schema` and `__type` of one operation. */
  readonly introspections: number;
  readonly directives: number;
  /** Directives of one field, fragment, variable or operation. */
  readonly directivesAtOnePlace: number;
}

/** What the variables of one request may hold; what is written in a document is held to the same. */
export interface ValueLimits {
  /** Lists and objects within each other. */
  readonly valueDepth: number;
  /** Items of all lists together. */
  readonly listItems: number;
}

export const defaultDocumentLimits: DocumentLimits = {
  characters: 256 * 1024,
  tokens: 10_000,
  operations: 50,
  fragments: 200,
  fields: 2_000,
  depth: 25,
  height: 1_000,
  selections: 5_000,
  overlaps: 50_000,
  aliases: 100,
  rootFields: 50,
  introspections: 2,
  directives: 200,
  directivesAtOnePlace: 10,
};

export const defaultValueLimits: ValueLimits = { valueDepth: 20, listItems: 10_000 };
