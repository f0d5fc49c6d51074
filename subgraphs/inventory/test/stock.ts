import { randomUUID } from 'node:crypto';
import type { Subgraph, SubgraphDependencies } from '@mercato/subgraph-server';
import { askData, service, staff } from '@mercato/testkit';
import pg from 'pg';
import { loadOpeningStock } from '../src/domain/bulk/load-levels.ts';
import { loadWarehouses } from '../src/domain/bulk/load-warehouses.ts';
import { openDatabase } from '../src/domain/database.ts';

/** What staff and checkout do in these tests, through the door they use. */
export const manager = staff('inventory:read', 'inventory:write');
export const checkout = service('checkout');

export const aKey = () => randomUUID();

/** Runs SQL past the service, as a careless hand would. */
export async function sql<Row extends pg.QueryResultRow>(
  { databaseUrl }: Pick<SubgraphDependencies, 'databaseUrl'>,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

interface ShopOptions {
  /** Codes, in the order served from. */
  readonly warehouses?: readonly (string | { code: string; servesCountries?: string[]; active?: boolean })[];
  /** On hand by sku, then by warehouse. */
  readonly stock?: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** Warehouses with opening stock. */
export async function stockShop(
  { databaseUrl }: Pick<SubgraphDependencies, 'databaseUrl'>,
  { warehouses = ['MAIN'], stock = {} }: ShopOptions,
): Promise<ReadonlyMap<string, string>> {
  const db = openDatabase(databaseUrl);
  try {
    const ids = await loadWarehouses(
      db,
      warehouses.map((warehouse, index) => {
        const {
          code,
          servesCountries = [],
          active = true,
        } = typeof warehouse === 'string' ? { code: warehouse } : warehouse;
        return { code, name: code, priority: index + 1, servesCountries, active };
      }),
    );
    const levels = Object.entries(stock).flatMap(([sku, byWarehouse]) =>
      Object.entries(byWarehouse).map(([code, onHand]) => ({ sku, warehouseId: ids.get(code) ?? '', onHand })),
    );
    await loadOpeningStock(db, levels, 'opening');
    return ids;
  } finally {
    await db.$disconnect();
  }
}

export interface Level {
  sku: string;
  onHand: number;
  reserved: number;
  available: number;
  warehouse: { code: string };
}

export async function levelsOf(inventory: Subgraph, sku: string): Promise<Level[]> {
  const { stockLevels } = await askData<{ stockLevels: { nodes: Level[] } }>(
    inventory,
    `query ($sku: String!) { stockLevels(filter: { sku: $sku }, first: 100) {
      nodes { sku onHand reserved available warehouse { code } } } }`,
    { sku },
    manager,
  );
  return stockLevels.nodes;
}

export async function levelOf(inventory: Subgraph, sku: string, warehouse = 'MAIN'): Promise<Level | undefined> {
  return (await levelsOf(inventory, sku)).find((level) => level.warehouse.code === warehouse);
}

export interface UserError {
  __typename: string;
  message: string;
  path: string[] | null;
  sku?: string;
  requested?: number;
  available?: number;
}

export interface Reservation {
  id: string;
  orderId: string;
  status: string;
  expiresAt: string | null;
  lines: { sku: string; quantity: number; warehouse: { code: string } }[];
}

interface ReservationPayload {
  reservation: Reservation | null;
  userErrors: UserError[];
}

const reservationFields = `reservation { id orderId status expiresAt lines { sku quantity warehouse { code } } }
  userErrors { ... on UserError { __typename message path } ... on InsufficientStockError { sku requested available }
    ... on UnknownSkuError { sku } }`;

export const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

export interface ReserveOptions {
  orderId: string;
  lines: { sku: string; quantity: number }[];
  country?: string;
  expiresAt?: string;
}

export async function reserve(
  inventory: Subgraph,
  { expiresAt = inAnHour(), ...input }: ReserveOptions,
): Promise<ReservationPayload> {
  const { stockReserve } = await askData<{ stockReserve: ReservationPayload }>(
    inventory,
    `mutation ($input: StockReserveInput!) { stockReserve(input: $input) { ${reservationFields} } }`,
    { input: { expiresAt, ...input } },
    checkout,
  );
  return stockReserve;
}

export async function confirm(inventory: Subgraph, orderId: string): Promise<ReservationPayload> {
  const { stockReservationConfirm } = await askData<{ stockReservationConfirm: ReservationPayload }>(
    inventory,
    `mutation ($input: StockReservationConfirmInput!) {
      stockReservationConfirm(input: $input) { reservation { id orderId status expiresAt lines { sku quantity warehouse { code } } }
        userErrors { ... on UserError { __typename message path } } } }`,
    { input: { orderId } },
    checkout,
  );
  return stockReservationConfirm;
}

export async function release(inventory: Subgraph, orderId: string): Promise<ReservationPayload> {
  const { stockReservationRelease } = await askData<{ stockReservationRelease: ReservationPayload }>(
    inventory,
    `mutation ($input: StockReservationReleaseInput!) {
      stockReservationRelease(input: $input) { reservation { id orderId status expiresAt lines { sku quantity warehouse { code } } }
        userErrors { ... on UserError { __typename message path } } } }`,
    { input: { orderId, reason: 'test' } },
    checkout,
  );
  return stockReservationRelease;
}

/** Asks a staff mutation by its name; its payload. */
export async function staffCall<Payload>(
  inventory: Subgraph,
  mutation: string,
  inputType: string,
  selection: string,
  input: Record<string, unknown>,
): Promise<Payload> {
  const data = await askData<Record<string, Payload>>(
    inventory,
    `mutation ($input: ${inputType}!) { ${mutation}(input: $input) { ${selection} } }`,
    { input },
    manager,
  );
  const payload = data[mutation];
  if (!payload) throw new Error(`${mutation} answered nothing.`);
  return payload;
}
