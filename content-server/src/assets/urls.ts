import { pathOf, transformationFrom } from './transformation.ts';

/** Addresses of assets. Clients take them as they come and never build them. */
export class AssetUrls {
  readonly #base: () => string;

  /** @param base such as `http://127.0.0.1:4100/assets/mercato`; asked each time, for a free port is known late. */
  constructor(base: () => string) {
    this.#base = base;
  }

  urlOf(handle: string, transformation: unknown): string {
    const path = pathOf(transformationFrom(transformation));
    return [this.#base(), path, handle].filter((part) => part !== '').join('/');
  }
}
