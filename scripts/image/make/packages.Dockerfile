# Stands in for an image with npm where none can be pulled: the packages are there already.
ARG BASE
FROM ${BASE}
COPY node_modules /src/node_modules
