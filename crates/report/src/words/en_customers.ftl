# Lifetime value
section-clv-title = Lifetime value
section-clv-question = What will customers still bring, and how far can we trust the forecast?
section-clv-empty = No customer has a lifetime value yet: the history is too short for a model, or no margin is known. Map a cost, or declare margin_rate in [clv].
figure-clv_summary-title = { $customers ->
        [one] One customer is
       *[other] { $customers } customers are
    } expected to bring { $value } within { $months ->
        [one] a month
       *[other] { $months } months
    }
figure-clv_summary-unit = Customers with a lifetime value. Small: the change since the run before.
figure-clv_summary-definition = Lifetime value (CLV) is the discounted margin that a customer is expected to bring within the horizon. It comes from a model of when customers buy again and stop, and one of how much they spend. Mean and median are over customers; the chance to still buy is the mean of all customers' chances.
figure-clv_distribution-title = Half of the customers are worth at most { $median }; the mean is { $mean }
figure-clv_distribution-unit = Customers by lifetime value in the pipeline's currency. The classes grow: each is about twice as wide as the one before.
figure-clv_distribution-definition = Each customer with a lifetime value stands in one class, from its lower edge on and up to the next. Who is expected to bring nothing is in the class that begins at 0. Who is expected to cost more than to bring is in a class of its own below it, whatever the amount; the table calls it -1.
clv-below-zero = Below 0
clv-median = Median { $median }
clv-mean = Mean { $mean }
figure-p_alive-title = { $alive ->
        [one] One of { $customers } ({ $share }) is likely still a customer
       *[other] { $alive } of { $customers } ({ $share }) are likely still customers
    }
figure-p_alive-unit = Mean chance that a customer of the cell has not stopped buying
figure-p_alive-definition = The model's probability that the customer is still one, on the day of the run. The longer a customer who used to buy often has been silent, the less likely it is; who buys seldom may be silent longer. The title adds up the probabilities of all.
heat-legend-alive = The fuller the colour, the more likely. Empty cells have no customer.
figure-clv_calibration-title = { $model } foresaw { $predicted ->
        [one] one order
       *[other] { $predicted } orders
    } in the holdout, { $actual } came ({ $bias })
figure-clv_calibration-unit = Days with orders per customer in the holdout, by repeat purchases before it
figure-clv_calibration-definition = The model was fitted to the history up to a cut. What it foresaw for the time since, the holdout, is held against what came. Customers are grouped by how often they had come back before the cut; 7+ are all who did seven times or more.
axis-orders-per-customer = Orders per customer
figure-clv_weeks-title = Week by week the forecast of { $model } ends { $bias } from what came
figure-clv_weeks-unit = Repeat orders of the customers known at the cut, added up from the first week on
figure-clv_weeks-definition = Up to the cut the model was fitted to these orders; from the cut on it did not know them. The closer the lines stay after the cut, the more can be built on lifetime values.
axis-repeat-orders = Repeat orders so far
clv-fitted = Model, fitted
clv-foreseen = Model, foreseen
figure-clv_models-title = All models and simple guesses, held against what came
figure-clv_models-unit = Orders are days with an order; errors are per customer
figure-clv_models-definition = Bias is foreseen by actual, less one: -10% is a tenth too few. MAE and RMSE are a customer's mean absolute and root mean square error. The best fifth found: of the fifth of customers who brought the most sales in the holdout, the share in the fifth of which the model expected the most. A model that does not beat the guesses is of no use.
figure-clv_parameters-title = The fitted models and their parameters
figure-clv_parameters-unit = Times in weeks, money in the pipeline's currency
figure-clv_parameters-definition = Parameters by their names in the literature, with standard errors. The models fitted to the calibration are held against the holdout; the one that does best is fitted to the whole history, and customers are scored with it.

# Lifecycle
section-lifecycle-title = Lifecycle
section-lifecycle-question = Where do customers stand, and who is on the way out?
section-lifecycle-empty = There are no customers yet.
figure-lifecycle_stages-title = { $loyal ->
        [one] One of { $customers } customers is loyal
       *[other] { $loyal } of { $customers } customers are loyal
    }, { $at_risk ->
        [one] one is at risk
       *[other] { $at_risk } are at risk
    }, { $gone ->
        [one] one is lapsed or lost
       *[other] { $gone } are lapsed or lost
    }
figure-lifecycle_stages-unit = Customers by stage
figure-lifecycle_stages-definition = The stage follows from days since the last order, the customer's own rhythm and the chance to still buy: see lifecycle in the manual. Prospects are known and have not ordered yet.
figure-lifecycle_flow-title = { $moved ->
        [one] One customer changed stage
       *[other] { $moved } customers changed stage
    } since the run before: { $worse ->
        [0] nobody slipped
        [one] one slipped
       *[other] { $worse } slipped
    }, { $back ->
        [0] nobody came back
        [one] one came back
       *[other] { $back } came back
    }
figure-lifecycle_flow-unit = Customers; the width of a band is their number
figure-lifecycle_flow-definition = Left the stage in the newest run of an earlier day, right the stage now. Slipped: towards at risk, lapsed or lost. Came back: from one of these to any other stage.
flow-before = Run before
flow-now = Now
flow-new = New here
flow-gone = No longer here

# Signals
section-signals-title = Signals
section-signals-question = Whom should somebody look at, why, and what is at stake?
section-signals-empty = No rule of [signals] holds for any customer.
figure-signals-title = { $alarms ->
        [0] No alarms
        [one] One alarm
       *[other] { $alarms } alarms
    } and { $opportunities ->
        [0] no opportunities
        [one] one opportunity
       *[other] { $opportunities } opportunities
    }
figure-signals-unit = Customers by signal; a customer may have several
figure-signals-definition = A signal holds when all conditions of its rule do. Alarms tell of something to lose, opportunities of something to win. Strength goes from 0 to 100 within a signal.
figure-signal_values-title = Most is at stake with { $signal }: { $value } of { $customers ->
        [one] one customer
       *[other] { $customers } customers
    }
figure-signal_values-unit = Value at stake in the pipeline's currency; customers with several signals count in each
figure-signal_values-definition = What may be lost or won, as the rule declares it, such as the lifetime value; only customers of whom it is known.
figure-signals_since-title = Since when the signals hold
figure-signals_since-unit = Signals by the month in which they came up: the 24 newest months with any; older ones are not in the chart
figure-signals_since-definition = The month of the first day of the unbroken row of runs in which the signal held. Old ones have been waiting for somebody to act.

# Clusters
section-clusters-title = Clusters
section-clusters-question = Which groups of customers are alike, what sets them apart, and do the groups still fit?
section-clusters-empty = There are no clusters: the base is too small, or [k_means] is switched off.
figure-clusters-title = { $count ->
        [one] One group of customers
       *[other] { $count } groups of customers
    }: “{ $cluster }” are { $share } of customers and bring { $sales_share } of sales
figure-clusters-unit = Share of the customers in clusters, and of their net sales
figure-clusters-definition = Customers who are alike in the features that [k_means] names are put together; the names say what sets a cluster apart most.
figure-cluster_profiles-title = What sets each cluster apart: “{ $cluster }” most, with { $feature } of { $mean } against { $base }
figure-cluster_profiles-unit = Means, each in the unit of its feature
figure-cluster_profiles-definition = The mean of each feature over the cluster's customers. The colour is the difference from all customers in standard deviations, for money, counts and days of their logarithms.
heat-legend-clusters = Blue: more than all customers. Orange: less. Full colour from 1.5 standard deviations.
figure-cluster_moves-title = { $moved ->
        [0] None of { $customers } customers
        [one] One of { $customers } customers
       *[other] { $moved } of { $customers } customers
    } ({ $share }) moved to another cluster since the run before
figure-cluster_moves-title-redefined = The clusters are defined otherwise than in the run before: who stands where shows no moves
figure-cluster_moves-title-none = Nobody was in a cluster both in the run before and now
figure-cluster_moves-unit = Customers; the width of a band is their number
figure-cluster_moves-definition = Left the cluster in the newest run of an earlier day, right the cluster now, each by the names of its own run. Who is in the same cluster under another name has not moved. The colour of a cluster before is that of the one where most of its customers are now. Where the pipeline defines the clusters otherwise than before, the bands compare two definitions.
figure-cluster_drift-title = { $over ->
        [0] The clusters still fit: all { $figures } figures are within their limits
        [one] One of { $figures } figures is over its limit: the clusters no longer fit well
       *[other] { $over } of { $figures } figures are over their limits: the clusters no longer fit well
    }
figure-cluster_drift-unit = Stability index of each feature, and the share of customers who moved
figure-cluster_drift-definition = The population stability index compares the feature's distribution with that of the customers whom the model was fitted to: below 0.1 hardly anything changed, above 0.25 much did.

# Cohorts
section-cohorts-title = Cohorts
section-cohorts-question = Do newer customers stay longer and spend more than older ones?
section-cohorts-empty = No customer has bought yet.
figure-cohort_retention-title = { $first } of new customers buy again in the next month, { $last } in month { $months }
figure-cohort_retention-title-one = { $first } of new customers buy again in the next month
figure-cohort_retention-title-none = Who bought again, by the month of the first purchase: no later month is over yet
figure-cohort_retention-unit = Share of the cohort that bought in the month; in brackets the customers who came
figure-cohort_retention-definition = A cohort are the customers whose first purchase was in the month. Columns are calendar months since then. At most the last 24 cohorts and 12 months; the title is over all of these cohorts that are old enough, whole months only, up to the greatest age that at least half of them have reached.
heat-legend-retention = The fuller the colour, the more of the cohort bought. The last month of each row may be cut short by the day of the run.
figure-cohort_value-title = { $months ->
        [0] Within their first month
        [one] After one month
       *[other] After { $months } months
    } a customer has brought { $value } on average ({ $cohorts ->
        [one] one cohort
       *[other] { $cohorts } cohorts
    })
figure-cohort_value-title-none = What a customer of each month has brought: no month is over yet
figure-cohort_value-unit = Net sales so far per customer of the cohort, in the pipeline's currency
figure-cohort_value-definition = The title is the mean over all customers of the cohorts below that are old enough, at the greatest age that at least half of the cohorts have reached. All net sales of the cohort up to the end of the month by its customers, those included who never came back. With costs, the table also tells the gross margin: the lifetime value that a customer has brought so far.
heat-legend-cohort-value = The fuller the colour, the more a customer has brought.
month-not-over = The month is not over yet.
