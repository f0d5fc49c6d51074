import type { CategoryResolvers } from '../generated/graphql.ts';

export const Category: CategoryResolvers = {
  __resolveReference: (reference, { loaders }) =>
    'id' in reference ? loaders.category('id').load(reference.id) : loaders.category('handle').load(reference.handle),
  parent: ({ path }, _args, { loaders }) => {
    const above = path.at(-2);
    return above === undefined ? null : loaders.category('handle').load(above);
  },
  path: async (category, _args, { loaders }) => {
    const above = await loaders.category('handle').loadMany(category.path.slice(0, -1));
    return [
      ...above.map((each) => {
        if (each instanceof Error) throw each;
        if (!each) throw new Error(`A category above ${category.handle} is missing.`);
        return each;
      }),
      category,
    ];
  },
  children: ({ id, children }, _args, { loaders }) => (children ? [...children] : loaders.categoryChildren.load(id)),
  productCount: ({ id }, _args, { loaders }) => loaders.productCount.load(id),
};
