//! Parts of orders to customers, partition by partition.

use cartera_feature::customers_of_orders;
use cartera_normalize::{GuestTotals, Partition, identity_links};
use cartera_table::contracts::IdentityLinks;
use cartera_table::{Batch, Table};
use polars::prelude::DataFrame;
use rayon::prelude::*;

use super::boundary::{self, cross};
use super::inputs::Work;
use crate::error::PipelineError;

/// What the partitions come to.
pub(super) struct Customers {
    /// One frame a partition, one row a customer.
    pub(super) partitions: Vec<DataFrame>,
    /// The source keys of all of them.
    pub(super) links: Table<IdentityLinks>,
    /// What guests add to the company's totals.
    pub(super) guests: GuestTotals,
}

/// Makes orders and customers of all parts, and counts the lines that were kept.
pub(super) fn customers(work: &Work<'_>) -> Result<Customers, PipelineError> {
    let Work {
        config,
        inputs,
        spill,
        books,
        ..
    } = *work;
    let done: Vec<(DataFrame, Vec<DataFrame>, GuestTotals)> = (0..spill.partitions())
        .into_par_iter()
        .map(|partition| {
            let parts = spill
                .take(partition)?
                .into_iter()
                .map(|frame| cross(boundary::PARTS, frame))
                .collect();
            let partition = Partition::of_parts(parts, &config.order_lines, &inputs.identity, &books.ledger)?;
            let origin = partition.orders.origin();
            let orders = Batch::new(cross(boundary::ORDERS, partition.orders.into_frame()), origin)?;
            let customers = cross(boundary::CUSTOMERS, customers_of_orders(&orders)?);
            Ok((customers, partition.links, partition.guests))
        })
        .collect::<Result<_, PipelineError>>()?;
    let mut partitions = Vec::with_capacity(done.len());
    let mut links = Vec::with_capacity(done.len());
    let mut guests = GuestTotals::default();
    for (customers, keys, of_guests) in done {
        partitions.push(customers);
        links.extend(keys);
        guests.order_count += of_guests.order_count;
        guests.net_sales.0 += of_guests.net_sales.0;
    }
    Ok(Customers {
        partitions,
        links: identity_links(links)?,
        guests,
    })
}
