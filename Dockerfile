# syntax=docker/dockerfile:1
# One image for both processes: the command says which one runs. Build and run use the same steps as `npm start`.

FROM node:20-bookworm-slim AS build
# better-sqlite3 compiles itself where no prebuilt binary fits.
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3 make g++ \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build && npm prune --omit=dev

FROM node:20-bookworm-slim
# The Temporal client verifies TLS with the system's certificates.
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV NODE_ENV=production HOST=0.0.0.0 LOG_FORMAT=json
COPY --from=build --chown=node:node /app/package.json ./
COPY --from=build --chown=node:node /app/node_modules ./node_modules
COPY --from=build --chown=node:node /app/dist ./dist
COPY --from=build --chown=node:node /app/tenants ./tenants
RUN mkdir data logs && chown node:node data logs
USER node
EXPOSE 3001
# For the API; the worker serves no port and sets its own check (docker-compose.yml).
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=6 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3001) + '/health/live').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# `node` as first process gets SIGTERM itself; npm would swallow it.
CMD ["node", "dist/api/main.js"]
