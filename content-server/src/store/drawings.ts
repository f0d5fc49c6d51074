import { draw } from '../art/draw.ts';
import type { EntryFile } from './files.ts';
import { idFor } from './ids.ts';

/** The original of an asset, and what is known of it. */
export interface Drawing {
  svg: string;
  fields: { handle: string; fileName: string; mimeType: string; width: number; height: number; size: number };
}

/** Draws the assets that have a scene, by key. The same scene gives the same bytes on every start. */
export const drawAll = (entries: readonly EntryFile[]): ReadonlyMap<string, Drawing> =>
  new Map(
    entries.flatMap(({ key, scene }) => {
      if (!scene) return [];
      const { svg, width, height } = draw(scene);
      const size = Buffer.byteLength(svg);
      const handle = idFor('asset handle', key).slice(0, 20);
      return [
        [key, { svg, fields: { handle, fileName: `${key}.svg`, mimeType: 'image/svg+xml', width, height, size } }],
      ];
    }),
  );
