# xiaobao in three stages: the console's styles and scripts from npm, the
# program from Go, and an image with little but the program, run by nobody in
# particular.
FROM node:20-bookworm-slim AS assets
WORKDIR /src/web/console
COPY web/console/package.json web/console/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY web/console/build.mjs ./
RUN npm run build

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=assets /src/web/console/assets/vendor web/console/assets/vendor
RUN CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags '-s -w' -o /out/xiaobao ./cmd/xiaobao

# The network that finds names and addresses in running text (see NOTICE).
FROM debian:bookworm-slim AS names
RUN apt-get update \
 && apt-get install -y --no-install-recommends python3-jieba

FROM debian:bookworm-slim
COPY --from=names /usr/lib/python3/dist-packages/jieba/lac_small/model_baseline /usr/lib/python3/dist-packages/jieba/lac_small/model_baseline
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /var/lib/xiaobao --create-home xiaobao
COPY --from=build /out/xiaobao /usr/local/bin/xiaobao
ENV XIAOBAO_HOME=/var/lib/xiaobao
VOLUME /var/lib/xiaobao
USER 10001
EXPOSE 8080
ENTRYPOINT ["xiaobao"]
CMD ["--help"]
