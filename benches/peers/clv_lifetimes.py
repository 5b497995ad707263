"""BG/NBD, MBG/NBD, Pareto/NBD and Gamma-Gamma by lifetimes, on the base that the example `speed` of cartera-clv writes.

    cargo run --release -p cartera-clv --example speed -- 1000000 base.csv
    python benches/peers/clv_lifetimes.py --input base.csv [--models bg_nbd,gamma_gamma]

Prints a line a step with CPU seconds, wall seconds, log-likelihood and parameters.
"""

import argparse
import time
import warnings

import pandas as pd
from lifetimes import BetaGeoFitter, GammaGammaFitter, ModifiedBetaGeoFitter, ParetoNBDFitter

warnings.filterwarnings("ignore")


def timed(name, work):
    wall, cpu = time.perf_counter(), time.process_time()
    try:
        result = work()
    except Exception as error:  # it fails to converge on some data: that is a finding
        print(f"{name} failed after {time.process_time() - cpu:.2f} CPU s: {type(error).__name__}: {error}"[:200])
        return None
    print(f"{name} {time.process_time() - cpu:.2f} CPU s, {time.perf_counter() - wall:.2f} s", end="")
    if hasattr(result, "_negative_log_likelihood_"):
        print(f": {-result._negative_log_likelihood_ * len(result.data):.3f} {dict(result.params_)}", end="")
    print(flush=True)
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--input", required=True)
    parser.add_argument("--models", default="bg_nbd,mbg_nbd,pareto_nbd,gamma_gamma")
    options = parser.parse_args()
    data = pd.read_csv(options.input)
    frequency, recency, age = data["frequency"], data["recency"], data["T"]
    repeats = data[data["frequency"] > 0]
    fitters = {"bg_nbd": BetaGeoFitter, "mbg_nbd": ModifiedBetaGeoFitter, "pareto_nbd": ParetoNBDFitter}
    fitted = {}
    for name in options.models.split(","):
        if name in fitters:
            fitted[name] = timed(name, lambda: fitters[name]().fit(frequency, recency, age))
    if "gamma_gamma" in options.models:
        spend = timed("gamma_gamma", lambda: GammaGammaFitter().fit(repeats["frequency"], repeats["monetary_value"]))
        for name, model in fitted.items():
            if model is not None and spend is not None and name == "bg_nbd":
                timed(
                    f"clv {name}",
                    lambda: spend.customer_lifetime_value(
                        model, frequency, recency, age, data["monetary_value"], time=36, discount_rate=0.00797, freq="W"
                    ),
                )
    print(f"{len(data)} customers")


if __name__ == "__main__":
    main()
