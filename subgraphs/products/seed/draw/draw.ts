import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { bathAndCare } from './still-lifes/bath-and-care.ts';
import { desk } from './still-lifes/desk.ts';
import { kitchen } from './still-lifes/kitchen.ts';
import { outdoor } from './still-lifes/outdoor.ts';
import type { StillLifes } from './still-lifes/still-life.ts';
import { tableware } from './still-lifes/table.ts';
import { textiles } from './still-lifes/textiles.ts';

const PICTURES = new URL('../pictures/', import.meta.url);
const CATALOGUE = new URL('../products.jsonl', import.meta.url);
const LARGEST = 4096;

/** File name and SVG text of every picture the catalogue names; the same on every run. */
export function drawAll(catalogue: string): Map<string, string> {
  const stillLifes: StillLifes = { ...kitchen, ...tableware, ...textiles, ...bathAndCare, ...desk, ...outdoor };
  const files = new Map<string, string>();
  for (const line of catalogue.trimEnd().split('\n')) {
    const product = JSON.parse(line) as { handle: string; media: { file: string; altText: string }[] };
    const pictures = stillLifes[product.handle] ?? [];
    if (pictures.length !== product.media.length) {
      throw new Error(`${product.handle} names ${product.media.length} pictures, and ${pictures.length} are drawn.`);
    }
    product.media.forEach(({ file, altText }, n) => {
      files.set(file, pictures[n]?.().toSvg(altText) ?? '');
    });
  }
  return files;
}

async function write(): Promise<void> {
  const files = drawAll(await readFile(CATALOGUE, 'utf8'));
  await mkdir(PICTURES, { recursive: true });
  for (const name of await readdir(PICTURES)) if (!files.has(name)) await rm(new URL(name, PICTURES));
  for (const [name, svg] of files) {
    if (Buffer.byteLength(svg) > LARGEST)
      process.stderr.write(`${name} is ${Buffer.byteLength(svg)} bytes, over ${LARGEST}.\n`);
    await writeFile(new URL(name, PICTURES), svg);
  }
  process.stdout.write(`${files.size} pictures drawn.\n`);
}

if (basename(process.argv[1] ?? '') === 'draw.ts') await write();
