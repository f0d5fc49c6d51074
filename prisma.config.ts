import { defineConfig } from 'prisma/config';

// One config for every domain: `npm run db -- <domain> …` says which, and where its database is.
const domain = process.env.MERCATO_DOMAIN;
if (!domain) throw new Error('Use `npm run db -- <domain> <prisma command>`: it chooses the domain and its database.');

const url = process.env.MERCATO_DOMAIN_DATABASE_URL;

export default defineConfig({
  schema: `prisma/${domain}/schema.prisma`,
  migrations: { path: `prisma/${domain}/migrations` },
  ...(url ? { datasource: { url } } : {}),
});
