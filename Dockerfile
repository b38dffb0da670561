# 建置與執行分開：執行的映像裡沒有編譯器，也不是 root；根目錄可以唯讀，只有 /data 要寫。
FROM python:3.12-slim AS build
WORKDIR /src
RUN python -m venv /opt/luopan
COPY requirements.txt ./
RUN /opt/luopan/bin/pip install --no-cache-dir --require-hashes -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY corpus ./corpus
COPY handlers ./handlers
COPY bot ./bot
RUN /opt/luopan/bin/pip install --no-cache-dir --no-deps --no-build-isolation .

FROM python:3.12-slim
LABEL org.opencontainers.image.title="luopan" org.opencontainers.image.licenses="MIT"
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin luopan \
    && install -d -o luopan -g luopan -m 0700 /data
COPY --from=build /opt/luopan /opt/luopan
ENV PATH=/opt/luopan/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DATABASE_URL=sqlite:////data/luopan.db LUOPAN_INDEX=/data/index PORT=8000
USER luopan
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=3s --start-period=60s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=2)"]
CMD ["luopan", "serve", "--with-worker"]
