import { type DocumentNode, GraphQLError, Kind, type ParseOptions, parse } from 'graphql';
import { type Measure, measure } from './measure.ts';
import { countOverlaps } from './measure-overlaps.ts';
import { measureJson } from './measure-values.ts';
import { type DocumentLimits, defaultDocumentLimits, defaultValueLimits, type ValueLimits } from './options.ts';
import { tooCostly } from './refusals.ts';

/**
 * Refuses documents that are too deep or too long before anything else looks at them: parsing deeper, validating and
 * planning are where such documents hurt.
 */
export interface Limits {
  /**
   * Parses a document as far as its limits go.
   * @throws GraphQLError OPERATION_TOO_COSTLY (400); GraphQLError of the parser on what is no document.
   */
  parse(text: string, options?: Pick<ParseOptions, 'noLocation'>): DocumentNode;
  /**
   * Holds a parsed document to the limits, before it is validated: what follows may then take what the limits allow.
   * @throws GraphQLError OPERATION_TOO_COSTLY (400)
   */
  checkParsed(document: DocumentNode): Measure;
  /** @throws GraphQLError OPERATION_TOO_COSTLY (400) */
  checkVariables(variables: unknown): void;
}

export function createLimits(options: Partial<DocumentLimits & ValueLimits> = {}): Limits {
  const limits = { ...defaultDocumentLimits, ...defaultValueLimits, ...options };
  return {
    parse: (text, { noLocation = false } = {}) => parseWithin(text, limits, noLocation),
    checkParsed: (document) => checkParsed(document, limits),
    checkVariables(variables) {
      const { depth, items } = measureJson(variables, { ...limits, valueDepth: limits.valueDepth + 1 });
      // The object that holds the variables is no value of theirs.
      if (depth > limits.valueDepth + 1) throw tooNested(limits.valueDepth);
      if (items > limits.listItems) throw tooManyItems('variables', limits.listItems);
    },
  };
}

function parseWithin(text: string, limits: DocumentLimits & ValueLimits, noLocation: boolean): DocumentNode {
  if (text.length > limits.characters) {
    const found = `The document has ${text.length} characters`;
    throw tooCostly(`${found}; at most ${limits.characters} are read. Send long values as variables.`);
  }
  try {
    // A comment is no token, and takes as long to read.
    return parse(text, { noLocation, maxTokens: limits.tokens, maxComments: limits.tokens });
  } catch (error) {
    // The parser calls itself for each level.
    if (error instanceof RangeError) throw tooDeep(limits.depth);
    if (error instanceof GraphQLError && error.message.includes('Parsing aborted')) {
      throw tooCostly(`The document holds more than ${limits.tokens} tokens. Split it, or send values as variables.`);
    }
    throw error;
  }
}

function checkParsed(document: DocumentNode, limits: DocumentLimits & ValueLimits): Measure {
  checkDefinitions(document, limits);
  // A spread for each field, as clients that keep their fragments beside their components have it.
  const nesting = 2 * limits.depth;
  const found = measure(document, { nesting });
  if (found.depth > limits.depth) throw tooDeep(limits.depth);
  if (found.nesting > nesting) {
    throw tooCostly(`Fields and fragments lie more than ${nesting} deep within each other. Ask for less at a time.`);
  }
  if (found.valueDepth > limits.valueDepth) throw tooNested(limits.valueDepth);
  if (found.listItems > limits.listItems) throw tooManyItems('document', limits.listItems);
  for (const [figure, what, remedy] of figures) {
    if (found[figure] <= limits[figure]) continue;
    throw tooCostly(`The ${what(found[figure])}; at most ${limits[figure]} may be. ${remedy}`);
  }
  // Those within themselves have no end to follow.
  if (!found.isEndless && countOverlaps(document, limits.overlaps) > limits.overlaps) {
    const most = `at most ${limits.overlaps} pairs of fields may share a place in the answer`;
    throw tooCostly(`The operation asks for the same over and over; ${most}. Ask for each field once.`);
  }
  return found;
}

/** Before all else: whoever follows fragments calls itself for each. */
function checkDefinitions({ definitions }: DocumentNode, limits: DocumentLimits): void {
  let operations = 0;
  let fragments = 0;
  for (const { kind } of definitions) {
    if (kind === Kind.OPERATION_DEFINITION) operations += 1;
    if (kind === Kind.FRAGMENT_DEFINITION) fragments += 1;
  }
  if (operations > limits.operations) {
    const found = `The document holds ${operations} operations`;
    throw tooCostly(`${found}; at most ${limits.operations} may be. Send the one that is to run.`);
  }
  if (fragments > limits.fragments) {
    const found = `The document holds ${fragments} fragments`;
    throw tooCostly(`${found}; at most ${limits.fragments} may be. Send those that are spread.`);
  }
}

const lessAtATime = 'Ask for less at a time.';
const figures: readonly [keyof Measure & keyof DocumentLimits, (found: number) => string, string][] = [
  ['fields', (found) => `document holds ${found} fields`, 'Split it.'],
  ['selections', (found) => `operation has ${numberOf(found)} selections with its fragments spread`, lessAtATime],
  ['height', (found) => `operation asks for ${numberOf(found)} fields with its fragments spread`, lessAtATime],
  ['aliases', (found) => `operation has ${numberOf(found)} aliases with its fragments spread`, lessAtATime],
  ['rootFields', (found) => `operation has ${numberOf(found)} root fields`, 'Send several operations.'],
  ['introspections', (found) => `operation asks ${numberOf(found)} times for the schema`, 'Ask for it once.'],
  ['directives', (found) => `document holds ${found} directives`, 'Split it.'],
  ['directivesAtOnePlace', (found) => `document holds ${found} directives at one place`, 'Leave out what repeats.'],
];

const numberOf = (count: number): string => (count > 1e9 ? 'more than a billion' : String(count));

const tooDeep = (depth: number): GraphQLError =>
  tooCostly(`The operation is more than ${depth} fields deep. Ask for less at a time.`);

const tooNested = (depth: number): GraphQLError =>
  tooCostly(`A value has more than ${depth} lists and objects within each other. Send flatter values.`);

const tooManyItems = (where: string, items: number): GraphQLError =>
  tooCostly(`The lists of the ${where} hold more than ${items} items together. Send them in several requests.`);
