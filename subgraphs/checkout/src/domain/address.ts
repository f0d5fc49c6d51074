import { type Field, line, phone, postalCode, quoted, region, required } from './address-fields.ts';
import { addressRuleOf } from './address-rules.ts';

/** An address as a client sends it. */
export interface AddressInput {
  readonly name: string;
  readonly line1: string;
  readonly line2?: string | null | undefined;
  readonly city: string;
  readonly region?: string | null | undefined;
  readonly postalCode?: string | null | undefined;
  readonly country: string;
  readonly phone?: string | null | undefined;
}

/** An address that can be delivered to as far as its form tells, written as its country writes it. */
export interface Address {
  readonly name: string;
  readonly line1: string;
  readonly line2: string | null;
  readonly city: string;
  /** ISO 3166-2 suffix where the country's addresses have one, such as `OR`; else free text. */
  readonly region: string | null;
  readonly postalCode: string | null;
  /** ISO 3166-1 alpha-2, upper case. */
  readonly country: string;
  /** E.164. */
  readonly phone: string | null;
}

export interface AddressProblem {
  /** Within the address, such as `['postalCode']`. */
  readonly path: readonly [keyof AddressInput];
  /** A sentence that names the field and the fix. */
  readonly message: string;
}

export type AddressOutcome =
  | { readonly kind: 'valid'; readonly address: Address }
  | { readonly kind: 'invalid'; readonly problems: readonly AddressProblem[] };

/**
 * Checks an address by the rules of its country and writes it as that country does: region by its code (the name is
 * taken too), postal code with its spaces and capitals, telephone in E.164. All problems are told at once.
 */
export function validateAddress(input: AddressInput): AddressOutcome {
  const country = input.country.trim().toUpperCase();
  const rule = addressRuleOf(country);
  const fields = {
    name: required('name', 'the recipient', input.name),
    line1: required('line1', 'street and number', input.line1),
    line2: line('line2', input.line2),
    city: required('city', 'the city or town', input.city),
    region: rule ? region(rule, input.region) : { value: null },
    postalCode: rule ? postalCode(rule, input.postalCode) : { value: null },
    country: rule ? { value: country } : unknownCountry(input.country),
    phone: phone(country, input.phone),
  };

  const {
    name,
    line1,
    line2,
    city,
    region: regionField,
    postalCode: codeField,
    country: place,
    phone: number,
  } = fields;
  if (
    'value' in name &&
    'value' in line1 &&
    'value' in line2 &&
    'value' in city &&
    'value' in regionField &&
    'value' in codeField &&
    'value' in place &&
    'value' in number
  ) {
    return {
      kind: 'valid',
      address: {
        name: name.value,
        line1: line1.value,
        line2: line2.value,
        city: city.value,
        region: regionField.value,
        postalCode: codeField.value,
        country: place.value,
        phone: number.value,
      },
    };
  }
  return { kind: 'invalid', problems: problemsOf(fields) };
}

function problemsOf(fields: Readonly<Record<keyof AddressInput, Field<unknown>>>): AddressProblem[] {
  const order: readonly (keyof AddressInput)[] = [
    'name',
    'line1',
    'line2',
    'city',
    'region',
    'postalCode',
    'country',
    'phone',
  ];
  return order.flatMap((field) => {
    const result = fields[field];
    return 'problem' in result ? [{ path: [field] as const, message: result.problem }] : [];
  });
}

function unknownCountry(given: string): Field<string> {
  return {
    problem: `Field \`country\`: ${quoted(given)} is no country; use its two ISO 3166-1 letters, such as \`US\`.`,
  };
}
