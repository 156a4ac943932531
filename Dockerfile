# Two stages: the bundle is built with everything, and shipped with nothing but Node.
ARG BUILD_IMAGE=docker.io/library/node:26-bookworm-slim
# C and C++ runtimes and CA certificates; no shell, no package manager.
ARG RUNTIME_IMAGE=gcr.io/distroless/cc-debian12

FROM ${BUILD_IMAGE} AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json ./
COPY scripts ./scripts
COPY provider-proto ./provider-proto
COPY src ./src
ARG BUILD_VERSION
ARG BUILD_DATE
RUN npm run build
# Node, and the one library it needs that the runtime image lacks.
RUN mkdir -p /runtime/usr/local/bin /runtime/usr/lib \
  && cp "$(command -v node)" /runtime/usr/local/bin/node \
  && ldd /runtime/usr/local/bin/node | awk '/libatomic/ { print $3 }' | xargs -r -I{} cp -L {} /runtime/usr/lib/

FROM ${RUNTIME_IMAGE}
ARG BUILD_VERSION
ARG BUILD_DATE
LABEL org.opencontainers.image.title="secrets-store-csi-provider-azure" \
      org.opencontainers.image.description="Azure Key Vault provider for the Secrets Store CSI Driver" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${BUILD_VERSION}" \
      org.opencontainers.image.created="${BUILD_DATE}"
ENV NODE_ENV=production
COPY --from=build /runtime/ /
COPY --from=build /src/dist/provider.js /provider.js
# Nothing is written but the socket: the root file system may be read-only, and any uid that owns the socket's
# folder will do.
ENTRYPOINT ["/usr/local/bin/node", "/provider.js"]
