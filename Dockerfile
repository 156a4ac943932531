# The bundle is built with everything, and shipped with nothing but Node. Every RUN is of the build platform: an image for
# another architecture is put together from that architecture's files, none of which is run.
ARG BUILD_IMAGE=docker.io/library/node:26-bookworm-slim
# Where the target's Node comes from: the same image, but of the target's architecture.
ARG NODE_IMAGE=docker.io/library/node:26-bookworm-slim
# C and C++ runtimes and CA certificates; no shell, no package manager.
ARG RUNTIME_IMAGE=gcr.io/distroless/cc-debian12

FROM ${NODE_IMAGE} AS node
FROM ${RUNTIME_IMAGE} AS runtime

FROM --platform=$BUILDPLATFORM ${BUILD_IMAGE} AS build
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
# As .js, with no package.json beside it, Node would first compile it as CommonJS and keep that text too: 10 MB.
RUN cp dist/provider.js /provider.mjs

# What Node has compiled when it has read the program: a start then takes a fifth less CPU. Node reads it on a read-only
# file system as well. It looks for one made by its own version on such a CPU, under the same path, by the same uid (0, as
# in the manifests, or distroless' nonroot), and does without if there is none. The seed makes it the same in every build.
ARG BUILDARCH
ARG TARGETARCH
RUN --mount=type=bind,from=node,source=/usr/local/bin,target=/of-target \
  mkdir /compile-cache && if [ "$BUILDARCH" = "$TARGETARCH" ]; then \
    NODE_COMPILE_CACHE=/compile-cache /of-target/node --random-seed=1 /provider.mjs --version \
    && cd /compile-cache && ln -s *-0 "$(basename *-0 -0)-65532" && chmod -R a+rX . && test -n "$(find . -type f)"; fi

# What is in the image, and the licences of what is bundled.
COPY --from=node /usr/local/include/node/node_version.h /target/
COPY --from=node /var/lib/dpkg/status /target/node-image-status
COPY --from=runtime /var/lib/dpkg/status.d/ /target/runtime-packages/
RUN npx tsx scripts/image/describe.ts --target /target --arch "$TARGETARCH" --sbom /sbom.spdx.json --notices /NOTICES.txt

FROM runtime
ARG BUILD_VERSION
ARG BUILD_DATE
LABEL org.opencontainers.image.title="secrets-store-csi-provider-azure" \
      org.opencontainers.image.description="Azure Key Vault provider for the Secrets Store CSI Driver" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${BUILD_VERSION}" \
      org.opencontainers.image.created="${BUILD_DATE}"
ENV NODE_ENV=production NODE_COMPILE_CACHE=/compile-cache
# glibc gives each of Node's dozen threads a heap of its own and keeps what they free: 15 MB under load.
ENV MALLOC_ARENA_MAX=1 MALLOC_TRIM_THRESHOLD_=131072
COPY --from=node /usr/local/bin/node /usr/local/bin/node
# The one library that Node needs and the runtime image lacks.
COPY --from=node /usr/lib/*-linux-gnu/libatomic.so.1 /usr/lib/
COPY --from=build /compile-cache/ /compile-cache/
COPY --from=node /usr/local/LICENSE /usr/share/doc/node/LICENSE
COPY --from=build /sbom.spdx.json /NOTICES.txt /
COPY --from=build /provider.mjs /provider.mjs
# Nothing is written but the socket: the root file system may be read-only, and any uid that owns the socket's
# folder will do.
ENTRYPOINT ["/usr/local/bin/node", "/provider.mjs"]
