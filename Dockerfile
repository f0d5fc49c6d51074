# syntax=docker/dockerfile:1
# One image for every process of the supergraph; the command chooses which (see docker-compose.yml). It holds no secret:
# keys and passwords come from the environment of whoever runs it.

FROM node:24-bookworm-slim AS build
WORKDIR /app
ENV CI=true APOLLO_TELEMETRY_DISABLED=1
COPY . .
# Brings pnpm, installs with the frozen lockfile, and generates clients, types, supergraph and explorer.
RUN node scripts/generate.mjs
RUN node --import tsx launcher/src/bundle-image.ts dist
# What only building needs goes away again; what the bundles load at run time stays where it was.
RUN node .mercato-tools/node_modules/pnpm/bin/pnpm.cjs install --prod --frozen-lockfile --ignore-scripts \
      --config.confirm-modules-purge=false \
  && rm -rf .mercato-tools

FROM node:24-bookworm-slim
WORKDIR /app
# In a small container Node would keep so little room for what is young that collecting it takes a third of a router's CPU.
ENV NODE_ENV=production NODE_OPTIONS="--enable-source-maps --max-semi-space-size=16" APOLLO_TELEMETRY_DISABLED=1
# Read by whoever runs, written by nobody; what is kept lives in /data.
COPY --from=build /app /app
RUN install -d -o node -g node /data
USER node
VOLUME /data
CMD ["node", "dist/router.mjs"]
