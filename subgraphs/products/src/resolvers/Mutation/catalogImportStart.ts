import type { MutationResolvers } from '../../generated/graphql.ts';
import { invalidInput } from '../user-errors.ts';

export const catalogImportStart: MutationResolvers['catalogImportStart'] = async (_parent, { input }, context) => {
  const outcome = await context.domain.startImport({
    format: input.format,
    currency: input.currency,
    warehouse: input.warehouse ?? null,
    data: input.data ?? null,
    uploadId: input.uploadId ?? null,
    dryRun: input.dryRun ?? false,
    createdBy: context.viewer.id,
  });
  switch (outcome.kind) {
    case 'queued':
      return { import: outcome.record, userErrors: [] };
    case 'invalid':
      return { import: null, userErrors: outcome.problems.map(invalidInput) };
    case 'unreadable': {
      const { message, path, line } = outcome;
      return { import: null, userErrors: [{ __typename: 'UnreadableFileError', message, path, line }] };
    }
  }
};
