# Tierwall in an image: Node.js, a handful of bundled files, and nothing that could be started by mistake, a shell included.
# `make image` builds it also where nothing can be pulled; docs/image.md says what each argument is for.

# What it runs on: has Node.js at /nodejs/bin/node.
ARG BASE=gcr.io/distroless/nodejs24-debian12:nonroot
# Where the packages come from: has npm, or /src/node_modules already.
ARG PACKAGES=docker.io/library/node:24-bookworm-slim

FROM ${PACKAGES} AS packages
USER 0
WORKDIR /src
COPY package.json package-lock.json ./
COPY scripts/image/stage/install.ts scripts/image/stage/
RUN ["node", "scripts/image/stage/install.ts"]

# On the base itself, so that the list of what is inside is read from what is inside.
FROM ${BASE} AS build
USER 0
WORKDIR /src
COPY --from=packages /src/node_modules node_modules
COPY . .
ARG SOURCE_DATE_EPOCH=0
RUN ["/nodejs/bin/node", "scripts/image/stage/assemble.ts", "/out"]

FROM ${BASE}
COPY --from=build /out/ /
# By number, so that runAsNonRoot can be checked. Any other user does as well.
USER 65532:65532
WORKDIR /
ENV NODE_ENV=production
ENTRYPOINT ["/nodejs/bin/node", "/app/dist/cli/main.js"]
# What the one before would leave here are words for its own program.
CMD []

ARG BASE
ARG VERSION=unknown
ARG REVISION=unknown
ARG CREATED=1970-01-01T00:00:00Z
LABEL org.opencontainers.image.title="Tierwall" \
      org.opencontainers.image.description="Say which tier a workload belongs to; Tierwall writes the NetworkPolicies and keeps them true." \
      org.opencontainers.image.source="https://github.com/tierwall/tierwall" \
      org.opencontainers.image.documentation="https://github.com/tierwall/tierwall/blob/main/docs/image.md" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.base.name="${BASE}"
