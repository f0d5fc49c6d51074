/** Where warehouses are known. */
export interface Warehouses {
  find(code: string): Promise<'known' | 'unknown' | 'cannot-tell'>;
}
