import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Everything the explorer needs in files of our own: it works without internet. */
export default defineConfig({
  root: folder('.'),
  // Relative, so that the files can be served under any path.
  base: './',
  // Warnings here are about the directives of libraries ("use client"), which mean nothing to a bundle.
  logLevel: 'error',
  worker: { format: 'es' },
  build: { outDir: folder('../dist/explorer'), emptyOutDir: true, reportCompressedSize: false },
});
