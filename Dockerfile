# Two stages: the first installs into a virtual environment, the second holds that and Python alone.
#
#     docker build -t mujaz .                            with the starter models
#     docker build -t mujaz:slim --target slim .         without; mount yours at /models
#     docker build --build-arg EXTRAS=[otel] .           with traces
#
# Pin both bases to what you have tested: --build-arg BASE=docker.io/library/python@sha256:…
# Any two images on glibc with the same Python, 3.11 or newer, in the same place serve, if the first
# has `strip`. amd64 and arm64 build the same way.
ARG BUILD_BASE=docker.io/library/python:3.12-bookworm
ARG BASE=docker.io/library/python:3.12-slim-bookworm

FROM ${BUILD_BASE} AS build
ARG EXTRAS=
WORKDIR /source
# pip stays in an environment of its own, so that the one that is copied has none.
RUN ["python3", "-m", "venv", "/build"]
RUN ["python3", "-m", "venv", "--without-pip", "/opt/mujaz"]
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY service service
# A package index of yours: --secret id=pip,src=pip.conf --secret id=ca,src=ca.pem, which the
# configuration names /run/secrets/ca. Secrets are in no layer.
RUN --mount=type=secret,id=pip --mount=type=secret,id=ca \
    PIP_CONFIG_FILE=/run/secrets/pip /build/bin/python -m pip --python /opt/mujaz/bin/python \
    install --no-cache-dir --disable-pip-version-check --root-user-action ignore --compile \
    --constraint constraints.txt ".${EXTRAS}"
# CTranslate2's extension is 67 MB of debug symbols and 1 MB of program; NumPy ships its own tests.
RUN strip --strip-debug /opt/mujaz/lib/python3*/site-packages/ctranslate2/_ext*.so && \
    find /opt/mujaz/lib -type d -path '*/numpy/*' -name tests -prune -exec rm -r {} +

FROM ${BASE} AS slim
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Mujaz" \
      org.opencontainers.image.description="Arabic articles to English translations and bilingual briefs, over gRPC" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /opt/mujaz /opt/mujaz
# Nothing is written while it runs, byte code neither: the root may be read-only.
ENV PATH=/opt/mujaz/bin:/usr/local/bin:/usr/bin:/bin \
    PYTHONDONTWRITEBYTECODE=1 \
    MUJAZ_LISTEN=0.0.0.0:50051 \
    MUJAZ_HEALTH_LISTEN=127.0.0.1:50052 \
    MUJAZ_MODELS=/models \
    MUJAZ_LOG_FORMAT=json
USER 65532:65532
WORKDIR /
EXPOSE 50051
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["mujaz", "health"]
# It listens where others can reach it, so it starts only with a certificate or when told that plain
# text is meant: -e MUJAZ_INSECURE_ANY=true.
ENTRYPOINT ["mujaz"]
CMD ["serve"]

FROM slim AS full
COPY models /models
