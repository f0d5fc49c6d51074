export interface CategoryRecord {
  readonly id: string;
  readonly handle: string;
  readonly title: string;
  /** Handles from the root down to and including this one. */
  readonly path: string[];
  /** Present when the tree was read as a whole. */
  readonly children?: CategoryRecord[];
}
