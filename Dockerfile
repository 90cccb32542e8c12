# Built in one stage, run in another; nothing of the build tools stays.
FROM python:3.13-slim AS build
WORKDIR /src
COPY requirements/run.txt requirements/run.txt
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt
COPY . .
RUN /venv/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.13-slim
RUN useradd --create-home --uid 10001 alliance && mkdir /data && chown alliance /data
COPY --from=build /venv /venv
COPY --from=build /src/manifest.yml /app/manifest.yml
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 LOG_FORMAT=json \
    DATABASE_URL=sqlite:////data/alliance.db HOST=0.0.0.0 PORT=3000
USER alliance
WORKDIR /app
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:3000/health', timeout=4)"]
# `run` needs Slack credentials and ends with an error without them; it never opens the playground.
CMD ["alliance-bot", "run"]
