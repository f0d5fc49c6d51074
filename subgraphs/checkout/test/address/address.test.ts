import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AddressInput, validateAddress } from '../../src/domain/address.ts';
import data from '../../src/domain/address-rules.json' with { type: 'json' };
import { addressRuleOf } from '../../src/domain/address-rules.ts';

const portland: AddressInput = {
  name: 'Ada Lovelace',
  line1: '1 Main St',
  city: 'Portland',
  region: 'OR',
  postalCode: '97201',
  country: 'US',
};

function check(changes: Partial<AddressInput>) {
  return validateAddress({ ...portland, region: null, postalCode: null, ...changes });
}

function problems(changes: Partial<AddressInput>): Record<string, string> {
  const outcome = check(changes);
  if (outcome.kind === 'valid') throw new Error(`Taken as valid: ${JSON.stringify(outcome.address)}`);
  return Object.fromEntries(outcome.problems.map(({ path, message }) => [path.join('.'), message]));
}

describe('addresses that are right', () => {
  test.each<[string, string | null, string | null, string | null, string | null]>([
    // country, region and postal code as written; as kept
    ['US', 'OR', '97201', 'OR', '97201'],
    ['us', 'or', '97201-1234', 'OR', '97201-1234'],
    ['US', 'Oregon', '972011234', 'OR', '97201-1234'],
    ['US', ' new  york ', '10001 1234', 'NY', '10001-1234'],
    ['US', 'US-CA', '94016', 'CA', '94016'],
    ['US', 'AP', '96201', 'AP', '96201'],
    ['CA', 'QC', 'h3z2y7', 'QC', 'H3Z 2Y7'],
    ['CA', 'Québec', 'H3Z-2Y7', 'QC', 'H3Z 2Y7'],
    ['GB', null, 'sw1a1aa', null, 'SW1A 1AA'],
    ['GB', 'Greater London', 'EC1Y 8SY', 'Greater London', 'EC1Y 8SY'],
    ['GB', null, 'M2 5bq', null, 'M2 5BQ'],
    ['GB', null, 'bfpo61', null, 'BFPO 61'],
    ['JE', null, 'je23ab', null, 'JE2 3AB'],
    ['DE', null, '10115', null, '10115'],
    ['DE', 'Bayern', 'DE-80331', 'Bayern', '80331'],
    ['AT', null, '1010', null, '1010'],
    ['BE', null, '1000', null, '1000'],
    ['BG', null, '1000', null, '1000'],
    ['CY', null, '2008', null, '2008'],
    ['CZ', null, '11000', null, '110 00'],
    ['DK', null, '8660', null, '8660'],
    ['EE', null, '69501', null, '69501'],
    ['ES', 'Madrid', '28039', 'M', '28039'],
    ['FI', null, '00550', null, '00550'],
    ['FR', null, '75001', null, '75001'],
    ['GR', null, '15124', null, '151 24'],
    ['HR', null, '10000', null, '10000'],
    ['HU', null, '1037', null, '1037'],
    ['IE', null, null, null, null],
    ['IE', 'Co. Dublin', 'a65f4e2', 'D', 'A65 F4E2'],
    ['IE', 'Cork', 'T12 X2A1', 'CO', 'T12 X2A1'],
    ['IT', 'Roma', '00144', 'RM', '00144'],
    ['LT', null, 'LT-04340', null, '04340'],
    ['LU', null, '4750', null, '4750'],
    ['LV', null, '1073', null, 'LV-1073'],
    ['LV', null, 'lv-1073', null, 'LV-1073'],
    ['MT', null, 'VLT 1117', null, 'VLT 1117'],
    ['NL', null, '1012jt', null, '1012 JT'],
    ['PL', null, '00950', null, '00-950'],
    ['PT', null, '2725079', null, '2725-079'],
    ['RO', null, '060274', null, '060274'],
    ['SE', null, '11455', null, '114 55'],
    ['SI', null, '4000', null, '4000'],
    ['SK', null, '01001', null, '010 01'],
    ['CH', null, '8001', null, '8001'],
    ['NO', null, '0025', null, '0025'],
    ['AU', 'New South Wales', '2060', 'NSW', '2060'],
    ['NZ', null, '6001', null, '6001'],
    ['JP', '東京都', '1540023', '13', '154-0023'],
    ['JP', 'Tokyo', '154-0023', '13', '154-0023'],
    ['BR', 'SP', '01310100', 'SP', '01310-100'],
    ['MX', 'CDMX', '02860', 'CMX', '02860'],
    ['MX', null, '02860', null, '02860'],
    ['IN', 'Karnataka', '560001', 'KA', '560001'],
    ['IN', 'OR', '751001', 'OD', '751001'],
    ['IN', 'Ladakh', '194101', 'LA', '194101'],
    ['CN', 'Guangdong', '510000', 'GD', '510000'],
    // Countries without postal codes keep what they are given, and need none.
    ['HK', 'Kowloon', null, 'Kowloon', null],
    ['AE', 'DU', null, 'DU', null],
    ['AE', 'Dubai', '00000', 'DU', '00000'],
    ['AO', null, null, null, null],
  ])('%s, %s, %s', (country, region, postalCode, keptRegion, keptCode) => {
    expect(check({ country, region, postalCode })).toEqual({
      kind: 'valid',
      address: {
        name: 'Ada Lovelace',
        line1: '1 Main St',
        line2: null,
        city: 'Portland',
        region: keptRegion,
        postalCode: keptCode,
        country: country.toUpperCase(),
        phone: null,
      },
    });
  });

  test('lines lose their surplus spaces, and empty ones are null', () => {
    const outcome = validateAddress({ ...portland, name: '  Ada \t Lovelace\n', line2: '   ', phone: ' ' });
    expect(outcome).toMatchObject({ kind: 'valid', address: { name: 'Ada Lovelace', line2: null, phone: null } });
  });

  test.each([
    ['US', '(503) 555-0123', '+15035550123'],
    ['US', '+44 20 7946 0018', '+442079460018'],
    ['GB', '020 7946 0018', '+442079460018'],
    ['DE', '030 901820', '+4930901820'],
    ['XK', '+383 44 123 456', '+38344123456'],
  ])('in %s the telephone %s is %s', (country, phone, kept) => {
    const outcome = check({ country, phone, region: country === 'US' ? 'OR' : null, postalCode: codeOf(country) });
    expect(outcome).toMatchObject({ kind: 'valid', address: { phone: kept } });
  });
});

describe('addresses that are wrong', () => {
  test.each<[Partial<AddressInput>, keyof AddressInput, string]>([
    [{ country: 'US', region: 'OR' }, 'postalCode', 'is missing: addresses in US need one such as `95014`'],
    [
      { country: 'US', postalCode: '97201' },
      'region',
      'addresses in US need the state by its ISO 3166-2 code, such as `AL`',
    ],
    [{ country: 'US', region: 'ZZ', postalCode: '97201' }, 'region', '"ZZ" is no state of US; use its ISO 3166-2 code'],
    [{ country: 'US', region: 'OR', postalCode: '9720' }, 'postalCode', '"9720" is not a postal code of US'],
    [{ country: 'US', region: 'OR', postalCode: '97201-12' }, 'postalCode', 'such as `95014`'],
    [{ country: 'US', region: 'OR', postalCode: 'SW1A 1AA' }, 'postalCode', 'not a postal code of US'],
    [{ country: 'CA', region: 'QC', postalCode: 'D3Z 2Y7' }, 'postalCode', 'such as `H3Z 2Y7`'],
    [{ country: 'CA', region: 'OR', postalCode: 'H3Z 2Y7' }, 'region', '"OR" is no region of CA'],
    [{ country: 'GB' }, 'postalCode', 'addresses in GB need one such as `EC1Y 8SY`'],
    [{ country: 'GB', postalCode: 'ZZ1 1ZZ' }, 'postalCode', '"ZZ1 1ZZ" is not a postal code of GB'],
    [{ country: 'DE', postalCode: '1011' }, 'postalCode', 'such as `26133`'],
    [{ country: 'DE', postalCode: 'AT-10115' }, 'postalCode', 'not a postal code of DE'],
    [{ country: 'FR', postalCode: '7500 1' + '0' }, 'postalCode', 'not a postal code of FR'],
    [{ country: 'NL', postalCode: '1012' }, 'postalCode', 'such as `1234 AB`'],
    [{ country: 'HR' }, 'postalCode', 'addresses in HR need one'],
    [{ country: 'AU', region: 'XX', postalCode: '2060' }, 'region', 'is no state of AU'],
    [{ country: 'JP', postalCode: '154-0023' }, 'region', 'need the prefecture'],
    [{ country: 'MX', region: 'Texas', postalCode: '02860' }, 'region', 'is no state of MX'],
    [{ country: 'TW', region: 'Hsinchu', postalCode: '300' }, 'region', '"Hsinchu"'],
    [{ country: 'HK' }, 'region', 'addresses in HK need the area.'],
    [{ country: 'XX' }, 'country', '"XX" is no country; use its two ISO 3166-1 letters, such as `US`'],
    [{ country: 'USA' }, 'country', '"USA" is no country'],
    [{ country: '__proto__' }, 'country', 'is no country'],
    [{ country: 'constructor' }, 'country', 'is no country'],
    [{ country: 'AO', name: ' ' }, 'name', 'is empty: write the recipient.'],
    [{ country: 'AO', line1: '' }, 'line1', 'is empty: write street and number.'],
    [{ country: 'AO', city: '\n' }, 'city', 'is empty: write the city or town.'],
    [{ country: 'AO', line1: 'x'.repeat(101) }, 'line1', 'is too long: write at most 100 letters.'],
    [{ country: 'AO', line2: 'a\u0000b' }, 'line2', 'holds control characters'],
    [{ country: 'AO', phone: '12' }, 'phone', '"12" is not a telephone number; write it with its country'],
    [{ country: 'AO', phone: 'call me at +15035550123' }, 'phone', 'is not a telephone number'],
    [{ country: 'US', region: 'OR', postalCode: '1'.repeat(40) }, 'postalCode', '"111111111111111111111111111111…"'],
  ])('%o', (changes, field, sentence) => {
    const found = problems(changes);

    expect(Object.keys(found)).toEqual([field]);
    expect(found[field]).toContain(`\`${field}\``);
    expect(found[field]).toContain(sentence);
  });

  test('all problems are told at once, in the order of the form', () => {
    expect(
      Object.keys(problems({ name: '', line1: '', city: '', country: 'US', postalCode: 'x', phone: 'y' })),
    ).toEqual(['name', 'line1', 'city', 'region', 'postalCode', 'phone']);
  });
});

describe('every country', () => {
  const countries = Object.keys(data);

  test('there are all of them, and each can be delivered to', () => {
    expect(countries.length).toBeGreaterThanOrEqual(250);
    for (const country of countries) {
      const region = regionOf(country);
      expect(check({ country, region, postalCode: codeOf(country) }), country).toMatchObject({
        kind: 'valid',
        address: { country, region },
      });
    }
  });

  test('what was taken once is taken again unchanged, however it was written', () => {
    const written = fc.constantFrom(...countries).chain((country) => {
      const { regions = null, example = '' } = addressRuleOf(country) ?? {};
      const regionTexts = regions ? [...regions.byText.keys()] : ['Some area'];
      return fc.record({
        country: fc.constantFrom(country, country.toLowerCase()),
        region: fc.constantFrom(...regionTexts),
        postalCode: fc.constantFrom(
          example,
          example.toLowerCase(),
          ` ${example} `,
          example.replaceAll(' ', ''),
          example.replaceAll(' ', '  '),
        ),
      });
    });

    fc.assert(
      fc.property(written, (changes) => {
        const first = check(changes);
        if (first.kind === 'invalid') throw new Error(first.problems.map(({ message }) => message).join(' '));
        expect(validateAddress(first.address)).toEqual(first);
      }),
      { numRuns: 2_000 },
    );
  });

  test('no text makes it throw', () => {
    const text = fc.string({ unit: 'binary', maxLength: 150 });
    const anything = fc.record({
      name: text,
      line1: text,
      line2: fc.option(text),
      city: text,
      region: fc.option(text),
      postalCode: fc.option(text),
      country: fc.oneof(text, fc.constantFrom(...countries)),
      phone: fc.option(text),
    });
    fc.assert(
      fc.property(anything, (input) => {
        expect(['valid', 'invalid']).toContain(validateAddress(input).kind);
      }),
    );
  });
});

function codeOf(country: string): string | null {
  return addressRuleOf(country)?.example ?? null;
}

function regionOf(country: string): string | null {
  const rule = addressRuleOf(country);
  if (rule?.regionRequired) return rule.regions?.codes[0] ?? 'Some area';
  return null;
}
