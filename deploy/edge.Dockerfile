# The edge without Cloudflare, web UI included. From the repository's root:
#
#   docker build -f deploy/edge.Dockerfile -t mediaflow-edge .
#
# docs/production.md says how to run it.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS base
RUN npm install --global --no-audit --no-fund pnpm@12.21.0
WORKDIR /app
COPY package.json pnpm-workspace.yaml pnpm-lock.yaml tsconfig.json ./
COPY shared/package.json shared/
COPY edge/package.json edge/
COPY web/package.json web/

FROM base AS web
RUN pnpm install --frozen-lockfile --filter '@mediaflow/web...'
COPY shared shared
COPY web web
RUN pnpm --filter @mediaflow/web run build

FROM base AS packages
RUN pnpm install --frozen-lockfile --prod --filter '@mediaflow/edge...'

FROM ${NODE_IMAGE}
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8780 EDGE_CACHE_DIR=/cache
WORKDIR /app
COPY --from=packages /app ./
COPY shared/src shared/src
COPY edge/src edge/src
COPY --from=web /app/web/dist web/dist
RUN mkdir /cache && chown node:node /cache
USER node
VOLUME /cache
EXPOSE 8780
# Alive; whether its origin is there too is what /ready says, and no reason to start it again.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# In exec form: SIGTERM reaches the process, which lets running requests end.
CMD ["node", "edge/src/node/main.ts"]
