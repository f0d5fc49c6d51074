import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { LiteralMeasure } from './measure-values.ts';

/** What a document holds; of its operations the largest of each. */
export interface Measure {
  /** Fields as written, in all operations and fragments. */
  readonly fields: number;
  readonly directives: number;
  /** The most that stand at one place. */
  readonly directivesAtOnePlace: number;
  /** Lists and objects within each other, in values; lists within each other, in types. */
  readonly valueDepth: number;
  readonly listItems: number;
  readonly depth: number;
  /** Fields, spreads and inline fragments within each other; above the limit where it was not followed further. */
  readonly nesting: number;
  readonly height: number;
  readonly selections: number;
  /** Of all operations together. */
  readonly allSelections: number;
  readonly aliases: number;
  readonly rootFields: number;
  readonly introspections: number;
  /** Whether a fragment is within itself, which validation refuses. */
  readonly isEndless: boolean;
}

/** What a selection set holds with its spreads written out. Sums are floating: too large is large enough. */
interface Extent {
  depth: number;
  nesting: number;
  height: number;
  selections: number;
  aliases: number;
  rootFields: number;
  introspections: number;
}

const nothing = (): Extent => ({
  depth: 0,
  nesting: 0,
  height: 0,
  selections: 0,
  aliases: 0,
  rootFields: 0,
  introspections: 0,
});

/**
 * Measures a document that was parsed but not validated: fragments may be missing, or spread themselves. Each
 * fragment is walked once, so the time is in proportion to the document, whatever it would be written out.
 */
export function measure(document: DocumentNode, limits: { nesting: number }): Measure {
  return new Measuring(document, limits.nesting).result();
}

class Measuring {
  readonly #document: DocumentNode;
  readonly #maxNesting: number;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #known = new Map<string, Extent>();
  readonly #literals = new LiteralMeasure();
  #fields = 0;
  #directives = 0;
  #directivesAtOnePlace = 0;
  #isEndless = false;
  readonly #underway = new Set<string>();

  constructor(document: DocumentNode, maxNesting: number) {
    this.#document = document;
    this.#maxNesting = maxNesting;
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION) this.#fragments.set(definition.name.value, definition);
    }
  }

  result(): Measure {
    const largest = nothing();
    let allSelections = 0;
    for (const definition of this.#document.definitions) {
      if (definition.kind === Kind.OPERATION_DEFINITION) {
        this.#noteDirectives(definition.directives);
        for (const { type, defaultValue, directives } of definition.variableDefinitions ?? []) {
          this.#literals.addType(type);
          if (defaultValue) this.#literals.add(defaultValue);
          this.#noteDirectives(directives);
        }
        const extent = this.#extentOf(definition.selectionSet, 0);
        allSelections += extent.selections;
        raise(largest, extent);
      } else if (definition.kind === Kind.FRAGMENT_DEFINITION) {
        this.#noteDirectives(definition.directives);
        // Of a fragment that nobody spreads only the depth matters: whatever walks the document walks it too.
        const { depth, nesting } = this.#extentOfFragment(definition.name.value);
        raise(largest, { ...nothing(), depth, nesting });
      }
    }
    return {
      ...largest,
      allSelections,
      fields: this.#fields,
      directives: this.#directives,
      directivesAtOnePlace: this.#directivesAtOnePlace,
      valueDepth: this.#literals.depth,
      listItems: this.#literals.items,
      isEndless: this.#isEndless,
    };
  }

  #extentOfFragment(name: string): Extent {
    const before = this.#known.get(name);
    if (before) return before;
    const fragment = this.#fragments.get(name);
    if (this.#underway.has(name)) this.#isEndless = true;
    // Validation refuses it, as it does one that is not there.
    if (!fragment || this.#underway.has(name)) return nothing();
    this.#underway.add(name);
    const extent = this.#extentOf(fragment.selectionSet, 0);
    this.#underway.delete(name);
    this.#known.set(name, extent);
    return extent;
  }

  #extentOf(set: SelectionSetNode, above: number): Extent {
    const extent = nothing();
    if (above >= this.#maxNesting) return { ...extent, nesting: 1 };
    const names = new Set<string>();
    for (const selection of set.selections) {
      extent.selections += 1;
      this.#noteDirectives(selection.directives);
      if (selection.kind === Kind.FIELD) {
        this.#addField(extent, selection, names, above);
        continue;
      }
      const within =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? this.#extentOfFragment(selection.name.value)
          : this.#extentOf(selection.selectionSet, above + 1);
      extent.depth = Math.max(extent.depth, within.depth);
      extent.height += within.height;
      extent.rootFields += within.rootFields;
      extent.introspections += within.introspections;
      addBelow(extent, within);
    }
    return extent;
  }

  #addField(extent: Extent, field: FieldNode, names: Set<string>, above: number): void {
    this.#fields += 1;
    for (const argument of field.arguments ?? []) this.#literals.add(argument.value);
    const below = field.selectionSet ? this.#extentOf(field.selectionSet, above + 1) : nothing();
    if (field.alias) extent.aliases += 1;
    const name = field.alias?.value ?? field.name.value;
    if (!names.has(name)) {
      names.add(name);
      extent.height += 1;
      extent.rootFields += 1;
    }
    if (field.name.value === '__schema' || field.name.value === '__type') extent.introspections += 1;
    extent.depth = Math.max(extent.depth, 1 + below.depth);
    extent.height += below.height;
    addBelow(extent, below);
  }

  #noteDirectives(directives: readonly DirectiveNode[] | undefined): void {
    if (!directives?.length) return;
    this.#directives += directives.length;
    this.#directivesAtOnePlace = Math.max(this.#directivesAtOnePlace, directives.length);
    for (const directive of directives) {
      for (const argument of directive.arguments ?? []) this.#literals.add(argument.value);
    }
  }
}

function addBelow(extent: Extent, below: Extent): void {
  extent.nesting = Math.max(extent.nesting, 1 + below.nesting);
  extent.selections += below.selections;
  extent.aliases += below.aliases;
}

function raise(largest: Extent, other: Extent): void {
  for (const key of Object.keys(largest) as (keyof Extent)[]) largest[key] = Math.max(largest[key], other[key]);
}
