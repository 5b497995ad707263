"""k-means by scikit-learn on the matrix that cartera's example fits: inertia, time, memory, and how far refits agree.

    k_means_sklearn.py matrix --run <warehouse>/runs/as_of=2011-12-09/run=1 --out retail.bin
    k_means_sklearn.py made --rows 1000000 --out million.bin
    k_means_sklearn.py fit retail.bin --width 4 --clusters 4 --starts 10 --seeds 10
"""

import argparse
import resource
import time

import numpy as np

FEATURES = ["days_since_last_order", "order_count", "average_order_value", "tenure_days"]


def scaled(run: str) -> np.ndarray:
    """Features of a run that knows sales alone, as cartera puts them on one scale."""
    import pandas as pd

    customers = pd.read_parquet(f"{run}/customer_features.parquet", columns=["customer_id", "order_count", *FEATURES])
    customers = customers.loc[:, ~customers.columns.duplicated()]
    customers = customers[customers.order_count > 0].sort_values("customer_id")
    columns = []
    for name in FEATURES:
        values = customers[name].astype(float).to_numpy()
        values = np.sign(values) * np.log1p(np.abs(values))
        distance = lambda low, high: np.quantile(values, high) - np.quantile(values, low)
        spread = distance(0.25, 0.75) / 1.349 or distance(0.05, 0.95) / 3.290 or values.std()
        columns.append(np.clip((values - np.quantile(values, 0.5)) / spread, -4, 4))
    return np.column_stack(columns)


def made(rows: int) -> np.ndarray:
    """Eight groups of unequal size that overlap, in six dimensions, with heavy tails."""
    draw = np.random.default_rng(7)
    group = draw.choice(8, rows, p=[0.3, 0.2, 0.15, 0.1, 0.1, 0.07, 0.05, 0.03])
    centers = draw.normal(0, 2, (8, 6))
    widths = draw.uniform(0.5, 1.2, (8, 6))
    return np.clip(centers[group] + draw.standard_t(6, (rows, 6)) * widths[group], -8, 8)


def fit(options: argparse.Namespace) -> None:
    from sklearn.cluster import KMeans
    from sklearn.metrics import adjusted_rand_score

    points = np.fromfile(options.matrix, dtype="<f8").reshape(-1, options.width)
    labels = []
    for seed in range(options.seeds):
        started, cpu = time.perf_counter(), time.process_time()
        model = KMeans(options.clusters, n_init=options.starts, random_state=seed).fit(points)
        wall, cpu = time.perf_counter() - started, time.process_time() - cpu
        print(f"seed {seed}: inertia {model.inertia_:.4f}, {cpu:.2f} CPU s, {wall:.2f} s")
        labels.append(model.labels_)
    if options.seeds > 1:
        pairs = [adjusted_rand_score(one, other) for place, one in enumerate(labels) for other in labels[place + 1 :]]
        print(f"adjusted Rand index between refits: {np.mean(pairs):.4f} on average, {min(pairs):.4f} at least")
    print(f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    of_run = commands.add_parser("matrix")
    of_run.add_argument("--run", required=True)
    of_run.add_argument("--out", required=True)
    of_made = commands.add_parser("made")
    of_made.add_argument("--rows", type=int, default=1_000_000)
    of_made.add_argument("--out", required=True)
    of_fit = commands.add_parser("fit")
    of_fit.add_argument("matrix")
    for name in ["--width", "--clusters"]:
        of_fit.add_argument(name, type=int, required=True)
    of_fit.add_argument("--starts", type=int, default=10)
    of_fit.add_argument("--seeds", type=int, default=1)
    options = parser.parse_args()
    if options.command == "fit":
        fit(options)
        return
    points = scaled(options.run) if options.command == "matrix" else made(options.rows)
    points.astype("<f8").tofile(options.out)
    print(f"{points.shape[0]} points of {points.shape[1]} numbers")


if __name__ == "__main__":
    main()
