import parsePhoneNumber, { isSupportedCountry } from 'libphonenumber-js';
import { normalisePostalCode } from './address-postal-code.ts';
import { type AddressRule, addressRuleOf, foldRegion } from './address-rules.ts';

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

/** A field's value, or why it has none. */
type Field<Value> = { readonly value: Value } | { readonly problem: string };

const LONGEST_LINE = 100;
const LONGEST_CODE = 20;

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

/** One line of text with single spaces; null when there is nothing in it. */
function line(field: string, text: string | null | undefined): Field<string | null> {
  const value = (text ?? '').replace(/\s+/gu, ' ').trim();
  if (/[\p{Control}\p{Surrogate}]/u.test(value)) {
    return { problem: `Field \`${field}\` holds control characters: write plain text.` };
  }
  if (value.length > LONGEST_LINE) {
    return { problem: `Field \`${field}\` is too long: write at most ${LONGEST_LINE} letters.` };
  }
  return { value: value === '' ? null : value };
}

function required(field: string, what: string, text: string): Field<string> {
  const result = line(field, text);
  if ('problem' in result) return result;
  return result.value === null ? { problem: `Field \`${field}\` is empty: write ${what}.` } : { value: result.value };
}

function region(rule: AddressRule, text: string | null | undefined): Field<string | null> {
  const written = line('region', text);
  if ('problem' in written) return written;
  const { regions, regionIsCalled: called } = rule;
  const [example] = regions?.codes ?? [];

  if (written.value === null) {
    if (!rule.regionRequired) return { value: null };
    const such = example === undefined ? '' : ` by its ISO 3166-2 code, such as \`${example}\``;
    return { problem: `Field \`region\` is missing: addresses in ${rule.country} need the ${called}${such}.` };
  }
  if (regions === null) return written;

  const withoutCountry = written.value.toUpperCase().startsWith(`${rule.country}-`)
    ? written.value.slice(rule.country.length + 1)
    : written.value;
  const code = regions.byText.get(foldRegion(withoutCountry));
  if (code !== undefined) return { value: code };
  return {
    problem: `Field \`region\`: ${quoted(written.value)} is no ${called} of ${rule.country}; use its ISO 3166-2 code, such as \`${example}\`.`,
  };
}

function postalCode(rule: AddressRule, text: string | null | undefined): Field<string | null> {
  const given = (text ?? '').trim();
  const such = rule.example === undefined ? '' : ` such as \`${rule.example}\``;
  if (given === '') {
    if (!rule.postalCodeRequired) return { value: null };
    return { problem: `Field \`postalCode\` is missing: addresses in ${rule.country} need one${such}.` };
  }
  const value = given.length > LONGEST_CODE || /\p{Control}/u.test(given) ? null : normalisePostalCode(given, rule);
  if (value !== null) return { value };
  return {
    problem: `Field \`postalCode\`: ${quoted(given)} is not a postal code of ${rule.country}; write one${such}.`,
  };
}

function phone(country: string, text: string | null | undefined): Field<string | null> {
  const given = (text ?? '').trim();
  if (given === '') return { value: null };

  const parsed =
    given.length > LONGEST_LINE
      ? undefined
      : parsePhoneNumber(given, {
          extract: false,
          ...(isSupportedCountry(country) ? { defaultCountry: country } : {}),
        });
  // "Possible", that is of a right length, and not "valid": number ranges are opened faster than libraries learn of them.
  if (parsed?.isPossible()) return { value: parsed.number };
  return {
    problem: `Field \`phone\`: ${quoted(given)} is not a telephone number; write it with its country, such as \`+15035550123\`.`,
  };
}

function unknownCountry(given: string): Field<string> {
  return {
    problem: `Field \`country\`: ${quoted(given)} is no country; use its two ISO 3166-1 letters, such as \`US\`.`,
  };
}

/** What the client wrote, shortened: it goes into a sentence. */
const quoted = (text: string): string => `"${text.length > 30 ? `${text.slice(0, 30)}…` : text}"`;
