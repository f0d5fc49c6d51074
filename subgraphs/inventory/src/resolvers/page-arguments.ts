import { type KeysetSort, type PageArguments, type PageRequest, readPageArguments } from '@mercato/pagination';

/** A page as the client asked for it; 50 items when it did not say. */
export const pageOf = (args: PageArguments, sort: KeysetSort): PageRequest =>
  readPageArguments(args, { sort, default: 50 });
