import { GraphQLError } from 'graphql';

/**
 * A graph with what makes execution hard: entities with several keys, fields that require others', interfaces and
 * unions across subgraphs, an interface that one subgraph takes for an object, provided fields, nulls where none may
 * be, and errors in the middle of lists.
 */
const federation = (imports: string): string =>
  `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [${imports}])`;

const works = [
  { __typename: 'Book', id: 'w1', isbn: '111', title: 'Tides', pages: 320, authorId: 'a1', weight: 400, mood: 'CALM' },
  {
    __typename: 'Book',
    id: 'w2',
    isbn: '222',
    title: 'Sparks',
    pages: null,
    authorId: 'a2',
    weight: 250,
    mood: 'WILD',
  },
  { __typename: 'Film', id: 'w3', minutes: 94, title: 'Harbour', authorId: 'a1', weight: 90, mood: 'WILD' },
  { __typename: 'Film', id: 'w4', minutes: 121, title: 'Orchard', authorId: 'a3', weight: 95, mood: null },
] as const;

const authors = [
  { id: 'a1', name: 'Ines', born: 1970, rivalId: 'a2' },
  { id: 'a2', name: 'Omar', born: 1985, rivalId: 'a1' },
  { id: 'a3', name: null, born: 1991, rivalId: null },
];

const workById = (id: string) => works.find((work) => work.id === id) ?? null;
const authorById = (id: string | null) => authors.find((author) => author.id === id) ?? null;
const worksOf = (authorId: string) => works.filter((work) => work.authorId === authorId);

const catalog = {
  typeDefs: `
    ${federation('"@key", "@shareable", "@external", "@provides"')}
    type Query {
      works(first: Int = 10): [Work!]!
      work(id: ID!): Work
      search(text: String!): [Hit]
      strict: Strict
    }
    type Mutation { retitle(id: ID!, title: String!): Work  shelve(id: ID!): Int }
    interface Work @key(fields: "id") { id: ID! title: String! author: Author mood: Mood related(first: Int = 2): [Work!]! }
    type Book implements Work @key(fields: "id") @key(fields: "isbn") {
      id: ID! isbn: String! title: String! author: Author @provides(fields: "name") mood: Mood related(first: Int = 2): [Work!]!
      pages: Int pagesStrictly: Int!
    }
    type Film implements Work @key(fields: "id") {
      id: ID! title: String! author: Author mood: Mood related(first: Int = 2): [Work!]! minutes: Int!
    }
    union Hit = Book | Film | Author
    enum Mood { CALM WILD }
    type Author @key(fields: "id") { id: ID! name: String @external }
    type Strict { first: Int! book: Book! list: [Book!] sparse: [Book] broken: Int }
  `,
  resolvers: {
    Query: {
      works: (_: unknown, { first }: { first: number }) => works.slice(0, first),
      work: (_: unknown, { id }: { id: string }) => workById(id),
      search: (_: unknown, { text }: { text: string }) =>
        text === 'none'
          ? null
          : [works[0], { __typename: 'Author', id: 'a2' }, null, works[3], { __typename: 'Author', id: 'a9' }],
      strict: () => ({ first: 1, book: works[0], list: [works[0], works[1]], sparse: [works[1], null], broken: 1 }),
    },
    Mutation: {
      retitle: (_: unknown, { id, title }: { id: string; title: string }) => {
        const work = workById(id);
        return work && { ...work, title };
      },
      shelve: () => 7,
    },
    Work: { __resolveReference: ({ id }: { id: string }) => workById(id) },
    Book: {
      __resolveReference: ({ id, isbn }: { id?: string; isbn?: string }) =>
        works.find((work) => work.id === id || ('isbn' in work && work.isbn === isbn)) ?? null,
      author: ({ authorId }: { authorId: string }) => ({ id: authorId, name: authorById(authorId)?.name }),
      related: ({ id }: { id: string }, { first }: { first: number }) =>
        works.filter((work) => work.id !== id).slice(0, first),
      pagesStrictly: ({ pages }: { pages: number | null }) => pages,
    },
    Film: {
      __resolveReference: ({ id }: { id: string }) => workById(id),
      author: ({ authorId }: { authorId: string }) => ({ id: authorId }),
      related: ({ id }: { id: string }, { first }: { first: number }) =>
        works.filter((work) => work.id !== id).slice(0, first),
    },
    Strict: {
      broken: () => {
        throw new GraphQLError('It is broken.', { extensions: { code: 'BAD_USER_INPUT' } });
      },
    },
  },
};

const people = {
  typeDefs: `
    ${federation('"@key", "@shareable"')}
    type Query { authors: [Author!]! author(id: ID!): Author }
    type Author @key(fields: "id") {
      id: ID! name: String @shareable born: Int! rival: Author nameStrictly: String! fragile: String
    }
  `,
  resolvers: {
    Query: { authors: () => authors, author: (_: unknown, { id }: { id: string }) => authorById(id) },
    Author: {
      __resolveReference: ({ id }: { id: string }) => authorById(id),
      rival: ({ rivalId }: { rivalId: string | null }) => authorById(rivalId),
      nameStrictly: ({ name }: { name: string | null }) => name,
      fragile: ({ id }: { id: string }) => {
        if (id === 'a2') throw new GraphQLError('Not this one.', { extensions: { code: 'FORBIDDEN' } });
        return `whole ${id}`;
      },
    },
  },
};

const stores = {
  typeDefs: `
    ${federation('"@key", "@interfaceObject"')}
    type Query { shelf: [Work!] }
    type Mutation { restock(id: ID!): Work }
    type Work @key(fields: "id") @interfaceObject { id: ID! stock(plus: Int = 0): Int copies: [Copy!]! }
    type Copy { number: Int! ofWork: Work lent: Boolean }
  `,
  resolvers: {
    Query: { shelf: () => [{ id: 'w3' }, { id: 'w1' }] },
    Mutation: { restock: (_: unknown, { id }: { id: string }) => ({ id }) },
    Work: {
      __resolveReference: ({ id }: { id: string }) => (id === 'w4' ? null : { id }),
      stock: ({ id }: { id: string }, { plus }: { plus: number }) => id.length + plus,
      copies: ({ id }: { id: string }) => [1, 2].map((number) => ({ number, workId: id })),
    },
    Copy: {
      ofWork: ({ workId }: { workId: string }) => ({ id: workId }),
      lent: ({ number }: { number: number }) => number === 1,
    },
  },
};

const press = {
  typeDefs: `
    ${federation('"@key", "@external", "@requires"')}
    type Query { bestseller: Book }
    type Book @key(fields: "isbn") { isbn: String! pages: Int @external postage: String @requires(fields: "pages") price: Int }
    type Author @key(fields: "id") { id: ID! works: [Book!]! signed: Int born: Int! @external retires: Int @requires(fields: "born") }
  `,
  resolvers: {
    Query: { bestseller: () => ({ isbn: '222' }) },
    Book: {
      __resolveReference: (reference: { isbn: string; pages?: number | null }) => reference,
      postage: ({ pages }: { pages?: number | null }) => (pages === undefined ? 'unknown' : `for ${pages} pages`),
      price: ({ isbn }: { isbn: string }) => Number(isbn),
    },
    Author: {
      __resolveReference: (reference: { id: string; born?: number }) => reference,
      works: ({ id }: { id: string }) => worksOf(id).flatMap((work) => ('isbn' in work ? [{ isbn: work.isbn }] : [])),
      signed: ({ id }: { id: string }) => (id === 'a3' ? null : 5),
      retires: ({ born }: { born?: number }) => (born === undefined ? null : born + 67),
    },
  },
};

export const library = { catalog, people, press, stores };
