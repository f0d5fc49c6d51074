import { defineConfig } from 'prisma/config';

// One config for every domain: `npm run db -- <domain> …` says which, and where its database is.
// Without a domain the path names no file, and Prisma's error shows what is missing.
const domain = process.env.MERCATO_DOMAIN ?? '<domain>';

const url = process.env.MERCATO_DOMAIN_DATABASE_URL;

export default defineConfig({
  schema: `prisma/${domain}/schema.prisma`,
  migrations: { path: `prisma/${domain}/migrations` },
  ...(url ? { datasource: { url } } : {}),
});
