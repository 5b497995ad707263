# What the page says: its frame, its sections, and the titles, units and definitions of its figures.

label-unknown = Not known

customers-of = { $count ->
        [one] one customer
       *[other] { $count } customers
    }
