# Every command that a developer needs. `.ci/run` calls the same ones.

# The gate
ci:
    .ci/run

# Build the binary
build:
    cargo build --release

# The main job on the sample data
run:
    cargo run --release --bin cartera -- run pipelines/retail.toml

# All tests; those on real data say so where the folder is absent (CARTERA_REAL_DATA)
test:
    cargo test --release --workspace

# One crate's tests, such as `just test-crate cartera-raw`. With `-p cartera` beside it the features of the
# dependencies are those of the whole workspace; without it polars is built a second time.
test-crate name:
    cargo test --release -p cartera -p {{name}}

# Arbitrary bytes for the readers: delimited, json, decode or values (needs `cargo install cargo-fuzz`)
fuzz target seconds="600":
    cd crates/raw && RUSTC_BOOTSTRAP=1 cargo fuzz run {{target}} -- -max_len=200 -max_total_time={{seconds}}

fmt:
    cargo fmt --all

lint:
    cargo clippy --release --workspace --all-targets -- -D warnings

docs:
    RUSTDOCFLAGS="-D warnings" cargo doc --release --workspace --no-deps

# Accept changed snapshots of what people read
snapshots:
    INSTA_UPDATE=always cargo test --release -p cartera

# Write sample-data/ anew
sample-data:
    cargo run --release --bin cartera -- sample --out sample-data --customers 500 --seed 1 --defects 1

# Criterion benches
bench:
    cargo bench -p cartera-benches -p cartera --bench lines

# The binary as it is shipped
dist:
    cargo build --profile dist --bin cartera

# Write docs/tables.md and docs/tables.json anew, after a change of tables or columns
catalogue:
    cargo run --release --bin cartera -- schema --format markdown > target-tables.md && mv target-tables.md docs/tables.md
    cargo run --release --bin cartera -- schema --format json > target-tables.json && mv target-tables.json docs/tables.json

# Keep the tables as those of a released version: later changes need a new version and an announcement
release-schema: catalogue
    mkdir -p docs/released && cp docs/tables.json "docs/released/tables-$(grep -o '"schema_version": [0-9]*' docs/tables.json | grep -o '[0-9]*$').json"
