import { generate } from './generate.mjs';
import { installPackages } from './install.mjs';

/** Installed and generated: the checkout can be started and tested. */
export async function makeReady() {
  await installPackages();
  await generate();
}
