import parsePhoneNumber, { isSupportedCountry } from 'libphonenumber-js';
import { normalisePostalCode } from './address-postal-code.ts';
import { type AddressRule, foldRegion } from './address-rules.ts';

/** A field's value, or why it has none. */
export type Field<Value> = { readonly value: Value } | { readonly problem: string };

const LONGEST_LINE = 100;
const LONGEST_CODE = 20;

/** One line of text with single spaces; null when there is nothing in it. */
export function line(field: string, text: string | null | undefined): Field<string | null> {
  const value = (text ?? '').replace(/\s+/gu, ' ').trim();
  if (/[\p{Control}\p{Surrogate}]/u.test(value)) {
    return { problem: `Field \`${field}\` holds control characters: write plain text.` };
  }
  if (value.length > LONGEST_LINE) {
    return { problem: `Field \`${field}\` is too long: write at most ${LONGEST_LINE} letters.` };
  }
  return { value: value === '' ? null : value };
}

export function required(field: string, what: string, text: string): Field<string> {
  const result = line(field, text);
  if ('problem' in result) return result;
  return result.value === null ? { problem: `Field \`${field}\` is empty: write ${what}.` } : { value: result.value };
}

export function region(rule: AddressRule, text: string | null | undefined): Field<string | null> {
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

export function postalCode(rule: AddressRule, text: string | null | undefined): Field<string | null> {
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

export function phone(country: string, text: string | null | undefined): Field<string | null> {
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

/** What the client wrote, shortened: it goes into a sentence. */
export const quoted = (text: string): string => `"${text.length > 30 ? `${text.slice(0, 30)}…` : text}"`;
