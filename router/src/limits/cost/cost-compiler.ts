import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  isLeafType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import { type Amount, type Condition, either, largest, least, onlyWhere, product, sum, where } from './amounts.ts';
import { argumentsAmount } from './arguments.ts';
import type { CostModel, FieldCost } from './cost-model.ts';
import { listSizeAmount } from './list-size.ts';
import { collectFields, type Document, type MergedField } from './selections.ts';

/** A field of the operation with what it costs. */
export interface CostedField {
  readonly name: string;
  /** Infinite where conditions leave it out, as the next two. */
  readonly weight: Amount;
  readonly weightOfLeaf: Amount;
  readonly arguments: Amount;
  readonly children: readonly CostedField[];
}

interface Compiled {
  readonly amount: Amount;
  readonly fields: readonly CostedField[];
}

/** The size that a field above gives lists below it. */
interface Sized {
  readonly paths: readonly (readonly string[])[];
  readonly size: Amount;
}

/** What costs depend on beside the schema. */
interface Assumptions {
  readonly defaultListSize: number;
  readonly introspectionCost: number;
}

/** Compiles the cost of one operation's selections, from the top down. */
export class CostCompiler {
  readonly #options: Assumptions;
  readonly #document: Document;

  constructor(
    model: CostModel,
    { definitions }: DocumentNode,
    operation: OperationDefinitionNode,
    options: Assumptions,
  ) {
    this.#options = options;
    const fragments = definitions.filter((one): one is FragmentDefinitionNode => one.kind === Kind.FRAGMENT_DEFINITION);
    this.#document = {
      model,
      fragments: new Map(fragments.map((fragment) => [fragment.name.value, fragment])),
      defaults: new Map(
        (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
          defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
        ),
      ),
    };
  }

  compile(
    sets: readonly { set: SelectionSetNode; condition: Condition }[],
    parent: GraphQLNamedType,
    sized: readonly Sized[],
  ): Compiled {
    const onAll: Amount[] = [];
    const onType = new Map<string, Amount[]>();
    const fields: CostedField[] = [];
    for (const merged of collectFields(sets, parent, this.#document)) {
      const compiled = this.#compileField(merged, sized);
      if (!compiled) continue;
      fields.push(...compiled.fields);
      if (!merged.types) onAll.push(compiled.amount);
      for (const type of merged.types ?? []) {
        const amounts = onType.get(type) ?? [];
        amounts.push(compiled.amount);
        onType.set(type, amounts);
      }
    }
    return { amount: sum([...onAll, largest([...onType.values()].map(sum))]), fields: mergeFields(fields) };
  }

  #compileField({ name, occurrences }: MergedField, sized: readonly Sized[]): Compiled | undefined {
    const [first] = occurrences;
    if (!first) return undefined;
    const condition = either(occurrences.map((one) => one.condition));
    const cost = this.#document.model.field(first.parent, first.node.name.value);
    if (!cost) return this.#compileMeta(name, first.node.name.value, condition);

    const { model, defaults } = this.#document;
    const own = this.#sizesOf(first.node, cost, sized);
    const children = isLeafType(cost.type)
      ? { amount: 0, fields: [] }
      : this.compile(
          occurrences.flatMap(({ node, condition: on }) =>
            node.selectionSet ? [{ set: node.selectionSet, condition: on }] : [],
          ),
          cost.type,
          own.below,
        );
    const ofArguments = argumentsAmount(first.node.arguments ?? [], cost.definition, model, defaults);
    // Weights may be negative, of arguments that make a field cheaper; no field makes others so.
    const amount = largest([0, sum([product(own.count, sum([cost.weight, children.amount])), ofArguments])]);
    const { weight, weightOfLeaf } = cost;
    return {
      amount: where(condition, amount),
      fields: [
        {
          name,
          weight: onlyWhere(condition, weight),
          weightOfLeaf: onlyWhere(condition, weightOfLeaf),
          arguments: onlyWhere(condition, ofArguments),
          children: children.fields,
        },
      ],
    };
  }

  /** `__schema` and `__type`; `__typename` is free. */
  #compileMeta(name: string, field: string, condition: Condition): Compiled | undefined {
    if (field !== '__schema' && field !== '__type') return undefined;
    const weight = this.#options.introspectionCost;
    const fields = [{ name, weight, weightOfLeaf: 0, arguments: 0, children: [] }];
    return { amount: where(condition, weight), fields };
  }

  /** How many values a field has, and what it says of the lists below it. */
  #sizesOf(node: CostedNode, cost: FieldCost, sized: readonly Sized[]): { count: Amount; below: Sized[] } {
    const { defaultListSize } = this.#options;
    const { listSize } = cost;
    const below: Sized[] = [];
    let count: Amount | undefined;
    for (const { paths, size } of sized) {
      const here = paths.filter(([first]) => first === node.name.value).map(([, ...rest]) => rest);
      if (here.some((rest) => rest.length === 0)) count = size;
      const further = here.filter((rest) => rest.length > 0);
      if (further.length > 0) below.push({ paths: further, size });
    }
    const size = listSize && listSizeAmount(node, { ...cost, listSize }, defaultListSize, this.#document.defaults);
    if (size !== undefined && listSize?.sizedFields.length) below.push({ paths: listSize.sizedFields, size });
    if (cost.listDepth === 0) return { count: 1, below };
    // Of lists within lists nothing is known.
    const inner = defaultListSize ** (cost.listDepth - 1);
    return { count: product(count ?? size ?? defaultListSize, inner), below };
  }
}

type CostedNode = Parameters<typeof listSizeAmount>[0];

/**
 * Fields of one response name on several types, as an answer has them: one. The answer does not tell of which type its
 * objects are, so it is weighed as the cheapest: what was spent is never more than it was estimated to be.
 */
function mergeFields(fields: readonly CostedField[]): CostedField[] {
  const merged = new Map<string, CostedField>();
  for (const field of fields) {
    const other = merged.get(field.name);
    merged.set(
      field.name,
      other
        ? {
            name: field.name,
            weight: least(other.weight, field.weight),
            weightOfLeaf: least(other.weightOfLeaf, field.weightOfLeaf),
            arguments: least(other.arguments, field.arguments),
            children: mergeFields([...other.children, ...field.children]),
          }
        : field,
    );
  }
  return [...merged.values()];
}
