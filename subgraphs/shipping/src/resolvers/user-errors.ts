export const shipmentNotFound = () => ({
  __typename: 'NotFoundError' as const,
  message: 'There is no such shipment; take its id from the order.',
  path: ['input', 'shipmentId'],
});

export const invalidInput = ({ message, path }: { readonly message: string; readonly path: readonly string[] }) => ({
  __typename: 'InvalidInputError' as const,
  message,
  path: ['input', ...path],
});
