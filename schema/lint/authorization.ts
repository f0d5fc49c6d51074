import { Kind, visit } from 'graphql';
import { has, objectTypes, type Part, type Problem } from './part.ts';

/** What anyone may do: it is guarded by what is given (a cart's or checkout's secret id), not by who gives it. */
const open = new Set([
  'cartCreate',
  'cartLinesAdd',
  'cartLinesUpdate',
  'cartLinesRemove',
  'cartDiscountCodesUpdate',
  'checkoutCreate',
  'checkoutShippingAddressUpdate',
  'checkoutDeliveryOptionSelect',
  'checkoutComplete',
]);

/** Every change says who may make it, and nothing relies on `@policy`, which holds only for whom each process is told. */
export const authorization = (parts: readonly Part[]): Problem[] =>
  parts.flatMap((part) => {
    const problems: Problem[] = [];
    visit(part.document, {
      [Kind.DIRECTIVE]: (node) => {
        if (node.name.value.endsWith('policy'))
          problems.push(`${part.name}: @policy holds for nobody here; use scopes`);
      },
    });
    const fields = objectTypes(part).find(({ name }) => name.value === 'Mutation')?.fields ?? [];
    for (const field of fields) {
      const isGuarded = has(field, 'authenticated') || has(field, 'requiresScopes');
      if (!isGuarded && !open.has(field.name.value)) problems.push(`${part.name}: anyone may call ${field.name.value}`);
    }
    return problems;
  });
