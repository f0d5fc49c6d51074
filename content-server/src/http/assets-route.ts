import type { FastifyInstance } from 'fastify';
import { type Picture, render } from '../assets/render.ts';
import { transformationOf } from '../assets/transformation.ts';
import type { Drawing } from '../store/drawings.ts';

const cachedBytes = 64 * 1024 * 1024;

/** Pictures made once; the oldest leave when the cache is full. */
class PictureCache {
  readonly #kept = new Map<string, Promise<Picture>>();
  #bytes = 0;

  async get(name: string, make: () => Promise<Picture>): Promise<Picture> {
    const kept = this.#kept.get(name);
    if (kept) return kept;
    const made = make();
    this.#kept.set(name, made);
    try {
      this.#bytes += (await made).body.length;
    } catch (error) {
      this.#kept.delete(name);
      throw error;
    }
    await this.#shrink();
    return made;
  }

  async #shrink(): Promise<void> {
    for (const [name, picture] of this.#kept) {
      if (this.#bytes <= cachedBytes) return;
      this.#kept.delete(name);
      this.#bytes -= (await picture).body.length;
    }
  }
}

/** `/assets/<project>/<transformations…>/<handle>`: open to all, as asset URLs are. */
export function serveAssets(server: FastifyInstance, project: string, drawings: ReadonlyMap<string, Drawing>): void {
  const cache = new PictureCache();
  server.get<{ Params: { '*': string } }>(`/assets/${project}/*`, async (request, reply) => {
    const path = request.params['*'].split('/');
    const handle = path.pop() ?? '';
    const drawing = drawings.get(handle);
    const wanted = transformationOf(path);
    if (!drawing || !wanted)
      return reply
        .code(drawing ? 400 : 404)
        .type('text/plain')
        .send(drawing ? 'Bad transformation' : 'Not found');
    const accept = wanted.output?.format === 'autoImage' ? (request.headers.accept ?? '') : '';
    const picture = await cache.get(`${request.params['*']} ${accept}`, () =>
      render(drawing.svg, drawing.fields.width, wanted, accept),
    );
    return reply
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('access-control-allow-origin', '*')
      .header('vary', 'accept')
      .header('x-content-type-options', 'nosniff')
      .type(picture.mimeType)
      .send(picture.body);
  });
}
