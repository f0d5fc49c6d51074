import { composeServices } from '@apollo/composition';
import { reviewsWorld } from './reviews/world.ts';
import { shopWorld } from './shop/world.ts';
import type { World } from './world.ts';

export const worlds = { reviews: reviewsWorld, shop: shopWorld } as const;

export type WorldName = keyof typeof worlds;

export function worldByName(name: string | undefined): World {
  const world = Object.entries(worlds).find(([known]) => known === name)?.[1];
  if (!world) throw new Error(`Name one of the worlds: ${Object.keys(worlds).join(', ')}.`);
  return world;
}

/** The supergraph of a world whose subgraphs listen there. */
export function composeWorld(world: World, urls: Readonly<Record<string, string>>): string {
  const { supergraphSdl, errors } = composeServices(
    world.subgraphs.map(({ name, typeDefs }) => ({ name, typeDefs, url: urls[name] ?? '' })),
  );
  if (!supergraphSdl) throw new Error(`These subgraphs do not compose: ${errors?.join('; ')}`);
  return supergraphSdl;
}

/** What a process of subgraphs tells of itself. */
export interface CallCount {
  readonly kind: 'calls';
  calls: number;
  /** Whose identity the gateway kept to itself. */
  withoutIdentity: number;
}
