# One image for the three services and the command line `motcua`; which one runs is the command.
FROM python:3.11-slim-bookworm AS build
WORKDIR /build
RUN python -m venv /opt/motcua
COPY pyproject.toml README.md ./
# The lock file has hashes, so nothing but the reviewed packages gets in. SecantusDB and the development tools stay out,
# what commands need (administrative divisions for one) is in.
COPY deploy/image/requirements.lock ./image.lock
RUN /opt/motcua/bin/pip install --no-cache-dir --require-hashes --requirement image.lock
COPY shared ./shared
COPY services ./services
COPY motcua ./motcua
COPY simulator ./simulator
COPY deploy ./deploy
RUN /opt/motcua/bin/pip install --no-cache-dir --no-deps .

FROM python:3.11-slim-bookworm
# The folder of table images belongs to the user before a volume is put there, which takes over its owner.
RUN useradd --system --uid 10001 --home-dir /nonexistent motcua \
    && install --directory --owner motcua /var/lib/motcua
COPY --from=build /opt/motcua /opt/motcua
ENV PATH=/opt/motcua/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MOTCUA_HOST=0.0.0.0
USER 10001
EXPOSE 8801 8802 8803
CMD ["python", "-m", "services.intake"]
