# The frame of the page
page-title = { $pipeline }: customers and their value
page-subtitle = As of { $as_of }. There is no earlier run to compare with.
page-subtitle-compared = As of { $as_of }, compared with { $before }.
page-footer = Made by cartera { $version } from the published tables that each figure names. It loads nothing and tells of no single customer.
page-skip = Skip to the figures
page-theme = Light or dark
page-contents = Contents
page-warnings = { $count ->
        [one] One thing to look at
       *[other] { $count } things to look at
    }
page-warnings-language = Messages of the run are in English.
page-about = What it means and where it comes from
page-about-and-table = As a table, what it means and where it comes from
page-from = From
page-ask-again = Ask again with cartera sql, DuckDB or pandas:
section-failed = This section could not be made; the log of the run says why. Its tables are published.
yes = yes
no = no
tile-points = { $points } points
tile-was = Before: { $value }
tile-year-ago-alone = { $value } a year earlier
tile-year-ago = { $change } on a year earlier ({ $value })
axis-customer-share = Share of customers, the best first
heat-legend-customers = The fuller the colour, the more customers. The best stand at the top right.

# Headline
section-headline-title = At a glance
section-headline-question = What is the base worth tonight, and how did the last whole month go?
section-headline-empty = There are no customers yet.
figure-base-title = { $customers ->
        [one] One customer has brought net sales of { $value }
       *[other] { $customers } customers have brought net sales of { $value }
    }
figure-base-unit = All customers up to the day of the run; guests are not among them. Small: the change since the run before.
figure-base-definition = Net sales are sales less returns and discounts. Gross margin is net sales less the cost of goods, of lines whose cost is known. Net profit also takes off the cost to serve and to acquire. CLV is the discounted margin that is expected over the horizon; VIN is what customers have brought and will bring after all costs.
figure-last_month-title = { $customers ->
        [one] { $month }: one customer bought for { $value }
       *[other] { $month }: { $customers } customers bought for { $value }
    }
figure-last_month-unit = The last whole month. Small: the change since the month before, and the same month a year earlier.
figure-last_month-definition = Active customers bought in the month. New ones bought for the first time. Lost ones passed the days without a purchase after which the pipeline calls a customer lost. The repeat rate is the share of active customers who had bought in an earlier month; the retention rate is the share of the month before's buyers who bought again.

# Months
section-months-title = Month by month
section-months-question = Do sales, profit and customers grow, and who comes and goes?
section-months-empty = There is no month with sales yet.
figure-sales_by_month-title = Sales and profit by month: { $finding } net sales in { $month }, with guests
figure-sales_by_month-title-sales = Sales by month: { $finding } net sales in { $month }, with guests
figure-sales_by_month-unit = The pipeline's currency; customers and guests together, whole months only, the last 36 at most
figure-sales_by_month-definition = Net sales of customers and guests in the month of the line, returns in the month in which they came back; margin and profit after the costs that lines and customers of the month bear.
figure-customers_by_month-title = Customers by month: { $finding } bought in { $month }
figure-customers_by_month-unit = Customers, whole months only, the last 36 at most
figure-customers_by_month-definition = Active customers bought in the month. The base at the end holds all who had bought and were not lost when the month ended.
figure-movement_by_month-title = Who came and who was lost by month: { $finding } new in { $month }
figure-movement_by_month-unit = Customers, whole months only, the last 36 at most; those who were lost stand below zero
figure-movement_by_month-definition = New customers bought for the first time. Regained ones were lost and bought again. Lost ones passed the days after which the pipeline calls a customer lost.
figure-loyalty_by_month-title = How faithful buyers are: { $finding } of those of { $month } had bought before
figure-loyalty_by_month-unit = Share of customers, whole months only, the last 36 at most
figure-loyalty_by_month-definition = Repeat rate: of the month's buyers, those who had bought in an earlier month. Retention: of the month before's buyers, those who bought again. Over 12 months: of the buyers of one year, those who bought in the next.

# RFM
section-rfm-title = Recency, frequency, money
section-rfm-question = How many customers are in which shape, and what do they hold?
section-rfm-empty = No customer has an order yet, so that nobody has scores.
figure-rfm_segments-title = The largest segment is { $segment }: { $share } of customers, { $sales_share } of sales
figure-rfm_segments-unit = Area: customers
figure-rfm_segments-definition = Each customer with an order is scored by days since the last order, number of orders and net sales. The named segments go by the recency score and the mean of the two others, unless [rfm_map] of the pipeline says otherwise.
figure-rfm_matrix-title = Customers by recency and frequency
figure-rfm_matrix-unit = Customers; the highest score is the best
figure-rfm_matrix-definition = A score is the part of the base, cut into equal parts or by the limits that the pipeline declares, in which the customer stands; equal values have equal scores. The segment of a cell is the one that most of its customers are in.

# Pareto
section-pareto-title = Concentration
section-pareto-question = How few customers bring how much, and who costs more than they bring?
section-pareto-empty = No measure has values above zero yet.
figure-pareto_curve-title = { $to_class_a ->
        [one] The best 20% of customers bring { $share } of net sales; one customer brings { $limit }
       *[other] The best 20% of customers bring { $share } of net sales; { $to_class_a } customers bring { $limit }
    }
figure-pareto_curve-unit = Share of net sales above zero, over the share of customers
figure-pareto_curve-definition = Customers are sorted by net sales, the greatest first. Only values above zero count into the total. The rule of thumb says 80% from 20%; this is the true figure.
figure-whale_curve-title = { $customers } of customers bring { $share } of the profit; the others add nothing or take from it
figure-whale_curve-title-all = Every customer adds to the profit: no one costs more than they bring
figure-whale_curve-unit = Share of the profit of all customers, over the share of customers
figure-whale_curve-definition = Customers are sorted by net profit, the greatest first. Where the curve falls, customers cost more than they bring; above 100% stands what the others give back.
figure-concentration-title = How concentrated each measure is
figure-concentration-unit = Customers, shares, and the Gini coefficient from 0 (all bring the same) to 1 (one brings all)
figure-concentration-definition = For each measure: what the first fifth of all customers holds, and the fewest customers who hold the share at which class A ends.
pareto-marker = 20%: { $share }
whale-marker = { $customers }: { $share }
pareto-reference = if all brought the same
whale-reference = all profit

# Profitability
section-profitability-title = Profitability
section-profitability-question = Where do sales go on their way to profit, and what earns it?
section-profitability-empty = No source states costs yet: map a cost column of the order lines, unit costs of products, or a source of costs.
figure-income_statement-title = Of { $sales } net sales, { $profit } are left as profit
figure-income_statement-title-loss = { $sales } net sales leave a loss of { $loss }
figure-income_statement-unit = The pipeline's currency; the whole company, guests included
figure-income_statement-definition = Gross sales less returns, with other sales such as shipping where they count, are net sales. Sales of lines without a known cost are in no margin. Cost to serve holds direct costs, contacts, campaigns for existing customers and shared costs.
figure-profit_by_product-title = Products at both ends: { $best } earns { $best_profit }, { $worst } { $worst_profit }
figure-profit_by_product-title-one = Profit by product: { $best_profit } of { $best } alone
figure-profit_by_category-title = Profit by category: { $best } earns most, { $best_profit }
figure-profit_by_category-title-one = Profit by category: { $best_profit } of { $best } alone
figure-profit_by_channel-title = Profit by channel: { $best } earns most, { $best_profit }
figure-profit_by_channel-title-one = Profit by channel: { $best_profit } of { $best } alone
figure-profit_by_region-title = Profit by region: { $best } earns most, { $best_profit }
figure-profit_by_region-title-one = Profit by region: { $best_profit } of { $best } alone
figure-profit_by_sales_rep-title = Profit by sales representative: { $best } earns most, { $best_profit }
figure-profit_by_sales_rep-title-one = Profit by sales representative: { $best_profit } of { $best } alone
figure-profit_by_product-unit = Net profit in the pipeline's currency: the ten best and the ten worst
figure-profit_by_category-unit = Net profit in the pipeline's currency; the twenty that earn most
figure-profit_by_channel-unit = Net profit in the pipeline's currency; the twenty that earn most
figure-profit_by_region-unit = Net profit in the pipeline's currency; the twenty that earn most
figure-profit_by_sales_rep-unit = Net profit in the pipeline's currency; the twenty that earn most
figure-profit_by_product-definition = Margin of the product's lines less the costs to serve and to acquire: those that name it, and its part of the others by lines that count as orders (by sales where shared_cost_driver says so).
figure-profit_by_category-definition = Margin of the category's lines less the costs to serve and to acquire: those that name it, and its part of the others by lines that count as orders (by sales where shared_cost_driver says so).
figure-profit_by_channel-definition = Margin of the channel's lines less the costs to serve and to acquire: those that name it, and its part of the others by lines that count as orders (by sales where shared_cost_driver says so).
figure-profit_by_region-definition = Margin of the region's lines less the costs to serve and to acquire: those that name it, and its part of the others by lines that count as orders (by sales where shared_cost_driver says so).
figure-profit_by_sales_rep-definition = Margin of the representative's lines less the costs to serve and to acquire: those that name it, and its part of the others by lines that count as orders (by sales where shared_cost_driver says so).

# Lists
section-lists-title = Lists and contacts
section-lists-question = Whom do we contact next, whom not, and why?
section-lists-empty = The pipeline declares no target list: add [[target]] sections.
figure-lists-title = { $lists ->
        [one] One list contacts { $contacts } of { $candidates } candidates
       *[other] { $lists } lists contact { $contacts } of { $candidates } candidates
    }
figure-lists-unit = Customers
figure-lists-definition = Candidates meet the list's condition. Those in the control group are held out to measure what the contact brings. Those kept out may not be contacted, or do not pay, or are in another list.
figure-list_reasons-title = Why candidates are in or out
figure-list_reasons-unit = Customers
figure-list_reasons-definition = The first rule that decided on the customer, in the order in which the rules are asked: channel, consent, suppression, age, contact details, open case, quiet period, caps, other lists, household, value, budget, limit. Of those selected, some are held out as a control group.
figure-contact_plan-title = Why customers have a next contact or none
figure-contact_plan-unit = Customers
figure-contact_plan-definition = Every customer has a row in the contact plan: with an action that is planned, or with the first reason against all actions.
figure-campaigns-title = What campaigns cost and brought
figure-campaigns-unit = Contacts, answers, customers won and money, over all months
figure-campaigns-definition = A customer is won by the campaign of the last contact before the first order. Only a control group can tell what the campaign caused.

# Identity
section-identity-title = Who is the same customer
section-identity-question = Which keys were joined, and by which rule?
section-identity-empty = The pipeline declares no rules of identity: every key is a customer of its own.
figure-identity_rules-title = Keys by the rule that joined them
figure-identity_rules-unit = Keys of sources
figure-identity_rules-definition = Every key of a source belongs to one customer. The rule tells why, the score how sure it is.

# Quality
section-quality-title = Data quality
section-quality-question = Is the data what it usually is, and what was set aside?
section-quality-empty = No figure of the data was published.
figure-sources-title = { $findings ->
        [0] The sources are what they usually are
        [one] One finding in the sources
       *[other] { $findings } findings in the sources
    }
figure-sources-title-first = No finding in the sources; the next run will be compared with this one
figure-sources-unit = Rows, and figures that are unusual or break a check
figure-sources-definition = Every night each source is measured: rows, days, filled cells, values. A figure that is far from the run before, or breaks a declared check, is a finding.
figure-findings-title = { $findings ->
        [one] The finding
       *[other] The findings
    }
figure-findings-unit = Each in its own unit
figure-findings-definition = What was measured, what it was in the run before, and what is unusual about it; two hundred at most. The details are in English.
figure-defects-title = { $rows ->
        [one] One row was set aside, with its reason
       *[other] { $rows } rows were set aside, each with its reason
    }
figure-defects-unit = Rows in the quarantine
figure-defects-definition = A row that cannot be read or contradicts the contract is set aside with file, row, column, value, reason and a hint; nothing vanishes.

# Ledger
section-ledger-title = The ledger
section-ledger-question = Where did every row and every cent go?
section-ledger-empty = Nothing was read.
figure-ledger_rows-title = { $read ->
        [one] The one row that was read is accounted for: { $kept } kept, { $left_out } merged or out of scope, { $quarantined } set aside
       *[other] All { $read } rows that were read are accounted for: { $kept } kept, { $left_out } merged or out of scope, { $quarantined } set aside
    }
figure-ledger_rows-unit = Rows by source
figure-ledger_rows-definition = Kept rows are in the tables; rows of guests name no customer and count in totals only; merged rows stand in several files or repeat; rows out of scope are later than the day of the run or were erased; rows set aside are in the quarantine.
figure-ledger_reasons-title = Why rows are not among the customers' lines
figure-ledger_reasons-unit = Rows
figure-ledger_reasons-definition = The reason of each disjoint part of the rows that were read.
figure-ledger_money-title = Where the money of the lines went
figure-ledger_money-unit = Amounts in the currency of the row, and converted
figure-ledger_money-definition = Sums of readable amounts, exact to the ten-thousandth. Amounts of lines that were set aside before their kind was known have none.
