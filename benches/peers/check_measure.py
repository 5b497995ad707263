"""Checks what `cartera measure --file FILE --json` says against statsmodels and scipy, on the same file.

    cartera measure --file hillstrom.csv --arm-column segment --control "No E-Mail" \
        --outcome-column visit --outcome-column conversion --outcome-column spend --by history_segment --json > found.json
    python benches/peers/check_measure.py --input hillstrom.csv --arm-column segment --found found.json

Every figure of every comparison, over all and by segment, has to agree to a part in 1e9; p-values below 1e-300 are too
small to compare. The interval of the lift of means (Fieller) is looked for by bisection, as the ratios that a t test of
treated - ratio * control does not refuse. Exits with 1 if one figure differs.
"""

import argparse
import json
import math
import sys

import pandas as pd
from scipy.optimize import brentq
from scipy.stats import norm, t, ttest_ind
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

TOLERANCE = 1e-9


def rates(treated, control, confidence):
    events, sizes = (treated.sum(), control.sum()), (len(treated), len(control))
    found = {"treated": events[0] / sizes[0], "control": events[1] / sizes[1]}
    low, high = confint_proportions_2indep(
        events[0], sizes[0], events[1], sizes[1], method="newcomb", compare="diff", alpha=1 - confidence
    )
    found |= {"difference_low": low, "difference_high": high}
    found["p_value"] = proportions_ztest(events, sizes)[1] if 0 < sum(events) < sum(sizes) else 1.0
    if min(events) > 0:
        low, high = confint_proportions_2indep(
            events[0], sizes[0], events[1], sizes[1], method="log", compare="ratio", alpha=1 - confidence
        )
        found |= {"lift_low": low - 1, "lift_high": high - 1}
    rate = found["control"]
    quantiles = norm.ppf(0.5 + confidence / 2) + norm.ppf(0.8)
    if 0 < rate < 1:
        found["detectable_difference"] = quantiles * math.sqrt(rate * (1 - rate) * (1 / sizes[0] + 1 / sizes[1]))
    return found


def means(treated, control, confidence):
    found = {"treated": treated.mean(), "control": control.mean()}
    errors = treated.var() / len(treated), control.var() / len(control)
    if sum(errors) == 0:
        return found
    test = ttest_ind(treated, control, equal_var=False)
    interval = test.confidence_interval(confidence)
    quantile = t.ppf(0.5 + confidence / 2, test.df)
    found |= {"difference_low": interval.low, "difference_high": interval.high, "p_value": test.pvalue}
    found["detectable_difference"] = (quantile + norm.ppf(0.8)) * math.sqrt(sum(errors))
    one, other = treated.mean(), control.mean()
    if other > 0 and quantile**2 * errors[1] < other**2:

        def refused(ratio):
            return (one - ratio * other) ** 2 - quantile**2 * (errors[0] + ratio**2 * errors[1])

        middle = one / other
        found["lift_low"] = brentq(refused, middle - 1e6, middle, xtol=1e-13, rtol=1e-14) - 1
        found["lift_high"] = brentq(refused, middle, middle + 1e6, xtol=1e-13, rtol=1e-14) - 1
    return found


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--input", required=True)
    parser.add_argument("--arm-column", required=True)
    parser.add_argument("--found", required=True)
    arguments = parser.parse_args()
    rows = pd.read_csv(arguments.input)
    with open(arguments.found) as file:
        report = json.load(file)
    by, confidence = report["by"], report["confidence"]
    compared, differing = 0, []
    for result in report["results"]:
        part = rows if result["segment"] is None else rows[rows[by] == result["segment"]]
        groups = [part.loc[part[arguments.arm_column] == result[arm], result["outcome"]] for arm in ("arm", "against")]
        treated, control = groups
        expected = (rates if result["kind"] == "rate" else means)(treated, control, confidence)
        difference = expected["treated"] - expected["control"]
        expected["difference"] = difference
        expected["incremental"] = difference * len(treated)
        expected["treated_customers"], expected["control_customers"] = len(treated), len(control)
        if expected["control"] > 0:
            expected["lift"] = difference / expected["control"]
        names = ["treated", "control", "difference", "difference_low", "difference_high", "p_value", "lift", "lift_low"]
        names += ["lift_high", "incremental", "detectable_difference", "treated_customers", "control_customers"]
        for name in names:
            compared += 1
            found, wanted = result[name], expected.get(name)
            # A difference of nearly equal numbers has as many digits as these, not as many as its own size.
            scale = max(abs(expected["treated"]), abs(expected["control"])) if "difference" in name else 0
            if name.startswith("lift"):
                scale = 1
            if found is None or wanted is None:
                same = found is None and wanted is None
            else:
                same = abs(found - wanted) <= TOLERANCE * max(abs(wanted), scale, 1e-300)
            if not same:
                differing.append((result["outcome"], result["arm"], result["segment"], name, found, wanted))
    groups = {}
    for result in report["results"]:
        if result["segment"] is not None:
            groups.setdefault((result["outcome"], result["arm"], result["against"]), []).append(result)
    for key, results in groups.items():
        known = [result for result in results if result["p_value"] is not None]
        wanted = multipletests([result["p_value"] for result in known], method="holm")[1] if known else []
        for result, expected in zip(known, wanted, strict=True):
            compared += 1
            if abs(result["adjusted_p_value"] - expected) > TOLERANCE * expected:
                differing.append((*key, result["segment"], result["adjusted_p_value"], expected))
    for difference in differing:
        print("differs:", *difference)
    print(f"{compared} figures of {len(report['results'])} comparisons compared, {len(differing)} differ")
    sys.exit(1 if differing or compared == 0 else 0)


if __name__ == "__main__":
    main()
